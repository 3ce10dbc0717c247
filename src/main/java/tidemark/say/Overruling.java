package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.settle.Overruled;

/** Which waiting conflicts a rule would settle, as people and programs are told. */
public final class Overruling {
  private Overruling() {}

  /** As in "2 conflicts that wait for a choice ...: 2 in quotes of server by `newest`". */
  public static String sentence(List<InDatabase<Overruled>> all) {
    int sum = all.stream().mapToInt(one -> one.what().conflicts()).sum();
    return (sum == 1
            ? "1 conflict that waits for a choice is settled"
            : sum + " conflicts that wait for a choice are settled")
        + " by the next sync: "
        + all.stream().map(Overruling::words).collect(Collectors.joining(", "));
  }

  private static String words(InDatabase<Overruled> one) {
    Overruled what = one.what();
    return what.conflicts()
        + " in "
        + what.table()
        + " of "
        + one.database()
        + " by `"
        + what.rule().word()
        + "`";
  }

  /** The member `settles`. */
  public static void write(JsonGenerator json, List<InDatabase<Overruled>> all) throws IOException {
    json.writeArrayFieldStart("settles");
    for (InDatabase<Overruled> one : all) {
      json.writeStartObject();
      json.writeStringField("database", one.database());
      json.writeStringField("table", one.what().table());
      json.writeStringField("rule", one.what().rule().word());
      json.writeNumberField("conflicts", one.what().conflicts());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
