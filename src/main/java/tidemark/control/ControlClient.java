package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.say.DaemonState;
import tidemark.say.Fields;
import tidemark.say.SyncJson;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;

/** Asks the running daemon. */
public final class ControlClient {
  private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
  private static final int SOON = 5_000;
  private static final int ENDLESS = 0;

  private final ControlFile file;

  public ControlClient(ControlFile file) {
    this.file = file;
  }

  public DaemonState state() {
    return daemon(ask("GET", "/api/daemon", null, SOON));
  }

  /** Only the process that wrote the file is the daemon. */
  private DaemonState daemon(String answer) {
    try {
      DaemonState state = DaemonState.read(answer);
      if (state.pid() == file.pid()) {
        return state;
      }
    } catch (Failure e) {
      throw stranger("it answers something else", e);
    }
    throw stranger("it is another process", null);
  }

  /**
   * A run, now; returns when it has ended.
   *
   * @param progress is told of which database how many changes were settled so far
   */
  public SyncResult sync(SyncWish wish, ObjLongConsumer<String> progress) {
    state(); // a run may take long, but that somebody is there is known at once
    try (Listening listening = new Listening(progress)) {
      return SyncJson.read(ask("POST", "/api/sync", wish.text(), ENDLESS));
    }
  }

  public DaemonState pause(@Nullable Duration howLong) {
    return daemon(ask("POST", "/api/pause", minutes("minutes", howLong), SOON));
  }

  public DaemonState resume() {
    return daemon(ask("POST", "/api/resume", "", SOON));
  }

  /** An address that opens the page: once, and for a minute. */
  public URI pageAddress() {
    state(); // only the daemon is to know that a code is asked for
    Fields said = new Fields(Json.object(ask("POST", "/api/code", "", SOON)));
    return URI.create(said.text("url", "http://127.0.0.1:" + file.port() + "/"));
  }

  /** Asks it to end; it may take a moment to do so, or be gone before it has answered. */
  public void stop() {
    state();
    try {
      ask("POST", "/api/stop", "", SOON);
    } catch (Failure silent) {
      if (!(silent.getCause() instanceof SocketException)) {
        throw silent;
      }
    }
  }

  private static String minutes(String name, @Nullable Duration time) {
    return new JsonObject().put(name, time == null ? null : time.toMillis() / 60_000.0).text();
  }

  private String ask(String method, String path, @Nullable String body, int patience) {
    try {
      HttpURLConnection connection = open(path, patience);
      connection.setRequestMethod(method);
      if (body != null) {
        byte[] sent = body.getBytes(UTF_8);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(sent.length); // else it is asked twice
        connection.getOutputStream().write(sent);
      }
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
        boolean cut = bytes.length < connection.getContentLengthLong();
        if (cut || status < 0 || (status == 200 && bytes.length == 0)) { // no error to Java
          throw new IOException("its answer broke off");
        }
        String answer = new String(bytes, UTF_8);
        if (status >= 400) {
          throw refused(status, answer);
        }
        return answer;
      }
    } catch (IOException e) {
      throw silent(e);
    }
  }

  private Failure silent(IOException e) {
    boolean alive = ProcessHandle.of(file.pid()).map(ProcessHandle::isAlive).orElse(false);
    return alive
        ? new Failure(
            Failure.BUSY,
            "the daemon (process " + file.pid() + ") does not answer: " + e.getMessage(),
            "Nothing is lost. Try again; if it stays silent, end that process and start `tidemark run` again.",
            e)
        : new Failure(
            Failure.BUSY,
            "the daemon (process " + file.pid() + ") has ended in the middle of this",
            "Nothing is lost. Try again; `tidemark run` starts the daemon.",
            e);
  }

  private HttpURLConnection open(String path, int patience) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + file.port() + path)
                .toURL()
                .openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(SOON);
    connection.setReadTimeout(patience);
    connection.setRequestProperty("Authorization", "Bearer " + file.token());
    return connection;
  }

  private Failure refused(int status, String answer) {
    try {
      Fields error = new Fields(Json.object(answer)).fields("error");
      if (error.number("code") > 0) {
        return SyncJson.failure(error);
      }
    } catch (Failure e) {
      return stranger("it answers " + status, e);
    }
    return stranger("it answers " + status, null);
  }

  private Failure stranger(String why, @Nullable Failure cause) {
    return new Failure(
        Failure.BUSY,
        "whoever listens at port " + file.port() + " is not the daemon: " + why,
        "End the daemon (process " + file.pid() + ") and start `tidemark run` again.",
        cause);
  }

  /** Hears of the run's progress for as long as it is waited for. */
  private final class Listening implements AutoCloseable {
    private final ObjLongConsumer<String> progress;
    private volatile boolean closed;

    Listening(ObjLongConsumer<String> progress) {
      this.progress = progress;
      Thread thread = new Thread(this::hear, "progress");
      thread.setDaemon(true);
      thread.start();
    }

    private void hear() {
      try {
        HttpURLConnection opened = open("/api/events", ENDLESS);
        try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(opened.getInputStream(), UTF_8))) {
          String event = "";
          for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
              event = line.substring(7);
            } else if (line.startsWith("data: ") && event.equals("sync:progress")) {
              Fields said = new Fields(Json.object(line.substring(6)));
              progress.accept(said.text("database", ""), said.number("settled"));
            }
          }
        }
      } catch (IOException e) {
        // a run without a progress bar; whether it went well is told by its own answer
        LOG.debug("no progress is heard of: {}", e.toString());
      }
    }

    @Override
    public void close() {
      closed = true; // to close the connection would wait for its next line
    }
  }
}
