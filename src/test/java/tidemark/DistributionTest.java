package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Database;
import tidemark.testing.Folders;
import tidemark.testing.Installation;
import tidemark.testing.Wait;

/** What `mvn package` makes, unpacked and used as on a workstation. */
@Tag("heavy")
@DisabledOnOs(OS.WINDOWS)
class DistributionTest {
  private static final String NO_CLASSES = "-Dtidemark.classes=";

  @TempDir Path folder;

  private Path user;
  private Installation installed;

  @BeforeEach
  void unpack() throws Exception {
    user = Files.createDirectory(folder.resolve("user"));
    installed =
        Installation.unpacked(folder.resolve("Büro 100% (x86)"))
            .with("HOME", user.toString())
            .with("JAVA_HOME", System.getProperty("java.home"))
            .with("TIDEMARK_JAVA_OPTS", NO_CLASSES);
  }

  private Path config() throws Exception {
    Database local = new Database(folder.resolve("lokal.db"));
    local.execute("CREATE TABLE t(id TEXT PRIMARY KEY)", "INSERT INTO t VALUES('Größe 1')");
    Path config = folder.resolve("tidemark.yml");
    Path share = Files.createDirectories(folder.resolve("share"));
    Files.writeString(
        config,
        "state: '%s'\ndatabases:\n  lokal:\n    local: '%s'\n    master: '%s'\n"
            .formatted(folder.resolve("state"), local.file(), share.resolve("master.db")));
    return config;
  }

  @Test
  void it_holds_all_that_a_workstation_needs_in_a_folder_of_its_version() throws Exception {
    String version = Files.readString(installed.home().resolve("VERSION")).strip();

    assertThat(installed.home().getFileName()).hasToString("tidemark-" + version);
    assertThat(Folders.in(installed.home()))
        .containsExactly(
            "README.md", "VERSION", "config", "docs", "lib", "native", "service", "tidemark.jar");
    assertThat(Folders.in(installed.home().resolve("service")))
        .containsExactly("jvm.options", "tidemark", "tidemark.cmd", "windows");
    assertThat(Folders.in(installed.home().resolve("config")))
        .contains("logback.xml", "tidemark.schema.json", "tidemark.example.yml");
    for (String system : List.of("Linux", "Mac", "Windows")) {
      for (String processor : List.of("x86_64", "aarch64")) {
        Path natives = installed.home().resolve("native").resolve(system).resolve(processor);
        assertThat(Folders.in(natives)).hasSize(1);
      }
    }
    assertThat(installed.home().resolve("service/tidemark")).isExecutable();
    assertThat(Files.readString(installed.home().resolve("service/tidemark.cmd")))
        .doesNotContainPattern("[^\r]\n");
    assertThat(installed.start("--version").out()).isEqualTo("tidemark " + version + "\n");
  }

  @Test
  void the_license_of_every_library_in_it_is_named() throws Exception {
    String named = Files.readString(installed.home().resolve("docs/THIRD-PARTY.md"));

    assertThat(
            Pattern.compile("(?m)^\\| (\\S+\\.jar)[ ,]")
                .matcher(named)
                .results()
                .map(match -> match.group(1)))
        .containsExactlyElementsOf(Folders.in(installed.home().resolve("lib")));
    assertThat(Folders.in(installed.home().resolve("service/windows")))
        .containsExactly("LICENSE.txt", "NOTICE.txt", "prunsrv.exe");
  }

  @Test
  void it_syncs_from_any_folder_and_writes_nothing_into_it() throws Exception {
    String config = config().toString();
    Map<String, String> before = Folders.bytes(installed.home());

    Typed sync = installed.start("sync", "--config", config);

    assertThat(sync.exitCode()).as(sync.err()).isZero();
    assertThat(sync.err()).isEmpty();
    assertThat(new Database(folder.resolve("share/master.db")).rows("SELECT id FROM t"))
        .containsExactly("Größe 1");
    assertThat(Folders.bytes(installed.home())).isEqualTo(before);
  }

  @Test
  void sqlite_is_loaded_from_the_installation_not_from_the_temporary_folder() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    installed.with(
        "TIDEMARK_JAVA_OPTS",
        NO_CLASSES + " -Xlog:library=info:stderr -Djava.io.tmpdir=" + temporary);

    Typed sync = installed.start("sync", "--config", config().toString());

