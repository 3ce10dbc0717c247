package tidemark.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.alert.Alerts;
import tidemark.app.Database;
import tidemark.app.LockHolder;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.say.HealthJson;
import tidemark.upkeep.health.Finding;

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

  @Option(
      names = "--test-alert",
      description = "Sends a test message by every way that `alert:` in the config names.")
  private boolean testAlert;

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
    Workstation workstation = workstation();
    if (testAlert) {
      return testAlerts(workstation);
    }
    if (breakLease) {
      databases(workstation).forEach(this::breakLeases);
      return 0;
    }
    Map<String, List<Finding>> all = new LinkedHashMap<>();
    databases(workstation)
        .forEach(database -> all.put(database.name(), database.health().examine()));
    if (json()) {
      out().println(HealthJson.array(all));
    } else {
      all.forEach(this::print);
    }
    return all.values().stream().allMatch(DoctorCommand::areWell) ? 0 : Failure.INCOMPLETE;
  }

  private int testAlerts(Workstation workstation) {
    List<Alerts.Attempt> attempts = workstation.testAlerts();
    if (attempts.isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          "nobody would be told: the config names no way",
          "Set command, webhook or email under `alert:`.");
    }
    for (Alerts.Attempt attempt : attempts) {
      Failure failure = attempt.failure().orElse(null);
      out().println(attempt.way() + ": " + (failure == null ? "sent" : "not sent"));
      if (failure != null) {
        ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
      }
    }
    return attempts.stream().allMatch(attempt -> attempt.failure().isEmpty())
        ? 0
        : Failure.INCOMPLETE;
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
    return findings.stream().noneMatch(Finding::isTrouble);
  }

  private void print(String database, List<Finding> findings) {
    out().println(database + ": " + (areWell(findings) ? "all is well" : "not all is well"));
    FindingsText.print(out(), findings);
  }
}
