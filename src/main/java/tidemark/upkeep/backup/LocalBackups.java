package tidemark.upkeep.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Scratch;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.BackupMaking.Source;

/**
 * Backs this workstation's local database up, edits that were not sent yet included.
 *
 * <p>Guarantee: the application may go on writing; the backup holds one state of it. Threading: one
 * thread.
 */
public final class LocalBackups {

  private final BackupPlan plan;

  public LocalBackups(BackupPlan plan) {
    this.plan = plan;
  }

  public Backup make() {
    Plan database = plan.plan();
    requireThere(database.local());
    Path copy = plan.scratch("local");
    try {
      try (Sql sql = Sql.open(database.local(), OpenMode.READ, LocalDatabase.BUSY)) {
        sql.copyTo(copy);
      }
      Source source = source(copy);
      return plan.making()
          .make(List.of(Kind.LOCAL), source, plan.clock().millis(), () -> {})
          .get(0);
    } finally {
      Scratch.delete(copy);
    }
  }

  private static void requireThere(Path local) {
    if (!Files.isRegularFile(local)) {
      throw new Failure(
          Failure.USAGE,
          "there is no database " + local + " to back up",
          "run `tidemark sync`, which makes it from what the others have");
    }
  }

  private Source source(Path copy) {
    Plan database = plan.plan();
    Optional<Replica> synced =
        Replica.look(copy, Duration.ZERO, database.rules(), database.selection());
    if (synced.isEmpty()) {
      return new Source(copy, "", Position.START);
    }
    try (Replica replica = synced.get()) {
      String ledger = replica.state("ledger");
      Position position =
          replica.states().positions().values().stream()
              .max(Comparator.comparingLong(Position::number))
              .orElse(Position.START);
      return new Source(copy, ledger == null ? "" : ledger, position);
    }
  }
}
