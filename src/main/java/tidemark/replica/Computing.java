package tidemark.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;

/**
 * What a table's definition has SQLite compute for each of its rows: checks, defaults, generated
 * columns, indexes. Whose text came from the share may compute what costs little for any row:
 * SQLite's own list of the functions it will call is read, and rows are tried.
 *
 * <p>SQLite cannot be stopped amid a row, so each function must be done in a time that grows with
 * what it is given, and no faster.
 */
final class Computing {
  /** So many calls, and steps besides, for one row. */
  private static final int CALLS = 500;

  private static final int STEPS = 20_000;

  /** What is looked for in a text, at each of its places. */
  private static final int SHORT = 50;

  /** A pattern without wildcards is compared once. */
  private static final int PATTERN = 500;

  /** How long a row may become, and how many times that is of what it was given. */
  private static final int TRIED_VALUES = 1 << 16;

  private static final int GROWTH = 64;

  private static final String TEXT = "a, 1";

  /** The functions there may be, each with the arguments that have to be short constants. */
  private static final Map<String, List<Integer>> CHEAP = cheap();

  private static Map<String, List<Integer>> cheap() {
    Map<String, List<Integer>> cheap = new HashMap<>();
    String linear =
        "abs length octet_length lower upper typeof unicode char sign round min max nullif hex"
            + " substr substring trim(1) ltrim(1) rtrim(1) concat concat_ws"
            + " date time datetime julianday strftime unixepoch timediff random"
            + " current_date current_time current_timestamp"
            + " json json_valid json_type json_array_length json_extract -> ->>"
            + " ceil ceiling floor trunc ln log log10 log2 exp pow power sqrt mod"
            + " acos asin atan atan2 cos sin tan degrees radians pi";
    for (String name : linear.split(" ", -1)) {
      cheap.put(name, List.of());
    }
    for (String name : List.of("randomblob", "printf", "format", "like", "glob")) {
      cheap.put(name, List.of(0));
    }
    for (String name : List.of("instr", "trim(2)", "ltrim(2)", "rtrim(2)")) {
      cheap.put(name, List.of(1));
    }
    cheap.put("replace", List.of(1, 2));
    return cheap;
  }

  private final Sql alone;
  private final String name;
  private final String table;

  /**
   * @param alone an empty database but for the table
   */
  Computing(Sql alone, String name) {
    this.alone = alone;
    this.name = name;
    this.table = Sql.name(name);
  }

  /** Why rows of the table may take long; null where they do not. */
  @Nullable String objection() {
    try {
      String writing = objection("INSERT INTO " + table + " DEFAULT VALUES");
      String reading = writing != null ? writing : objection("SELECT * FROM " + table);
      return reading != null ? reading : objectionToRows();
    } catch (IllegalStateException e) {
      return "what it computes takes too long or too much room";
    }
  }

  // ---- what SQLite will call

  /** One of the steps that SQLite makes of a statement, its parameters as SQLite numbers them. */
  private record Step(String opcode, int p1, int p2, int p3, String p4) {
    static Step of(Cells c) {
      String p4 = c.text(6);
      return new Step(
          c.string(2),
          (int) c.number(3),
          (int) c.number(4),
          (int) c.number(5),
          p4 == null ? "" : p4);
    }

    boolean isCall() {
      return opcode.equals("Function") || opcode.equals("PureFunc");
    }

    boolean computes() {
      return isCall() || opcode.equals("Concat");
    }

    /** As far as it may hold what a function is given. */
    boolean sets(int register) {
      boolean loads = List.of("String8", "Integer", "Copy", "SCopy").contains(opcode);
      return (loads && p2 == register) || (computes() && p3 == register);
    }

    boolean isShortConstant() {
      boolean once = p4.chars().noneMatch(c -> c == '%' || c == '*');
      return (opcode.equals("String8") && p4.length() <= (once ? PATTERN : SHORT))
          || (opcode.equals("Integer") && p1 <= SHORT);
    }
  }

  private @Nullable String objection(String statement) {
    List<Step> steps = alone.query("EXPLAIN " + statement, Step::of);
    if (steps.stream().filter(Step::computes).count() > CALLS || steps.size() > STEPS) {
      return "it computes too much for each row";
    }
    for (Step step : steps) {
      String objection = step.isCall() ? objection(step, steps) : null;
      if (objection != null) {
        return objection;
      }
    }
    return null;
  }

  private static @Nullable String objection(Step call, List<Step> all) {
    String function = call.p4().replaceFirst("\\(-?\\d+\\)$", "");
    List<Integer> bounded = CHEAP.getOrDefault(call.p4(), CHEAP.get(function));
    if (bounded == null) {
      return "it calls " + function + ", which may take long";
    }
    for (int argument : bounded) {
      boolean constant = (call.p1() >> argument & 1) == 1;
      if (!constant || !isShort(call.p2() + argument, all)) {
        return "it calls " + function + " with something else than a short constant";
      }
    }
    return null;
  }

  /** What is in the register is written out in the definition, whenever it is set. */
  private static boolean isShort(int register, List<Step> all) {
    List<Step> setting = all.stream().filter(step -> step.sets(register)).toList();
    return !setting.isEmpty() && setting.stream().allMatch(Step::isShortConstant);
  }

  // ---- what rows make of it

  private @Nullable String objectionToRows() {
    List<String> columns =
        alone.query("SELECT name FROM pragma_table_info(?)", c -> Sql.name(c.string(1)), name);
    alone.limitValues(TRIED_VALUES);
    String text = TEXT.repeat(Math.max(1, TRIED_VALUES / GROWTH / TEXT.length() / columns.size()));
    List<@Nullable Object> values = new ArrayList<>(List.of(text, TEXT, 7, 1.5));
    values.add(null);
    String insert =
        "INSERT INTO "
            + table
            + "("
            + String.join(",", columns)
            + ") VALUES("
            + columns.stream().map(c -> "?").collect(Collectors.joining(","))
            + ")";
    boolean longer = becomesTooLong("INSERT INTO " + table + " DEFAULT VALUES");
    for (Object value : values) {
      longer |= becomesTooLong(insert, Collections.nCopies(columns.size(), value).toArray());
    }
    return longer ? "what it computes becomes too long" : null;
  }

  /** A row that is refused for another reason is one as well. */
  private boolean becomesTooLong(String statement, @Nullable Object... values) {
    Refusal refusal = alone.attempt(statement, values).refusal();
    return refusal != null && refusal.kind() == Refusal.Kind.TOO_LONG;
  }
}
