package tidemark;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import tidemark.change.Json;
import tidemark.cli.Commands;
import tidemark.cli.Start;

/** What somebody typed, and what came back. */
public record Typed(int exitCode, String out, String err) {
  public static Typed at(Start start, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var command = Tidemark.commandLine(root -> new Commands(start).addTo(root, args));
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int exitCode = Tidemark.run(command, args);
    return new Typed(exitCode, out.toString(), err.toString());
  }

  /** The output, which must be one JSON object. */
  public Map<String, Object> json() {
    return Json.object(out);
  }

  /** The output, which must be a JSON array of objects. */
  @SuppressWarnings("unchecked")
  public List<Map<String, Object>> rows() {
    return (List<Map<String, Object>>) Json.object("{\"rows\":" + out + "}").get("rows");
  }

  /** The member at the end of a path of names: `databases.server.held`. */
  public Object at(String path) {
    Object found = json();
    for (String name : path.split("\\.")) {
      found = ((Map<?, ?>) found).get(name);
    }
    return found;
  }
}
