package tidemark.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.Tidemark;
import tidemark.change.Place;
import tidemark.serve.AccessKey;
import tidemark.serve.AccessKeys;
import tidemark.testing.Database;
import tidemark.testing.JavaProcess;

/**
 * `tidemark serve` in a process of its own, with the options that the launchers give it, over TLS
 * with a certificate of its own; and what it takes of memory.
 */
final class ServedPlace implements AutoCloseable {
  private static final String NAME = "server";
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final Path folder;
  private final JavaProcess process;
  private final AccessKeys keys;
  private final URI address;

  /**
   * @param options of the virtual machine, besides the usual ones
   */
  ServedPlace(Path folder, String... options) throws Exception {
    this(folder, List.of(), options);
  }

  /**
   * @param statements by which the place gets its first tables and rows
   */
  ServedPlace(Path folder, List<String> statements, String... options) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve("share"));
    Path config = folder.resolve("tidemark.yml");
    Files.writeString(
        config,
        "user: server\nworkstation: SERVER\nstate: '%s'\ntray: false\n".formatted(state())
            + "databases:\n  %s:\n    local: '%s'\n    master: '%s'\n"
                .formatted(NAME, folder.resolve("own.db"), masterFile())
            + "sync:\n  watch: 10s\nserve:\n  listen: 127.0.0.1:0\n");
    try (JavaProcess begins = process("sync", "--create", "--config", config.toString())) {
      if (begins.ended(60) != 0) {
        throw new IOException(begins.out() + begins.err());
      }
    }
    if (!statements.isEmpty()) {
      new Database(folder.resolve("own.db")).execute(statements.toArray(String[]::new));
      try (JavaProcess fills = process("sync", "--config", config.toString())) {
        if (fills.ended(60) != 0) {
          throw new IOException(fills.out() + fills.err());
        }
      }
    }
    this.keys = new AccessKeys(state().resolve("keys.json"), Clock.systemUTC());
    this.process = process(options, "serve", "--config", config.toString());
    process.said("Ctrl-C ends it");
    Matcher said = Pattern.compile("Lends \\S+ at (\\S+)").matcher(process.out());
    if (!said.find()) {
      throw new IOException(process.out() + process.err());
    }
    this.address = URI.create(said.group(1));
  }

  private JavaProcess process(String... args) throws IOException {
    return process(new String[0], args);
  }

  /** Tidemark as its launchers start it. */
  private JavaProcess process(String[] options, String... args) throws IOException {
    return tidemark(folder, options, args);
  }

  static JavaProcess tidemark(Path folder, String[] options, String... args) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("service/jvm.options"))) {
      if (line.startsWith("-")) {
        all.add(line);
      }
    }
    all.addAll(List.of(options));
    return new JavaProcess(folder, all, Tidemark.class, args);
  }

  private Path state() {
    return folder.resolve("state");
  }

  private Path masterFile() {
    return folder.resolve("share/server.db");
  }

  Database master() {
    return new Database(masterFile());
  }

  /** As somebody who was given a key of their own may use it. */
  Place.Server place(String user) {
    String key = keys.create(user, AccessKey.Right.WRITE, Set.of(), Set.of(), null).text();
    return new Place.Server(address, key, Optional.of(trust()));
  }

  private Path trust() {
    return state().resolve("serve/tide.pem");
  }

  /** Resident now, in MB. */
  long resident() throws IOException {
    return memory(process.pid(), "VmRSS");
  }

  /** The most it ever was, in MB. */
  long peak() throws IOException {
    return memory(process.pid(), "VmHWM");
  }

  static long memory(long pid, String what) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(what)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }

  /** What it has had of the processors, in milliseconds. */
  double cpu() {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElse(Duration.ZERO)
        .toMillis();
  }

  /** Of the heap, in MB; what nobody needs any more is counted, too. */
  long heap() throws IOException {
    Matcher used = USED.matcher(asked("GC.heap_info").split("Metaspace", 2)[0]);
    long sum = 0;
    for (int i = 0; used.find() && i < 2; i++) { // young and old
      sum += Long.parseLong(used.group(1));
    }
    return sum / 1024;
  }

  /** Of the heap, in MB, what is needed. */
  long heapNeeded() throws IOException {
    asked("GC.run");
    return heap();
  }

  private String asked(String what) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asking =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), what)
            .redirectErrorStream(true)
            .start();
    return new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.close();
  }
}
