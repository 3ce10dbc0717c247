package tidemark.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Conflict.Version;
import tidemark.say.Moment;
import tidemark.say.TextTable;

/** Conflicts as people read them. */
final class ConflictText {
  private static final int WIDEST = 40;
  private static final int ID = 12;

  private final PrintWriter out;
  private final ZoneId zone;

  ConflictText(PrintWriter out, Clock clock) {
    this.out = out;
    this.zone = clock.getZone();
  }

  /**
   * @param conflicts hands over one after the other; what they hold may be large and is not kept
   */
  void list(Consumer<Consumer<FoundConflict>> conflicts) {
    TextTable table = new TextTable("id", "when", "database", "row", "kind", "outcome");
    conflicts.accept(found -> row(table, found));
    if (table.isEmpty()) {
      out.println("No conflicts.");
    } else {
      table.print(out, "");
    }
  }

  private void row(TextTable table, FoundConflict found) {
    Conflict conflict = found.kept().conflict();
    table.row(
        shortId(conflict),
        Moment.shown(conflict.timestamp(), zone),
        found.database().name(),
        named(conflict),
        conflict.kind(),
        outcome(conflict));
  }

  private static String shortId(Conflict conflict) {
    return conflict.id().substring(0, Math.min(ID, conflict.id().length()));
  }

  private static String named(Conflict conflict) {
    return conflict.table() + " " + conflict.rowKey();
  }

  private static String outcome(Conflict conflict) {
    String winner = conflict.winner();
    if (!conflict.resolved() || winner == null) {
      return "open at " + conflict.workstation();
    }
    if (conflict.givenData() != null) {
      return given(conflict);
    }
    String restored = "restored".equals(conflict.resolution()) ? ", the other was restored" : "";
    return switch (winner) {
      case "local" -> who(conflict.localBy()) + "'s version won" + restored;
      case "remote" -> who(conflict.remoteBy()) + "'s version won" + restored;
      default -> "both rows were kept" + restored;
    };
  }

  private static String given(Conflict conflict) {
    String base = "a row that " + who(conflict.resolvedBy()) + " gave stands";
    String how = conflict.resolution();
    for (Version version : Version.values()) {
      if (("restored " + version.word()).equals(how)
          || (version != Version.GIVEN && version.word().equals(how))) {
        return "a row was given, then the " + version.word() + " version was restored";
      }
    }
    return base;
  }

  private static String who(@Nullable String by) {
    return by == null || by.isEmpty() ? "somebody" : by;
  }

  void show(FoundConflict found) {
    Conflict conflict = found.kept().conflict();
    out.println("Conflict " + conflict.id());
    out.println(
        "  "
            + found.database().name()
            + ", "
            + named(conflict)
            + ", "
            + conflict.kind()
            + ", "
            + Moment.shown(conflict.timestamp(), zone)
            + " at "
            + conflict.workstation());
    out.println("  local   " + side(conflict.localBy(), conflict.localAt()));
    out.println("  remote  " + side(conflict.remoteBy(), conflict.remoteAt()));
    out.println("  " + outcome(conflict));
    out.println();
    versions(conflict).print(out, "  ");
    out.println();
    out.println(
        conflict.resolved()
            ? (conflict.givenData() == null
                ? "Bring the other back: tidemark conflicts restore " + shortId(conflict)
                : "Bring one back: tidemark conflicts restore "
                    + shortId(conflict)
                    + " --which local|remote|given")
            : "Choose: tidemark conflicts resolve "
                + shortId(conflict)
                + " --keep local|remote|FILE");
  }

  private String side(@Nullable String by, @Nullable Long at) {
    return who(by) + (at == null ? "" : ", " + Moment.shown(at, zone));
  }

  /** What differs is marked, since it may be one column of thirty. */
  private static TextTable versions(Conflict conflict) {
    Map<String, @Nullable Object> local = values(conflict.localData());
    Map<String, @Nullable Object> remote = values(conflict.remoteData());
    Map<String, @Nullable Object> given = values(conflict.givenData());
    boolean third = conflict.givenData() != null;
    Set<String> columns = new LinkedHashSet<>(local.keySet());
    columns.addAll(remote.keySet());
    columns.addAll(given.keySet());
    TextTable table =
        third
            ? new TextTable("", "column", "local", "remote", "given")
            : new TextTable("", "column", "local", "remote");
    if (conflict.localData() == null || conflict.remoteData() == null) {
      table.row(
          "*",
          "(row)",
          conflict.localData() == null ? "deleted" : "there",
          conflict.remoteData() == null ? "deleted" : "there");
    }
    for (String column : columns) {
      boolean both = local.containsKey(column) && remote.containsKey(column);
      boolean same = both && Objects.equals(local.get(column), remote.get(column));
      String mark = same ? " " : "*";
      if (third) {
        table.row(mark, column, shown(local, column), shown(remote, column), shown(given, column));
      } else {
        table.row(mark, column, shown(local, column), shown(remote, column));
      }
    }
    return table;
  }

  private static Map<String, @Nullable Object> values(@Nullable String data) {
    return data == null ? Map.of() : Conflict.values(data);
  }

  private static String shown(Map<String, @Nullable Object> row, String column) {
    if (!row.containsKey(column)) {
      return "";
    }
    Object value = row.get(column);
    String text = value instanceof byte[] blob ? blob.length + " bytes" : String.valueOf(value);
    text = text.replaceAll("\\s+", " ");
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
  }
}
