package tidemark.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.change.TableRule;
import tidemark.ledger.Author;
import tidemark.share.ShareFiles;

/**
 * One database as the config has it.
 *
 * @param selection the tables that take part
 * @param addShape `schema: add`
 * @param healMaster a damaged master is made anew by itself
 * @param place where all meet
 * @param share the way to the master's file
 * @param scratch a local folder for what is needed only for a while
 */
public record Plan(
    String name,
    Path local,
    Place place,
    ShareFiles share,
    Function<String, TableRule> rules,
    Predicate<String> selection,
    boolean addShape,
    boolean healMaster,
    Path scratch,
    Author author,
    Duration keepEntries,
    int keepLogDays,
    int keepLogRows) {

  /**
   * The master's file. Not to be asked for where it is a server's affair: see {@link #hasMaster}.
   */
  public Path master() {
    return place
        .file()
        .orElseThrow(
            () ->
                new Failure(
                    Failure.USAGE,
                    "the master of " + name + " is the affair of " + place,
                    "do this at the server, in whose config the master is a path"));
  }

  /** Whether this workstation looks after the master too. */
  public boolean hasMaster() {
    return place.file().isPresent();
  }

  /** What was read of the ledger, in short: may be deleted at any time. */
  public Path index() {
    return scratch.resolveSibling("index.db");
  }
}
