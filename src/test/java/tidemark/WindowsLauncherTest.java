package tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Shell;

/**
 * The launcher for Windows, run by wine's `cmd`.
 *
 * <p>`java.exe` is a script that prints its arguments: wine runs no JVM. A `%` in the launcher's
 * own path and Java's exit code cannot be shown here, as wine takes the one for a variable and
 * loses the other of a script.
 */
@Tag("wine")
class WindowsLauncherTest {
  private static final String PRINTS = "for a in \"$@\"; do printf '<%s>\\n' \"$a\"; done\n";
  private static final String HINT = "  Install Java 17 or newer, or set JAVA_HOME.";

  @TempDir static Path prefix;
  @TempDir Path folder;

  private Path home;

  @BeforeAll
  static void windows() {
    boolean there = Shell.can("wine", "--version");
    if (!there) {
      System.out.println("skipped the launcher for Windows: wine is not installed");
    }
    Assumptions.assumeTrue(there, "wine is not installed");
    Shell.can("env", "WINEPREFIX=" + prefix, "wine", "wineboot", "--init"); // which prints things
  }

  @AfterAll
  static void ends() {
    Shell.can("env", "WINEPREFIX=" + prefix, "/usr/lib/wine/wineserver", "-k");
    Shell.can("env", "WINEPREFIX=" + prefix, "/usr/lib/wine/wineserver", "-w");
  }

  @BeforeEach
  void install() throws IOException {
    home = folder.resolve("Büro & Co (x86)/tidemark-0.1.0");
    Files.createDirectories(home.resolve("service"));
    for (String file : List.of("tidemark.cmd", "jvm.options")) {
      Files.copy(Path.of("service", file), home.resolve("service").resolve(file));
    }
    Files.writeString(home.resolve("VERSION"), "0.1.0\n");
    Files.writeString(home.resolve("tidemark.jar"), "");
  }

  /** In the launcher's folder: what stands before `cmd /c` has rules of its own for quotes. */
  private List<String> start(Map<String, String> variables, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("wine", "cmd", "/c", "tidemark.cmd"));
    command.addAll(List.of(args));
    Path told = folder.resolve("told.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.resolve("service").toFile())
            .redirectErrorStream(true)
            .redirectOutput(told.toFile());
    Map<String, String> env = builder.environment();
    env.remove("JAVA_HOME");
    env.put("WINEPREFIX", prefix.toString());
    env.put("WINEDEBUG", "-all");
    env.put("WINEDLLOVERRIDES", "mscoree,mshtml=");
    env.put("LC_ALL", "C.UTF-8");
    env.putAll(variables);
    Process process = builder.start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    // What `cmd` itself prints is in the console's code page.
    List<String> lines =
        new String(Files.readAllBytes(told), UTF_8).lines().map(String::stripTrailing).toList();
    return Stream.concat(lines.stream(), Stream.of("exit " + process.exitValue())).toList();
  }

  /** Wine does not wait for a script: what it says of itself sometimes comes too late. */
  private List<String> startWithVersionAsked(Path java) throws Exception {
    List<String> said = List.of();
    for (int tries = 0; tries < 20 && !said.contains(HINT); tries++) {
      said = start(Map.of("JAVA_HOME", windows(java)));
    }
    return said;
  }

  private static String windows(Path file) {
    return "Z:" + file.toString().replace('/', '\\');
  }

  private Path java(String name, String script) throws IOException {
    Path java = Files.createDirectories(folder.resolve(name).resolve("bin")).resolve("java.exe");
    Files.writeString(java, "#!/bin/sh\n" + script);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return folder.resolve(name);
  }

  private Path seventeen() throws IOException {
    Path java = java("jdk 17", PRINTS);
    Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x y\"\nJAVA_VERSION=\"17.0.9\"\n");
    return java;
  }

  @Test
  void what_was_typed_reaches_java_as_it_is_from_folders_with_spaces_and_umlauts()
      throws Exception {
    List<String> told =
        start(
            Map.of(
                "JAVA_HOME", windows(seventeen()), "TIDEMARK_JAVA_OPTS", "-Xmx1g -Dlists=\"a b\""),
            "sync",
            "--config",
            "Z:\\Größe & Art (2).yml");

    assertThat(told.get(0)).isEqualTo("<@" + windows(home) + "\\service\\jvm.options>");
    assertThat(told.get(1))
        .matches(
            "<-Dtidemark.classes=C:\\\\.*\\\\tidemark\\\\classes.tidemark-0.1.0-java-17.0.9.jsa>");
    assertThat(told.subList(2, 7))
        .containsExactly(
            "<-Dtidemark.home=" + windows(home) + ">",
            "<-Dorg.sqlite.lib.path=" + windows(home) + "\\native\\Windows\\x86_64>",
            "<-Xmx1g>",
            "<-Dlists=a b>",
            "<-jar>");
    assertThat(told.get(7)).endsWith("\\tidemark.jar>").doesNotContain(" ");
    assertThat(told.subList(8, 11))
        .containsExactly("<sync>", "<--config>", "<Z:\\Größe & Art (2).yml>");
  }

  @Test
  void the_archive_of_classes_is_used_once_it_is_there() throws Exception {
    Map<String, String> java = Map.of("JAVA_HOME", windows(seventeen()));
    String without = start(java).get(1);
    String archive = without.substring("<-Dtidemark.classes=".length(), without.length() - 1);
    Path file = prefix.resolve(archive.replace("C:\\", "drive_c\\").replace('\\', '/'));
    Files.createDirectories(file.getParent());
    Files.createFile(file);

    assertThat(start(java)).contains("<-XX:SharedArchiveFile=" + archive + ">");
  }

  @Test
  void the_runtime_beside_it_is_taken_before_any_other_java() throws Exception {
    Path other = java("jdk-11", "exit 1\n");
    Path bin = Files.createDirectories(home.resolve("runtime/bin"));
    Files.copy(seventeen().resolve("bin/java.exe"), bin.resolve("java.exe"));
    Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"17.0.9\"\n");
    assertThat(bin.resolve("java.exe").toFile().setExecutable(true)).isTrue();

    assertThat(start(Map.of("JAVA_HOME", windows(other)), "status")).contains("<status>");
  }

  @Test
  void no_java_an_old_one_and_a_missing_jar_are_told_with_what_to_do() throws Exception {
    Path eleven = java("jdk-11", "exit 1\n");
    Files.writeString(eleven.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    Path eight = java("jre-8", "echo 'java version \"1.8.0_201\"'\n"); // wine has no errors of it

    assertThat(start(Map.of())).containsExactly("tidemark: Java was not found.", HINT, "exit 2");
    assertThat(start(Map.of("JAVA_HOME", windows(eleven))))
        .containsExactly("tidemark: Java 11.0.2 is too old.", HINT, "exit 2");
    assertThat(startWithVersionAsked(eight))
        .containsExactly("tidemark: Java 1.8.0_201 is too old.", HINT, "exit 2");
    Files.delete(home.resolve("tidemark.jar"));
    assertThat(start(Map.of("JAVA_HOME", windows(seventeen()))))
        .satisfiesExactly(
            what ->
                assertThat(what)
                    .startsWith("tidemark: Z:")
                    .endsWith("& Co (x86)\\tidemark-0.1.0\\tidemark.jar is missing."),
            hint -> assertThat(hint).isEqualTo("  Install Tidemark again."),
            exit -> assertThat(exit).isEqualTo("exit 2"));
  }
}
