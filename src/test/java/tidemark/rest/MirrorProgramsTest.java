package tidemark.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tidemark.testing.Program.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.testing.FleetTest;
import tidemark.testing.LentShare;
import tidemark.testing.Program;

/** The programs that docs/REST.md shows do what it says of them. */
class MirrorProgramsTest extends FleetTest {
  private LentShare server;

  @BeforeEach
  void aServer() {
    everybodyHas(
        "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT)",
        "INSERT INTO customers VALUES('A','Anna'),('B','Ben')");
    server = anna.server().answersPrograms();
  }

  @ParameterizedTest
  @CsvSource({"node, js, mirror.mjs", "python3, python, mirror.py"})
  void the_mirror_has_what_the_tables_have(String runtime, String language, String name)
      throws Exception {
    assumeTrue(isThere(runtime), runtime + " is not there: its program is not tried");
    Matcher shown =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/REST.md")));
    assertThat(shown.find()).isTrue();
    Path program = Files.writeString(folder.resolve(name), shown.group(1));
    Path mirror = folder.resolve("mirror.json");

    run(runtime, program, mirror);
    assertThat(Files.readString(mirror)).contains("Anna").contains("Ben");

    Program shop = Program.of(server, "shop");
    shop.post("/api/customers", List.of(record("code", "C", "name", "Cara")));
    shop.delete("/api/customers/A");
    run(runtime, program, mirror);
    assertThat(Files.readString(mirror)).contains("Cara").contains("Ben").doesNotContain("Anna");

    server.losesItsCopy();
    server.looksAfterTheMaster();
    run(runtime, program, mirror);
    assertThat(Files.readString(mirror)).contains("Cara").contains("Ben").doesNotContain("Anna");
  }

  private static boolean isThere(String runtime) throws InterruptedException {
    try {
      Process asked = new ProcessBuilder(runtime, "--version").redirectErrorStream(true).start();
      return asked.waitFor(30, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void run(String runtime, Path program, Path mirror) throws Exception {
    String address = server.address().toString().replaceFirst("/[^/]*$", "");
    Process process =
        new ProcessBuilder(
                runtime,
                program.toString(),
                address,
                server.secret("mirror"),
                mirror.toString(),
                "once")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
