package tidemark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.DatabaseFile;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/** A workstation's own database: where it has to be, and how it is opened. */
public final class LocalDatabase {
  /** So long the application may keep it locked. */
  public static final Duration BUSY = Duration.ofSeconds(10);

  private final Plan plan;
  private final Path file;

  public LocalDatabase(Plan plan) {
    this.plan = plan;
    this.file = plan.local();
  }

  /** Not there, or there without anything in it. */
  public boolean isMissing() {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      return true; // opening it says why, if there is something wrong with it
    }
  }

  public Replica open() {
    return Replica.open(file, BUSY, plan.rules(), plan.selection());
  }

  public boolean hasSynced() {
    return !isMissing() && DatabaseFile.hasSynced(file, BUSY);
  }

  /** To read, as it is; empty where there is none, or none that ever synced. */
  public Optional<Replica> look() {
    return isMissing()
        ? Optional.empty()
        : Replica.look(file, BUSY, plan.rules(), plan.selection());
  }

  /** Hands over every run since then, in no order, without holding them all. */
  public void eachRun(String since, Consumer<SyncLog.Run> consumer) {
    if (!isMissing()) {
      try (Sql sql = Sql.open(file, OpenMode.READ, BUSY)) {
        SyncLog.each(sql, since, consumer);
      }
    }
  }

  /** A path that is mistyped must not become an empty database that nobody looks at. */
  public void requirePath() {
    Path folder = file.toAbsolutePath().getParent();
    String key = "databases." + plan.name() + ".local";
    if (folder != null && !Files.isDirectory(folder)) {
      throw new Failure(
          Failure.USAGE,
          "the folder of the database " + file + " is not there",
          "correct " + key + " in the config, or create the folder; nothing was made");
    }
    if (Files.isDirectory(file)) {
      throw another(
          " is a folder, not a database",
          "name the application's database in it as " + key + " in the config");
    }
    if (Files.isDirectory(file.resolveSibling(file.getFileName() + "-ledger"))) {
      throw another(
          " is a master, with its ledger beside it",
          "name the application's own database on this machine as " + key + " in the config");
    }
  }

  private Failure another(String whatItIs, String hint) {
    return Failure.ofOthers(Failure.USAGE, file.toString(), whatItIs, hint, null);
  }
}
