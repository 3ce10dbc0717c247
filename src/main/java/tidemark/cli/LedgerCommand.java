package tidemark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.run.Request;
import tidemark.say.RunResult;
import tidemark.sync.LedgerRebuild.Rebuilt;

/** `ledger`: what IT does with the ledger itself. */
@Command(name = "ledger", description = "For IT: the ledger itself.")
final class LedgerCommand extends Group {
  /** `ledger rebuild`. */
  @Command(
      name = "rebuild",
      description = {
        "Makes a lost ledger anew from the master and this workstation.",
        "What is left of the old one is set aside. Run it at the workstation that synced last."
      })
  static final class Rebuild extends SettingsCommand {
    @Option(
        names = "--db",
        paramLabel = "NAME",
        description = "The database; needed where the config has several.")
    private String name = "";

    Rebuild(Start start) {
      super(start);
    }

    @Override
    int run() {
      Workstation workstation = workstation();
      Database database = theOne(workstation, name);
      Rebuilt rebuilt;
      try (Progress progress = new Progress()) {
        rebuilt =
            database.rebuildLedger(
                Request.byHand(workstation.settings().sync().conflicts()),
                progress.of(database.name()));
      }
      out().println(database.name() + ": a new ledger stands beside " + database.place());
      rebuilt.aside().ifPresent(old -> out().println("  what was left of the old one: " + old));
      new SyncText(out(), "  ").print(database.name(), RunResult.of(rebuilt.outcome()));
      Failure failure = rebuilt.outcome().failure();
      if (failure != null) {
        throw failure;
      }
      out().println("  The other workstations go over to it by themselves.");
      return rebuilt.outcome().exitCode();
    }
  }
}
