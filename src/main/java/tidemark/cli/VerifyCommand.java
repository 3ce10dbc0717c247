package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.config.Settings;
import tidemark.look.Repair.Repaired;
import tidemark.past.Differences;
import tidemark.run.Request;
import tidemark.say.RunResult;
import tidemark.say.Words;
import tidemark.sync.DatabaseSync.Outcome;

/** `verify`: is every row here and in the master what the ledger says? */
@Command(
    name = "verify",
    description = "Compares every row of this database and of the master with the ledger.")
final class VerifyCommand extends DataCommand {
  @Option(
      names = "--repair",
      description = "Makes them the same again; what would be lost is kept as a conflict.")
  private boolean repair;

  VerifyCommand(Start start) {
    super(start);
  }

  /** One database: what differs, or differed before the repair did what it did. */
  private record Checked(Database database, Repaired result) {
    private boolean isWell() {
      Outcome run = result.run();
      return result.after().stream().allMatch(Differences::isAllCompared)
          && (run == null || run.success());
    }

    private int exitCode() {
      Outcome run = result.run();
      int ofRun = run == null ? 0 : run.exitCode();
      return isWell() ? 0 : Math.max(ofRun, Failure.INCOMPLETE);
    }
  }

  @Override
  int run() {
    Workstation workstation = workstation();
    List<Checked> all = new ArrayList<>();
    for (Database database : databases(workstation)) {
      all.add(new Checked(database, check(database, workstation.settings())));
    }
    if (json()) {
      out().println(json(all));
    } else {
      all.forEach(this::print);
    }
    int worst = 0;
    for (Checked checked : all) {
      Outcome run = checked.result().run();
      if (run != null && run.failure() != null) {
        Failure failure = withContact(run.failure());
        ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
      }
      worst = Math.max(worst, checked.exitCode());
    }
    return worst;
  }

  private Repaired check(Database database, Settings settings) {
    if (repair) {
      return database.repair(Request.byHand(settings.sync().conflicts()));
    }
    List<Differences> found = database.verify();
    return new Repaired(found, null, found);
  }

  private void print(Checked checked) {
    String name = checked.database().name();
    Repaired result = checked.result();
    result.before().forEach(findings -> print(name, findings));
    Outcome run = result.run();
    if (run != null) {
      out().println("  repaired:");
      new SyncText(out(), "  ").print(name, RunResult.of(run));
      if (!checked.isWell()) {
        out().println("  still not the same:");
        result.after().forEach(findings -> print(name, findings));
      }
    }
  }

  private void print(String name, Differences findings) {
    long rows = findings.tables().stream().mapToLong(Differences.Table::rows).sum();
    String where =
        findings.database().equals(name) ? name : name + ", master " + findings.database();
    if (findings.trouble() != null) {
      out().println(where + ": not compared, " + findings.trouble());
      return;
    }
    out().println(where + ": " + inShort(findings, rows));
    findings.tables().forEach(this::printLeftOut);
    for (Differences.Table table : findings.tables()) {
      if (!table.isSame()) {
        out()
            .println(
                "  %s: %,d differ, %,d missing, %,d that the ledger does not know"
                    .formatted(table.name(), table.differing(), table.missing(), table.extra()));
        table
            .examples()
            .forEach(example -> out().println("    " + example.key() + " " + word(example)));
      }
    }
  }

  /** That nothing is wrong with none is no comfort. */
  private static String inShort(Differences findings, long rows) {
    long leftOut = findings.leftOut();
    if (rows == 0 && findings.areNone()) {
      return leftOut == 0
          ? "there are no rows to compare"
          : "nothing compared: " + Words.count(leftOut, "row") + " left out";
    }
    return Words.count(rows, "row")
        + " compared, "
        + (findings.areNone() ? "all as the ledger has them" : "not all the same")
        + (leftOut == 0 ? "" : "; %,d not compared".formatted(leftOut));
  }

  private void printLeftOut(Differences.Table table) {
    Differences.LeftOut rows = table.leftOut();
    tellLeftOut(
        table, rows.unread(), "changed by entries not read yet: `tidemark sync` reads them");
    tellLeftOut(table, rows.pending(), "edited and not sent yet: `tidemark sync` sends them");
    tellLeftOut(table, rows.held(), "held: `tidemark status --pending` says why");
  }

  private void tellLeftOut(Differences.Table table, long rows, String why) {
    if (rows > 0) {
      out().println("  %s: %,d not compared, %s".formatted(table.name(), rows, why));
    }
  }

  private static String word(Differences.Example example) {
    return example.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<Checked> all) {
    JsonObject databases = new JsonObject();
    for (Checked checked : all) {
      databases.put(
          checked.database().name(),
          new JsonObject()
              .put("repaired", checked.result().run() != null)
              .put("found", json(checked, checked.result().before()))
              .put("now", json(checked, checked.result().after())));
    }
    return new JsonObject()
        .put("success", all.stream().allMatch(Checked::isWell))
        .put("databases", databases)
        .text();
  }

  private static JsonObject json(Checked checked, List<Differences> findings) {
    JsonObject json = new JsonObject();
    for (Differences found : findings) {
      boolean local = found.database().equals(checked.database().name());
      JsonObject tables = new JsonObject();
      found.tables().forEach(table -> tables.put(table.name(), json(table)));
      json.put(
          local ? "local" : "master",
          new JsonObject()
              .put("same", found.areNone())
              .put("notCompared", found.leftOut())
              .put("trouble", found.trouble())
              .put("tables", tables));
    }
    return json;
  }

  private static JsonObject json(Differences.Table table) {
    return new JsonObject()
        .put("rows", table.rows())
        .put("differing", table.differing())
        .put("missing", table.missing())
        .put("extra", table.extra())
        .put("unread", table.leftOut().unread())
        .put("pending", table.leftOut().pending())
        .put("held", table.leftOut().held())
        .put("examples", table.examples().stream().map(VerifyCommand::json).toList());
  }

  private static JsonObject json(Differences.Example example) {
    return new JsonObject().put("key", example.key()).put("kind", word(example));
  }
}
