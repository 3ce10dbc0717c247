package tidemark.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program that the documentation shows, run as it stands there. */
@Timeout(60)
class NodeClientTest {
  @TempDir Path folder;

  private static String shown() throws IOException {
    Matcher code =
        Pattern.compile("```js\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/API.md")).replace("\r\n", "\n"));
    assertThat(code.find()).isTrue();
    return code.group(1);
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void the_program_in_the_documentation_works() throws Exception {
    assumeTrue(hasNode(), "no node on this machine: apt-get install nodejs");
    try (Kept anna = new Kept(folder, "anna", "every: manual\nonStart: false")) {
      anna.local().execute("CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT)");
      try (Asking asking = new Asking(anna)) {
        Path program = Files.writeString(folder.resolve("client.js"), shown());
        Process node =
            new ProcessBuilder("node", program.toString(), anna.state().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(node.getInputStream().readAllBytes(), UTF_8);

        assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(said).isZero();
        assertThat(said)
            .as("asked at port " + asking.port())
            .contains("state: ", "event: sync:complete", "sync: ");
      }
    }
  }
}
