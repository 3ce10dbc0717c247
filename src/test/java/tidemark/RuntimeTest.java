package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Installation;

/** The Java that the profile `runtime` adds to the distribution. */
@Tag("heavy")
@DisabledOnOs(OS.WINDOWS)
class RuntimeTest {
  @TempDir Path folder;

  private List<String> modules;

  @BeforeEach
  void read() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String named = pom.split("<runtime.modules>")[1].split("</runtime.modules>")[0];
    modules = List.of(named.split(","));
  }

  private static String run(String tool, List<String> args) {
    ToolProvider found = ToolProvider.findFirst(tool).orElse(null);
    Assumptions.assumeTrue(found != null, tool + " comes with a JDK only");
    StringWriter told = new StringWriter();
    PrintWriter out = new PrintWriter(told, true);
    assertThat(found.run(out, out, args.toArray(new String[0]))).as(told.toString()).isZero();
    return told.toString().strip();
  }

  @Test
  void it_has_the_modules_that_the_program_needs_and_no_more() throws Exception {
    String libraries;
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      libraries = String.join(":", jars.map(Path::toString).sorted().toList());
    }
    String needed =
        run(
            "jdeps",
            List.of(
                "--ignore-missing-deps",
                "--multi-release",
                "17",
                "--print-module-deps",
                "-cp",
                libraries,
                "target/tidemark.jar"));

    List<String> expected = new ArrayList<>(List.of(needed.split(",")));
    // what jdeps does not see: services, and what the library for mail, one itself, wants
    expected.addAll(List.of("java.security.sasl", "jdk.crypto.ec", "jdk.zipfs"));
    assertThat(modules).containsExactlyElementsOf(expected.stream().sorted().distinct().toList());
  }

  @Test
  void the_demo_runs_on_it_where_there_is_no_other_java() throws Exception {
    Installation installed = Installation.unpacked(folder);
    List<String> link = new ArrayList<>();
    Path jmods = Path.of(System.getProperty("java.home"), "jmods");
    if (Files.exists(jmods)) { // a newer JDK may come without, and links from itself
      link.addAll(List.of("--module-path", jmods.toString()));
    }
    link.addAll(List.of("--add-modules", String.join(",", modules)));
    link.addAll(List.of("--output", installed.home().resolve("runtime").toString()));
    run("jlink", link);
    Path programs = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("sh", "uname", "dirname", "readlink", "sed")) {
      Path real = Path.of("/bin", program);
      Files.createSymbolicLink(
          programs.resolve(program),
          Files.exists(real) ? real : Path.of("/usr/bin").resolve(program));
    }
    installed
        .without("JAVA_HOME")
        .with("PATH", programs.toString())
        .with("TIDEMARK_JAVA_OPTS", "-Dtidemark.classes= -Djava.io.tmpdir=" + folder);

    Typed demo = installed.start("sync", "--demo");

    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.out()).contains("hold the same rows");
  }
}
