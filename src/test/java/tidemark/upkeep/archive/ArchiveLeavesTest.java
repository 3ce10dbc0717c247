package tidemark.upkeep.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.ConflictRule;
import tidemark.share.ShareFiles;
import tidemark.testing.QuickFolder;
import tidemark.testing.Workstation;

/** What archiving and bringing back leave where it is, and how they name it. */
class ArchiveLeavesTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  private OldQuotes office;
  private Workstation anna;
  private Workstation ben;
  private Path file;

  @BeforeEach
  void threeOldQuotes() {
    office = OldQuotes.made(folder, 3);
    anna = office.anna;
    ben = office.ben;
    file = folder.resolve("old.db");
  }

  /** Right before the archive is looked for: at first to copy into it, then to read it back. */
  private void beforeTheArchiveIsOpened(boolean andFull, Runnable deed) {
    anna.tap =
        new ShareFiles.Tap() {
          private boolean done;

          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (!done && path.equals(file) && Files.exists(file) == andFull) {
              done = true;
              deed.run();
            }
          }
        };
  }

  private String onlyLeft(Archiving.Result result) {
    assertThat(result.left()).hasSize(1);
    return OldQuotes.left(result.left()).get(0);
  }

  private void assertAllAreSameAgain() {
    anna.tap = ShareFiles.Tap.NONE;
    office.fleet.comeToRest(office.pace).assertSame();
  }

  @Test
  void a_row_that_changed_between_copying_and_deleting() {
    beforeTheArchiveIsOpened(
        true, () -> anna.edit("UPDATE quotes SET bom='after all' WHERE quoteId='R2'"));

    Archiving.Result result = office.archive(anna, file);

    assertThat(onlyLeft(result)).contains("quotes R2", "edited and not synced yet");
    assertThat(result.rows()).containsEntry("quotes", 2).containsEntry("items", 2);
    assertAllAreSameAgain();
    assertThat(ben.db().rows("SELECT bom FROM quotes WHERE quoteId='R2'"))
        .containsExactly("after all");
    assertThat(office.archive(anna, file).rows()).containsEntry("quotes", 1);
    assertThat(office.content(file)).contains("R2|after all|CR2|2020-01-01");
  }

  @Test
  void a_row_that_changed_and_was_posted_between_copying_and_deleting() {
    beforeTheArchiveIsOpened(
        true,
        () -> {
          anna.edit("UPDATE quotes SET bom='after all' WHERE quoteId='R2'");
          anna.syncWell();
        });

    assertThat(onlyLeft(office.archive(anna, file)))
        .contains("quotes R2", "changed while it was archived");
    assertAllAreSameAgain();
    assertThat(ben.db().rows("SELECT bom FROM quotes WHERE quoteId='R2'"))
        .containsExactly("after all");
  }

  @Test
  void a_row_that_got_another_child_between_copying_and_deleting() {
    beforeTheArchiveIsOpened(
        true, () -> anna.edit("INSERT INTO items(quoteId, n) VALUES('R3', 'late')"));

    assertThat(onlyLeft(office.archive(anna, file))).contains("items", "not synced yet");
    assertAllAreSameAgain();
    assertThat(ben.db().rows("SELECT n FROM items WHERE quoteId='R3' ORDER BY id"))
        .containsExactly("of R3", "late");
  }

  @Test
  void a_row_with_an_edit_that_waits() {
    beforeTheArchiveIsOpened(
        false, () -> anna.edit("UPDATE items SET n='mine' WHERE quoteId='R1'"));

    assertThat(onlyLeft(office.archive(anna, file)))
        .contains("items 1", "edited and not synced yet");
    assertThat(office.content(file)).noneMatch(row -> row.startsWith("R1"));
    assertAllAreSameAgain();
  }

  @Test
  void a_row_in_an_open_conflict() {
    anna.conflicts = ConflictRule.MANUAL;
    ben.edit("UPDATE quotes SET bom='ben' WHERE quoteId='R1'");
    anna.edit("UPDATE quotes SET bom='anna' WHERE quoteId='R1'");
    ben.syncWell();
    anna.sync();

    Archiving.Result result = office.archive(anna, file);

    assertThat(onlyLeft(result)).contains("quotes R1", "open conflict, or held back");
    assertThat(result.rows()).containsEntry("quotes", 2);
    assertThat(anna.db().rows("SELECT bom FROM quotes WHERE quoteId='R1'")).containsExactly("anna");
  }

  @Test
  void a_row_for_which_a_change_is_held_back() {
    anna.edit(
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql=replace(sql, 'bom TEXT', 'bom TEXT CHECK(bom<>''ben'')')"
            + " WHERE name='quotes'");
    ben.edit("UPDATE quotes SET bom='ben' WHERE quoteId='R1'");
    ben.syncWell();
    anna.sync();
    assertThat(anna.db().rows("SELECT * FROM sync_held")).hasSize(1);

    assertThat(onlyLeft(office.archive(anna, file)))
        .contains("quotes R1", "open conflict, or held back");
    assertThat(anna.db().rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("R1", "young");
  }

  @Test
  void a_number_that_others_got_meanwhile() {
    office.archive(anna, file);
    office.fleet.comeToRest(office.pace);
    ben.edit("INSERT INTO items(id, quoteId, n) VALUES(2, 'young', 'another')");
    ben.syncWell();

    ArchiveReturn.Result back = office.restore(anna, file);

    assertThat(OldQuotes.left(back.left()))
        .containsExactly("items 2: there is a row of this key again");
    assertThat(back.rows()).containsEntry("quotes", 3).containsEntry("items", 2);
    assertAllAreSameAgain();
    assertThat(ben.db().rows("SELECT n FROM items WHERE id=2")).containsExactly("another");
  }

  @Test
  void a_unique_value_that_was_given_to_another() {
    office.archive(anna, file);
    office.fleet.comeToRest(office.pace);
    ben.edit("INSERT INTO quotes(quoteId, code, created_at) VALUES('N', 'CR2', '2025-01-01')");
    ben.syncWell();

    ArchiveReturn.Result back = office.restore(anna, file);

    assertThat(OldQuotes.left(back.left()))
        .anyMatch(left -> left.startsWith("quotes R2: ") && left.contains("N has its UNIQUE value"))
        .anyMatch(left -> left.startsWith("items 2: its quotes") && left.contains("not there"))
        .hasSize(2);
    assertThat(back.rows()).containsEntry("quotes", 2).containsEntry("items", 2);
    assertAllAreSameAgain();
    assertThat(ben.db().rows("SELECT quoteId FROM quotes WHERE code='CR2'")).containsExactly("N");
    assertThat(office.content(file)).contains("R2|bom 2|CR2|2020-01-01");
  }
}
