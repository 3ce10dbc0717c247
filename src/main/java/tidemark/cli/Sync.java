package tidemark.cli;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.config.SyncSettings;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;
import tidemark.sync.Request;

/** `sync`: one run now. */
@Command(name = "sync", description = "Syncs now.", sortOptions = false)
final class Sync extends DataCommand {
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
      names = "--demo",
      description = "Shows it on sample data in a temporary folder, whatever the config says.")
  private boolean demo;

  Sync(Start start) {
    super(start);
  }

  @Override
  int run() {
    return demo ? new DemoTale(start, out()).tell() : sync();
  }

  private int sync() {
    SyncResult result = new SyncResult();
    try {
      Daemon daemon = daemon();
      Map<Database, Set<String>> meant = new NamedTables(tables).in(databases(daemon));
      try (Progress progress = new Progress()) {
        for (Map.Entry<Database, Set<String>> one : meant.entrySet()) {
          Request request = request(one.getValue(), daemon.settings().sync());
          String name = one.getKey().name();
          result.add(name, one.getKey().sync(request, progress.of(name)));
        }
      }
    } catch (Failure failure) {
      if (!json()) {
        throw failure;
      }
      result.failed(failure);
    }
    if (json()) {
      out().println(new SyncJson(result, this::withContact).text());
    } else {
      new SyncText(out(), "").print(result);
    }
    result
        .failures()
        .forEach(
            failure -> ErrorLines.tell(err(), failure.whatFailed(), withContact(failure).hint()));
    return result.exitCode();
  }

  private Request request(Set<String> only, SyncSettings settings) {
    return new Request(
        only,
        direction == null ? settings.direction() : direction,
        conflicts == null ? settings.conflicts() : conflicts,
        "manual");
  }
}
