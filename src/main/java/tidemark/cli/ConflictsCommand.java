package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.replica.Conflicts;
import tidemark.say.ConflictJson;
import tidemark.say.InDatabase;

/** `conflicts`, and `conflicts list`: where two versions of a row met, and what became of them. */
@Command(
    name = "conflicts",
    description = "Tells where two versions of a row met, and what became of them.")
class ConflictsCommand extends DataCommand {
  ConflictsCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (json()) {
      printArray(
          (Consumer<InDatabase<Conflicts.Kept>> found) -> each(one -> found.accept(one.named())),
          ConflictJson::of);
    } else {
      new ConflictText(out(), start.clock()).list(this::each);
    }
    return 0;
  }

  private void each(Consumer<FoundConflict> consumer) {
    for (Database database : databases(workstation())) {
      database.conflicts().each(kept -> consumer.accept(new FoundConflict(database, kept)));
    }
  }

  /**
   * The conflict of this id.
   *
   * @param start enough of it to tell it from the others
   */
  protected final FoundConflict find(String start) {
    List<FoundConflict> found = new ArrayList<>();
    for (Database database : databases(workstation())) {
      for (Conflicts.Kept kept : database.conflicts().beginningWith(start)) {
        found.add(new FoundConflict(database, kept));
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new Failure(
        Failure.USAGE,
        found.isEmpty()
            ? "There is no conflict " + start + " here"
            : found.size() + " conflicts begin with " + start,
        "`tidemark conflicts` lists them all.");
  }
}
