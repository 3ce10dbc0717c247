package tidemark.cli;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.config.MaintenanceSettings;
import tidemark.upkeep.maintain.CareStep;
import tidemark.upkeep.maintain.Maintenance;

/** `maintain`: what the daemon does by itself at night, now. */
@Command(
    name = "maintain",
    description = {
      "Prunes logs and old conflicts, refreshes statistics, makes the config's indexes, and",
      "gives unused space back where that pays and it is the config's window."
    })
final class MaintainCommand extends DataCommand {
  @Option(
      names = "--vacuum",
      description = "Gives unused space back now; refused where somebody is at work in the file.")
  private boolean vacuum;

  MaintainCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Workstation workstation = workstation();
    MaintenanceSettings settings = workstation.settings().maintenance();
    boolean mayVacuum =
        settings.vacuum() == MaintenanceSettings.Vacuum.AUTO
            && settings.isTime(LocalDateTime.now(start.clock()));
    Maintenance.Wanted wanted =
        new Maintenance.Wanted(vacuum, mayVacuum, settings.indexes(), settings.conflictDays());
    Map<String, Maintenance.Result> all = new LinkedHashMap<>();
    for (Database database : databases(workstation)) {
      all.put(database.name(), database.maintain(wanted, Duration.ZERO));
    }
    if (json()) {
      out().println(json(all));
    } else {
      all.forEach(this::print);
    }
    int worst = 0;
    for (Maintenance.Result result : all.values()) {
      for (Failure refusal : result.refusals()) {
        Failure failure = withContact(refusal);
        ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
      }
      worst = Math.max(worst, result.exitCode());
    }
    return worst;
  }

  private void print(String name, Maintenance.Result result) {
    out().println(name);
    print("here", result.local());
    print("master", result.master());
  }

  private void print(String where, List<CareStep> steps) {
    out().println("  " + where);
    for (CareStep step : steps) {
      out()
          .println(
              "    %-10s  %s%s"
                  .formatted(step.name(), step.refused() == null ? "" : "not done: ", step.did()));
    }
  }

  private static String json(Map<String, Maintenance.Result> all) {
    return new JsonObject()
        .put("success", all.values().stream().allMatch(result -> result.refusals().isEmpty()))
        .put(
            "databases",
            JsonObject.of(
                all,
                result ->
                    new JsonObject()
                        .put("local", json(result.local()))
                        .put("master", json(result.master()))))
        .text();
  }

  private static List<JsonObject> json(List<CareStep> steps) {
    return steps.stream()
        .map(
            step ->
                new JsonObject()
                    .put("step", step.name())
                    .put("done", step.refused() == null)
                    .put("did", step.did())
                    .put("removed", step.removed())
                    .put("savedBytes", step.savedBytes()))
        .toList();
  }
}
