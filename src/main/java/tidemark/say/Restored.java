package tidemark.say;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.past.RestoreReport;

/** What became of a row that was to become what it was. */
public final class Restored {
  private Restored() {}

  public static String text(RestoreReport report) {
    List<@Nullable Object> left = new ArrayList<>();
    report.result().left().forEach(one -> left.add(one.why()));
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("restored", report.result().rows());
    members.put("left", left);
    members.put("message", message(report.result().rows(), left));
    return Json.objectText(members);
  }

  private static String message(long rows, List<@Nullable Object> left) {
    if (!left.isEmpty()) {
      return "Left as it is: " + left.get(0);
    }
    return rows == 0 ? "It is what it was already." : "It is what it was again.";
  }
}
