package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.OpenSecrets;
import tidemark.app.PathCheck;
import tidemark.app.Tried;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.config.EditorSchema;
import tidemark.config.SettingInForce;
import tidemark.config.SettingsInForce;
import tidemark.say.InDatabase;
import tidemark.say.Overruling;
import tidemark.say.SyncWish;
import tidemark.say.TextTable;
import tidemark.settle.Overruled;

/** `config`: what the config says. */
@Command(name = "config", description = "What the config says.")
final class ConfigCommand extends Group {
  /** `config schema`. */
  @Command(
      name = "schema",
      description = "Prints the JSON Schema by which editors complete and check a config.")
  static final class Schema extends SettingsCommand {
    Schema(Start start) {
      super(start);
    }

    @Override
    int run() {
      out().print(EditorSchema.text());
      return 0;
    }
  }

  /** `config check`. */
  @Command(
      name = "check",
      description =
          "Tells what is in force and where it comes from, and tries out all paths and servers.")
  static final class Check extends SettingsCommand {
    @Option(names = "--json", description = "Tells it as JSON.")
    private boolean json;

    Check(Start start) {
      super(start);
    }

    @Override
    int run() {
      SettingsInForce inForce = read();
      List<Tried> findings = new PathCheck(inForce.settings(), start.surroundings().get()).all();
      Workstation workstation =
          new Workstation(inForce.settings(), start.surroundings().get(), start.clock());
      List<InDatabase<Overruled>> overruled = workstation.overruled(SyncWish.ALL);
      List<String> more = new ArrayList<>(workstation.unknownTables());
      more.addAll(OpenSecrets.withCertificate(inForce));
      List<Failure> moves = workstation.forAGlance().moves();
      if (json) {
        out().println(json(inForce, findings, overruled, more, moves));
      } else {
        print(inForce, findings);
        more.forEach(sentence -> ErrorLines.tell(err(), sentence, ""));
        if (!overruled.isEmpty()) {
          out().println();
          out().println(Overruling.sentence(overruled));
        }
      }
      int worst = 0;
      for (Failure move : moves) {
        ErrorLines.tell(err(), move.whatFailed(), withContact(move).hint());
        worst = Math.max(worst, move.exitCode());
      }
      for (Tried finding : findings) {
        if (finding.exitCode() != 0) {
          Failure failure =
              withContact(
                  new Failure(
                      finding.exitCode(),
                      finding.key() + ": " + finding.path() + " " + finding.what(),
                      finding.hint()));
          ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
        }
        worst = Math.max(worst, finding.exitCode());
      }
      return worst;
    }

    private void print(SettingsInForce inForce, List<Tried> findings) {
      inForce.files().forEach(file -> out().println("read " + file));
      out().println();
      TextTable settings = new TextTable("setting", "value", "from");
      for (SettingInForce setting : inForce.list()) {
        settings.row(setting.key(), setting.value(), setting.origin());
      }
      settings.print(out(), "");
      if (!inForce.locked().isEmpty()) {
        out().println();
        out().println("locked by IT: " + String.join(", ", inForce.locked()));
      }
      out().println();
      TextTable paths = new TextTable("path", "", "");
      for (Tried finding : findings) {
        paths.row(finding.key(), finding.path(), finding.what());
      }
      paths.print(out(), "");
    }

    private static String json(
        SettingsInForce inForce,
        List<Tried> findings,
        List<InDatabase<Overruled>> overruled,
        List<String> more,
        List<Failure> moves) {
      return new JsonObject()
          .put(
              "success",
              findings.stream().allMatch(finding -> finding.exitCode() == 0)
                  && moves.stream().allMatch(move -> move.exitCode() == 0))
          .put("files", inForce.files().stream().map(String::valueOf).toList())
          .put("settings", inForce.list().stream().map(Check::json).toList())
          .put("warnings", Stream.concat(inForce.warnings().stream(), more.stream()).toList())
          .put("locked", List.copyOf(inForce.locked()))
          .put("paths", findings.stream().map(Check::json).toList())
          .put("moves", moves.stream().map(JsonObject::of).toList())
          .put("settles", Overruling.json(overruled))
          .text();
    }

    private static JsonObject json(SettingInForce setting) {
      return new JsonObject()
          .put("key", setting.key())
          .put("value", setting.value())
          .put("origin", setting.origin());
    }

    private static JsonObject json(Tried finding) {
      return new JsonObject()
          .put("key", finding.key())
          .put("path", finding.path())
          .put("code", finding.exitCode())
          .put("message", finding.what())
          .put("hint", finding.hint());
    }
  }
}
