package tidemark.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.change.Json;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsWatcher;
import tidemark.control.ControlFile;
import tidemark.control.ControlServer;
import tidemark.control.Services;

/** A workstation's endpoint, and a program that asks it over a real connection. */
final class Asking implements AutoCloseable {
  private final Kept kept;
  private final ControlServer server;

  Asking(Kept kept) {
    this.kept = kept;
    SettingsFile file = kept.file();
    SettingsWatcher watcher = new SettingsWatcher(file, file.read());
    this.server =
        ControlServer.start(
            kept.state(),
            0,
            new ControlServer.Program("1.2.3", kept.config().toString()),
            new Services(
                kept.endpoint,
                kept.daemon.answers,
                new RunningConfig(
                    file,
                    watcher,
                    kept.surroundings(),
                    kept.daemon.config,
                    look -> kept.keeper.take(kept.workstation())),
                kept.events,
                kept.clock));
  }

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String text) {
    Map<String, Object> json() {
      return Json.object(text);
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows() {
      return (List<Map<String, Object>>) Json.object("{\"rows\":" + text + "}").get("rows");
    }

    List<Object> all(String name) {
      return rows().stream().map(row -> row.get(name)).toList();
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  int port() {
    return server.port();
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  Answer post(String path, String body) {
    return send("POST", path, body);
  }

  Answer send(String method, String path, String body) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setRequestProperty(
          "Authorization", "Bearer " + ControlFile.read(kept.state()).orElseThrow().token());
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(UTF_8));
      }
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; connection.getHeaderFieldKey(i) != null; i++) {
          headers.put(connection.getHeaderFieldKey(i), connection.getHeaderField(i));
        }
        return new Answer(status, headers, new String(in.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
