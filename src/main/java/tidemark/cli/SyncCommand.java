package tidemark.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.control.ControlClient;
import tidemark.say.InDatabase;
import tidemark.say.Overruling;
import tidemark.say.RunResult;
import tidemark.say.SyncJson;
import tidemark.say.SyncResult;
import tidemark.say.SyncWish;
import tidemark.settle.Overruled;

/** `sync`: one run now, by the running daemon if there is one. */
@Command(name = "sync", description = "Syncs now.", sortOptions = false)
final class SyncCommand extends DataCommand {
  @Option(
      names = "--table",
      paramLabel = "T",
      description = "Only this table and its parents; may be given several times.")
  private Set<String> tables = new LinkedHashSet<>();

  @Option(names = "--direction", paramLabel = "WAY", description = "push, pull or both.")
  private @Nullable Direction direction;

  @Option(
      names = "--conflicts",
      paramLabel = "RULE",
      description = "Who wins: newest, master, local or manual.")
  private @Nullable ConflictRule conflicts;

  @Option(
      names = "--create",
      description = "Begins with an empty database where there is neither it nor its master.")
  private boolean create;

  @Option(
      names = "--demo",
      description = "Shows it on sample data in a temporary folder, whatever the config says.")
  private boolean demo;

  SyncCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    return demo ? new DemoTale(start, out()).tell() : sync();
  }

  private int sync() {
    SyncResult result = new SyncResult();
    List<String> unknown = List.of();
    try {
      Workstation workstation = workstation();
      result = sync(workstation);
      unknown = workstation.unknownTables();
    } catch (Failure failure) {
      if (!json()) {
        throw failure;
      }
      result.failed(failure);
    }
    if (json()) {
      out().println(SyncJson.text(result, this::withContact));
    } else {
      new SyncText(out(), "").print(result);
    }
    result
        .failures()
        .forEach(
            failure -> ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint()));
    unknown.forEach(sentence -> ErrorLines.tell(err(), sentence, ""));
    return result.exitCode();
  }

  private SyncResult sync(Workstation workstation) {
    Set<String> begun = new LinkedHashSet<>(names());
    List<Database> databases = databases(workstation); // a name that is none is told by this config
    Map<String, RunResult> failed = create ? failedToBegin(databases) : Map.of();
    if (!failed.isEmpty()) {
      databases.forEach(database -> begun.add(database.name())); // else none would mean all
      begun.removeAll(failed.keySet());
    }
    SyncResult result =
        failed.size() == databases.size()
            ? new SyncResult()
            : sync(workstation, new SyncWish(begun, tables, direction, conflicts));
    failed.forEach(result::add);
    return result;
  }

  private static Map<String, RunResult> failedToBegin(List<Database> databases) {
    Map<String, RunResult> failed = new LinkedHashMap<>();
    for (Database database : databases) {
      try {
        database.begin();
      } catch (Failure why) {
        failed.put(database.name(), RunResult.failed(why));
      }
    }
    return failed;
  }

  /** Whoever asks for another rule may not think of what waits for a choice. */
  private void tellWhatIsSettled(Workstation workstation, SyncWish wish) {
    List<InDatabase<Overruled>> overruled =
        conflicts == null ? List.of() : workstation.overruled(wish);
    if (!overruled.isEmpty()) {
      ErrorLines.tell(
          err(),
          Overruling.sentence(overruled),
          "`tidemark conflicts restore ID` brings a loser back.");
    }
  }

  private SyncResult sync(Workstation workstation, SyncWish wish) {
    tellWhatIsSettled(workstation, wish);
    Optional<ControlClient> running = workstation.running().client(settingsFile().own());
    try (Progress progress = new Progress()) {
      return running.isPresent()
          ? running.get().sync(wish, progress::show)
          : workstation.sync(wish, "manual", progress::show);
    }
  }
}
