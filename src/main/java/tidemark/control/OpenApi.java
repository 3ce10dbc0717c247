package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** What can be asked, described for programs that make clients of such descriptions. */
final class OpenApi {
  private OpenApi() {}

  static Reply reply() throws IOException {
    return Reply.json(text());
  }

  static String text() throws IOException {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new FileNotFoundException("openapi.json");
      }
      return new String(in.readAllBytes(), UTF_8).strip();
    }
  }
}
