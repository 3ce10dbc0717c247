package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tidemark.testing.Shell;

/** A Windows of its own in a folder, as far as wine is one. */
final class Wine implements AutoCloseable {
  private static final List<String> BEFORE =
      List.of(
          "env",
          "WINEDEBUG=-all",
          "WINEDLLOVERRIDES=mscoree,mshtml=", // which it would offer to download
          "LC_ALL=C.UTF-8");

  private final Path prefix;
  private final Tools tools;
  private Process prompt;

  private Wine(Path prefix) {
    this.prefix = prefix;
    List<String> before = new ArrayList<>(BEFORE);
    before.addAll(List.of("WINEPREFIX=" + prefix, "wine"));
    this.tools = new Tools(before, Wine::name);
  }

  /** Skips the test where there is none. */
  static Wine in(Path folder) throws IOException {
    boolean there = Shell.can("wine", "--version");
    if (!there) {
      System.out.println("skipped what takes Windows: wine is not installed");
    }
    Assumptions.assumeTrue(there, "wine is not installed");
    Wine wine = new Wine(folder.resolve("prefix"));
    wine.boot();
    return wine;
  }

  /**
   * The scheduler does not get up during the very first boot, and goes down with the last program:
   * hence the second boot, and a prompt that stays.
   */
  private void boot() throws IOException {
    tools.run("wineboot", "--init");
    server("-k");
    server("-w");
    List<String> command = new ArrayList<>(BEFORE);
    command.addAll(List.of("WINEPREFIX=" + prefix, "wine", "cmd"));
    prompt =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = "";
    for (int tries = 0; tries < 10 && !said.contains("RUNNING"); tries++) { // on a busy machine
      tools.run("net", "start", "Schedule");
      said = tools.run("sc", "query", "Schedule").text();
    }
    assertThat(said).contains("RUNNING");
  }

  private void server(String option) {
    Shell.can("env", "WINEPREFIX=" + prefix, "/usr/lib/wine/wineserver", option);
  }

  /** Wine shows the whole file system as drive Z. */
  static String name(Path file) {
    return "Z:" + file.toAbsolutePath().toString().replace('/', '\\');
  }

  Tools tools() {
    return tools;
  }

  /** Where the scheduler keeps its tasks. */
  Path task(String name) {
    return prefix.resolve("drive_c/windows/system32/tasks").resolve(name);
  }

  /** The whole registry, as text. */
  String registry(Path scratch) throws IOException {
    Path file = scratch.resolve("all.reg");
    tools.run("regedit", "/E", name(file));
    return Tools.decoded(Files.readAllBytes(file)).replaceAll("\\\\\r?\n *", "");
  }

  @Override
  public void close() {
    prompt.destroy();
    server("-k");
    server("-w");
  }
}
