package tidemark.run;

import java.nio.file.Path;
import java.util.function.Supplier;
import tidemark.change.Failure;

/**
 * A workstation's own database that SQLite finds damaged: what to do is the same for whoever meets
 * it.
 */
public final class LocalDamage {
  public static final String MENDING =
      "Stop the application, move the file away and sync: it is made anew from the ledger. Edits not sent yet are only in that file: keep it.";

  private LocalDamage() {}

  /** Does what may meet it. */
  public static <T> T told(Path local, Supplier<T> work) {
    try {
      return work.get();
    } catch (Failure e) {
      throw told(local, e);
    }
  }

  /** The same failure, with what to do if it is this one. */
  public static Failure told(Path local, Failure e) {
    return e.isDamage() && e.forbids(local) ? e.withHint(MENDING) : e;
  }
}
