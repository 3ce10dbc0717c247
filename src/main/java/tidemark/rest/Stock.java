package tidemark.rest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.ledger.Entry;
import tidemark.replica.Replica;
import tidemark.run.SyncReport;
import tidemark.say.FleetMember;
import tidemark.sync.DatabaseSync;

/** One database of a server's config, as far as programs need it. Threading: any. */
public interface Stock {
  /** As the config names it. */
  String name();

  /** Where two versions meet and its table has no rule of its own. */
  ConflictRule rule();

  /** Who decides here, as conflicts name it. */
  String workstation();

  /** The server's own copy, to read; empty where it was never synced. */
  Optional<Replica> look();

  /** The same, to write. */
  Replica open();

  /** The file of it. */
  Path local();

  /** Another text as soon as another file is in its place. */
  String file();

  /** Edits it, and does not return before the edits stand in the ledger. */
  SyncReport carry(DatabaseSync.Hand hand);

  /** An entry of the ledger; null where it cannot be had. */
  @Nullable Entry entry(long number);

  /** The last entry that has been retired. */
  long floor();

  /** Everybody who syncs it. */
  List<FleetMember> fleet();
}
