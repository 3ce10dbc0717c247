package tidemark.say;

import java.util.List;
import java.util.stream.Collectors;
import tidemark.change.JsonObject;
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

  /** What the member `settles` holds. */
  public static List<JsonObject> json(List<InDatabase<Overruled>> all) {
    return all.stream()
        .map(
            one ->
                new JsonObject()
                    .put("database", one.database())
                    .put("table", one.what().table())
                    .put("rule", one.what().rule().word())
                    .put("conflicts", one.what().conflicts()))
        .toList();
  }
}
