package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;
import tidemark.daemon.LockHolder;
import tidemark.upkeep.Finding;

/** `doctor`: what is well and what is not, with what to do about it. */
@Command(
    name = "doctor",
    description = "Examines share, ledger, master and local file, and says what to do.")
final class DoctorCommand extends DataCommand {
  @Option(
      names = "--break-lease",
      description = {
        "For IT: takes the leases away from whoever has them.",
        "A program that lives notices, and stops before its next commit."
      })
  private boolean breakLease;

  @Option(
      names = "--windows-selftest",
      description = {
        "For IT, on a real Windows machine: tries Java, SQLite, locks, renames and paths,",
        "and writes a report. Touches no database."
      })
  private boolean selfTest;

  @Option(names = "--hold-lock", hidden = true, paramLabel = "FILE")
  private @Nullable Path held;

  DoctorCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (held != null) {
      LockHolder.hold(held, System.in, out());
      return 0;
    }
    if (selfTest) {
      return new SelfTestReport(start, out()).make(read().settings());
    }
    Daemon daemon = daemon();
    if (breakLease) {
      databases(daemon).forEach(this::breakLeases);
      return 0;
    }
    Map<String, List<Finding>> all = new LinkedHashMap<>();
    databases(daemon).forEach(database -> all.put(database.name(), database.examine()));
    if (json()) {
      out().println(Json.text(json -> write(json, all)));
    } else {
      all.forEach(this::print);
    }
    return all.values().stream().allMatch(DoctorCommand::areWell) ? 0 : Failure.INCOMPLETE;
  }

  private void breakLeases(Database database) {
    List<String> broken = database.breakLeases();
    out()
        .println(
            database.name()
                + ": "
                + (broken.isEmpty()
                    ? "nobody has a lease"
                    : "taken away: the " + String.join(", the ", broken)));
  }

  private static boolean areWell(List<Finding> findings) {
    return findings.stream().allMatch(finding -> finding.health() == Finding.Health.WELL);
  }

  private void print(String database, List<Finding> findings) {
    out().println(database + ": " + (areWell(findings) ? "all is well" : "not all is well"));
    print(out(), findings);
  }

  static void print(PrintWriter out, List<Finding> findings) {
    TextTable table = new TextTable("", "check", "found");
    for (Finding finding : findings) {
      table.row(word(finding.health()), finding.check(), finding.what());
      if (finding.todo() != null) {
        table.note("-> " + finding.todo());
      }
    }
    table.print(out, "  ");
  }

  private static String word(Finding.Health health) {
    return health == Finding.Health.WELL ? "ok" : health.name().toLowerCase(Locale.ROOT);
  }

  private static void write(JsonGenerator json, Map<String, List<Finding>> all) throws IOException {
    json.writeStartArray();
    for (Map.Entry<String, List<Finding>> database : all.entrySet()) {
      for (Finding finding : database.getValue()) {
        json.writeStartObject();
        json.writeStringField("database", database.getKey());
        json.writeStringField("check", finding.check());
        json.writeStringField("health", word(finding.health()));
        json.writeStringField("what", finding.what());
        json.writeStringField("todo", finding.todo());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