    assertThat(sync.exitCode()).isZero();
    assertThat(sync.err()).contains(installed.home().resolve("native").toString());
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void a_link_to_the_launcher_starts_it_and_the_version_that_runs_is_told_by_its_folder()
      throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("tidemark"), Path.of("current/service/tm"));
    Files.createSymbolicLink(folder.resolve("current"), installed.home());
    Files.createSymbolicLink(installed.home().resolve("service/tm"), Path.of("tidemark"));

    Typed version = installed.startBy(link, "--version");

    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).startsWith("tidemark ");
  }

  @Test
  void a_daemon_goes_on_when_the_link_it_was_started_by_leads_elsewhere() throws Exception {
    Path config = config();
    Path current = Files.createSymbolicLink(folder.resolve("current"), installed.home());
    // As the task does on Windows, where Java itself is started by the link.
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "@" + current.resolve("service/jvm.options"),
                "-Dtidemark.home=" + current,
                "-jar",
                current.resolve("tidemark.jar").toString(),
                "run",
                "--config",
                config.toString())
            .inheritIO()
            .start();
    try {
      Wait.until(daemon, "it listens", () -> Files.exists(folder.resolve("state/control.json")));
      Files.delete(current);
      Files.createSymbolicLink(current, Files.createDirectory(folder.resolve("tidemark-0.2.0")));

      Typed sync = installed.start("sync", "--config", config.toString());
      Typed stop = installed.start("stop", "--config", config.toString());

      assertThat(sync.exitCode()).as(sync.err()).isZero();
      assertThat(stop.exitCode()).as(stop.err()).isZero();
      assertThat(daemon.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      daemon.destroyForcibly();
    }
  }

  @Test
  void without_any_java_it_says_so() throws Exception {
    Path programs = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("sh", "uname", "dirname", "readlink", "sed")) {
      Path real = Path.of("/bin", program);
      Files.createSymbolicLink(
          programs.resolve(program),
          Files.exists(real) ? real : Path.of("/usr/bin").resolve(program));
    }
    installed.without("JAVA_HOME").with("PATH", programs.toString());

    assertThat(installed.start("status"))
        .isEqualTo(
            new Typed(
                2,
                "",
                """
                tidemark: Java was not found.
                  Install Java 17 or newer, or set JAVA_HOME.
                """));
  }

  private Path fakeJava(String name, String script) throws Exception {
    Path java = Files.createDirectories(folder.resolve(name).resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return folder.resolve(name);
  }

  @Test
  void a_java_that_is_too_old_is_named_whether_or_not_it_has_a_release_file() throws Exception {
    Path eleven = fakeJava("jdk-11", "exit 1\n");
    Files.writeString(eleven.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
    Path eight = fakeJava("jre-8", "echo 'java version \"1.8.0_201\"' >&2\n");

    Typed withEleven = installed.with("JAVA_HOME", eleven.toString()).start("status");
    Typed withEight = installed.with("JAVA_HOME", eight.toString()).start("status");

    assertThat(withEleven.exitCode()).isEqualTo(2);
    assertThat(withEleven.err()).startsWith("tidemark: Java 11.0.2 is too old.\n  Install Java 17");
    assertThat(withEight.exitCode()).isEqualTo(2);
    assertThat(withEight.err()).startsWith("tidemark: Java 1.8.0_201 is too old.\n");
  }

  @Test
  void the_runtime_beside_it_is_taken_before_any_other_java() throws Exception {
    Files.createSymbolicLink(
        installed.home().resolve("runtime"), Path.of(System.getProperty("java.home")));
    installed.with("JAVA_HOME", fakeJava("jdk-11", "exit 99\n").toString()).with("PATH", "/bin");

    assertThat(installed.start("--version").exitCode()).isZero();
  }

  private Path classes() {
    boolean mac = OS.MAC.isCurrentOs();
    return user.resolve(mac ? "Library/Application Support" : ".local/state")
        .resolve("tidemark/classes");
  }

  /** Returns once nobody makes an archive any more. */
  private Path archive() {
    Path lock = classes().resolve("making.lock");
    Path archive =
        classes()
            .resolve(
                "%s-java-%s.jsa"
                    .formatted(installed.home().getFileName(), System.getProperty("java.version")));
    Wait.until(
        "the archive",
        () -> {
          try (FileChannel turn =
                  FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
              FileLock made = turn.lock()) {
            assertThat(made.isValid()).isTrue();
          }
          return Files.exists(Path.of(archive + ".txt"));
        });
    return archive;
  }

  private List<String> loaded(Typed typed, String from) {
    return Pattern.compile("tidemark\\.\\S+ source: " + from)
        .matcher(typed.out())
        .results()
        .map(match -> match.group())
        .toList();
  }

  @Test
  void the_first_starts_make_an_archive_of_the_classes_which_the_next_ones_use() throws Exception {
    // In a plain folder, since Java 17 shares no classes of jars whose path has a space in it.
    installed =
        Installation.unpacked(folder.resolve("plain"))
            .with("HOME", user.toString())
            .with("JAVA_HOME", System.getProperty("java.home"));
    CompletableFuture<Integer> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return installed.start("--version").exitCode();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(installed.start("--version").exitCode()).isZero();
    assertThat(other.join()).isZero();
    Path archive = archive();

    Typed next = installed.with("TIDEMARK_JAVA_OPTS", "-Xlog:class+load:stdout").start("--version");

    assertThat(loaded(next, "shared objects file")).hasSizeGreaterThan(5);
    assertThat(Folders.in(classes()))
        .containsExactly(
            "making.lock", archive.getFileName().toString(), archive.getFileName() + ".txt");
  }

  @Test
  void an_archive_that_no_longer_fits_is_not_used_and_made_again() throws Exception {
    Files.createDirectories(classes());
    Path archive =
        classes()
            .resolve(
                "%s-java-%s.jsa"
                    .formatted(installed.home().getFileName(), System.getProperty("java.version")));
    Files.writeString(archive, "damaged");
    Files.writeString(Path.of(archive + ".txt"), "another one's");
    Typed damaged = installed.with("TIDEMARK_JAVA_OPTS", "").start("--version");
    assertThat(damaged.exitCode()).isZero();
    assertThat(damaged.err()).isEmpty();
    Wait.until(
        "another archive",
        () -> !Files.readString(Path.of(archive() + ".txt")).startsWith("another"));

    assertThat(archive).satisfies(made -> assertThat(Files.size(made)).isGreaterThan(1_000_000));
  }

  @Test
  void where_no_archive_can_be_made_all_works_the_same() throws Exception {
    Files.createDirectories(classes().getParent());
    Files.writeString(classes(), "a file where the folder should be");

    Typed version = installed.with("TIDEMARK_JAVA_OPTS", "").start("--version");

    assertThat(version.exitCode()).isZero();
    assertThat(version.err()).isEmpty();
  }
}
