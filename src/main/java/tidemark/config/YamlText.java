package tidemark.config;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** The bytes of a config file as a tree of nodes that know their lines. */
final class YamlText {
  private static final int LARGEST = 1_000_000;

  private YamlText() {}

  /** Empty for a file without content, or where a problem was found. */
  static Optional<Node> parse(Path file, byte[] bytes, Problems problems) {
    if (bytes.length > LARGEST) {
      problems.add(new Whereabouts(file, 1), "", "is too large for a config (over 1 MB)");
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    String text;
    try {
      CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
      text = strict.decode(buffer).toString().replaceFirst("^\uFEFF", "");
    } catch (CharacterCodingException foreign) {
      String read = new String(bytes, 0, buffer.position(), StandardCharsets.ISO_8859_1);
      problems.add(
          new Whereabouts(file, lineAt(read)), "", "is not UTF-8 text; save the file as UTF-8");
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(new Yaml().compose(new StringReader(text)));
    } catch (MarkedYAMLException broken) {
      Mark mark = broken.getProblemMark();
      int line = mark == null ? 1 : mark.getLine() + 1;
      problems.add(
          new Whereabouts(file, line), "", "is not YAML: " + reason(broken) + advice(text, line));
    } catch (ReaderException unreadable) {
      String read = text.substring(0, Math.min(text.length(), unreadable.getPosition()));
      problems.add(
          new Whereabouts(file, lineAt(read)), "", "holds a character that YAML does not allow");
    } catch (YAMLException broken) {
      problems.add(new Whereabouts(file, 1), "", "is not YAML: " + broken.getMessage());
    }
    return Optional.empty();
  }

  private static String reason(MarkedYAMLException broken) {
    String problem = broken.getProblem();
    String context = broken.getContext();
    return (problem == null ? "" : problem).strip()
        + (context == null ? "" : " " + context.strip());
  }

  private static String advice(String text, int line) {
    String source = text.lines().skip(line - 1L).findFirst().orElse("");
    return source.contains("%") || source.contains("\\") || source.contains("`")
        ? " (write values with % or \\ in 'single quotes')"
        : "";
  }

  private static int lineAt(String before) {
    return 1 + (int) before.chars().filter(c -> c == '\n').count();
  }
}
