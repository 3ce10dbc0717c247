package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.past.Resolution;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** What the application's triggers keep and no row carries: full-text and spatial indexes. */
class SearchIndexTest extends FleetTest {
  private static final String NOTES =
      "CREATE TABLE Notes(id INTEGER PRIMARY KEY, title TEXT UNIQUE, body TEXT)";

  private static final String[] EXTERNAL = {
    "CREATE VIRTUAL TABLE found USING fts5(title, body, content='Notes', content_rowid='id')",
    "CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO found(rowid, title, body) VALUES(NEW.id, NEW.title, NEW.body); END",
    "CREATE TRIGGER notes_ad AFTER DELETE ON notes BEGIN INSERT INTO found(found, rowid, title, body) VALUES('delete', OLD.id, OLD.title, OLD.body); END",
    "CREATE TRIGGER notes_au AFTER UPDATE ON notes BEGIN INSERT INTO found(found, rowid, title, body) VALUES('delete', OLD.id, OLD.title, OLD.body); INSERT INTO found(rowid, title, body) VALUES(NEW.id, NEW.title, NEW.body); END"
  };

  private static final String[] OWN = {
    "CREATE VIRTUAL TABLE found USING fts5(title, body)",
    "CREATE TRIGGER notes_ai AFTER INSERT ON Notes BEGIN INSERT INTO found(rowid, title, body) VALUES(NEW.id, NEW.title, NEW.body); END",
    "CREATE TRIGGER notes_ad AFTER DELETE ON Notes BEGIN DELETE FROM found WHERE rowid=OLD.id; END",
    "CREATE TRIGGER notes_au AFTER UPDATE OF id, title, body ON Notes BEGIN UPDATE found SET rowid=NEW.id, title=NEW.title, body=NEW.body WHERE rowid=OLD.id; END"
  };

  private void everybodySearches(String[] index) {
    everybodyHas(NOTES);
    fleet.all().forEach(each -> each.edit(index));
  }

  private static List<String> found(Workstation at, String word) {
    return at.db().rows("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid", word);
  }

  @AfterEach
  void everyFileIsWhole() {
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("PRAGMA integrity_check")).containsExactly("ok");
      if (each.db().hasTable("found")) {
        each.edit("INSERT INTO found(found, rank) VALUES('integrity-check', 1)");
      }
    }
  }

  private void theStoryOfAnIndex(String[] index) {
    everybodySearches(index);
    anna.edit(
        "INSERT INTO notes(id, title, body) VALUES(1,'one','harbour'),(2,'two','bridge'),(3,'three','tunnel')");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(ben, "harbour")).containsExactly("1");
    ben.edit("UPDATE notes SET body='lighthouse' WHERE id=1", "DELETE FROM notes WHERE id=2");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(anna, "harbour")).isEmpty();
    assertThat(found(cara, "lighthouse")).containsExactly("1");
    assertThat(found(cara, "bridge")).isEmpty();
    // swapped values: rows step aside and come back
    cara.edit(
        "UPDATE notes SET title='x' WHERE id=1",
        "UPDATE notes SET title='one' WHERE id=3",
        "UPDATE notes SET title='three' WHERE id=1");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(ben, "title:three")).containsExactly("1");
    // the same row at two places
    anna.edit("UPDATE notes SET body='anna', updated_at='2025-06-01 10:00:00' WHERE id=3");
    ben.edit("UPDATE notes SET body='ben', updated_at='2025-06-01 11:00:00' WHERE id=3");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(anna, "ben")).containsExactly("3");
    assertThat(found(anna, "anna")).isEmpty();
    // two new rows claim one value
    anna.edit("INSERT INTO notes(id, title, body) VALUES(10,'taken','first')");
    ben.edit("INSERT INTO notes(id, title, body) VALUES(11,'taken','second')");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(cara, "taken")).hasSize(1);
    // and the application goes on
    for (Workstation each : fleet.all()) {
      each.edit(
          "UPDATE notes SET body=body || ' " + each.name() + "x'", "DELETE FROM notes WHERE id=3");
      assertThat(found(each, each.name() + "x")).isNotEmpty();
      fleet.settle().assertSameRows("Notes");
    }
  }

  @Test
  void a_full_text_index_over_a_synced_table_finds_what_others_wrote() {
    theStoryOfAnIndex(EXTERNAL);
  }

  @Test
  void a_full_text_index_with_content_of_its_own_finds_what_others_wrote() {
    theStoryOfAnIndex(OWN);
  }

  @Test
  void the_index_follows_a_record_whose_number_was_taken() {
    everybodyHas(
        "CREATE TABLE Notes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT UNIQUE, body TEXT)");
    fleet.all().forEach(each -> each.edit(EXTERNAL));
    anna.edit("INSERT INTO notes(title, body) VALUES('a','harbour')");
    ben.edit("INSERT INTO notes(title, body) VALUES('b','bridge')");
    fleet.settle().assertSameRows("Notes");
    for (Workstation each : fleet.all()) {
      String id = each.db().value("SELECT id FROM notes WHERE title='b'");
      assertThat(found(each, "bridge")).containsExactly(id);
    }
  }

  @Test
  void what_triggers_keep_of_a_record_goes_with_it_though_another_one_has_its_number() {
    String[] kept = {
      "CREATE TABLE kept(uid TEXT PRIMARY KEY, title TEXT)",
      "CREATE TRIGGER pages_ai AFTER INSERT ON pages BEGIN INSERT INTO kept(uid, title) VALUES(NEW.uid, NEW.title); END",
      "CREATE TRIGGER pages_ad AFTER DELETE ON pages BEGIN DELETE FROM kept WHERE uid=OLD.uid; END",
      "CREATE TRIGGER pages_au AFTER UPDATE ON pages BEGIN UPDATE kept SET title=NEW.title WHERE uid=OLD.uid; END"
    };
    for (Workstation each : fleet.all()) {
      each.rule("kept", new TableRule(null, false, List.of(), false, List.of(), false, false));
    }
    everybodyHas("CREATE TABLE pages(id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT, title TEXT)");
    fleet.all().forEach(each -> each.edit(kept));
    anna.edit("INSERT INTO pages(uid, title) VALUES('u1','of anna')").syncWell();
    ben.syncWell();
    anna.edit("DELETE FROM pages WHERE uid='u1'").syncWell();
    cara.edit("INSERT INTO pages(uid, title) VALUES('u2','of cara')").syncWell();
    assertThat(cara.db().value("SELECT id FROM pages WHERE uid='u2'")).isEqualTo("1");
    ben.syncWell(); // meets the delete and the other record at once
    assertThat(ben.db().rows("SELECT uid, title FROM kept")).containsExactly("u2|of cara");
    fleet.settle().assertSameRows("pages");
  }

  @Test
  void a_spatial_index_knows_the_places_others_entered() {
    everybodyHas("CREATE TABLE sites(id INTEGER PRIMARY KEY, x REAL, y REAL)");
    for (Workstation each : fleet.all()) {
      each.edit(
          "CREATE VIRTUAL TABLE places USING rtree(id, minX, maxX, minY, maxY)",
          "CREATE TRIGGER s1 AFTER INSERT ON sites BEGIN INSERT INTO places VALUES(NEW.id, NEW.x, NEW.x, NEW.y, NEW.y); END",
          "CREATE TRIGGER s2 AFTER UPDATE OF x, y ON sites BEGIN UPDATE places SET minX=NEW.x, maxX=NEW.x, minY=NEW.y, maxY=NEW.y WHERE id=NEW.id; END",
          "CREATE TRIGGER s3 AFTER DELETE ON sites BEGIN DELETE FROM places WHERE id=OLD.id; END");
    }
    anna.edit("INSERT INTO sites(id, x, y) VALUES(1, 10, 10), (2, 20, 20)");
    fleet.settle();
    ben.edit("UPDATE sites SET x=30 WHERE id=1", "DELETE FROM sites WHERE id=2");
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT id, minX FROM places")).containsExactly("1|30.0");
    }
  }

  @Test
  void the_triggers_stand_as_they_stood_and_in_their_order() {
    everybodySearches(EXTERNAL);
    String all =
        "SELECT name, sql FROM sqlite_master WHERE name LIKE 'notes\\_%' ESCAPE '\\' ORDER BY rowid";
    ben.edit("CREATE TRIGGER notes_check BEFORE INSERT ON notes BEGIN SELECT 1; END");
    List<String> before = ben.db().rows(all);
    anna.edit("INSERT INTO notes(id, title, body) VALUES(1,'one','harbour')");
    fleet.settle();
    assertThat(found(ben, "harbour")).containsExactly("1");
    assertThat(ben.db().rows(all)).isEqualTo(before);
  }

  @Test
  void a_stale_index_holds_the_rows_it_refuses_until_it_is_made_anew() {
    everybodySearches(EXTERNAL);
    anna.edit("INSERT INTO notes(id, title, body) VALUES(1,'one','harbour'),(2,'two','bridge')");
    fleet.settle();
    ben.edit("INSERT INTO found(found) VALUES('delete-all')");
    anna.edit("UPDATE notes SET body='changed' WHERE id=1", "DELETE FROM notes WHERE id=2");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held()).containsOnlyKeys("Notes 1", "Notes 2");
    assertThat(outcome.report().held().get("Notes 1")).contains("stale", "doctor");
    ben.edit("INSERT INTO found(found) VALUES('rebuild')");
    fleet.settle().assertSameRows("Notes");
    assertThat(found(ben, "changed")).containsExactly("1");
  }

  @Test
  void a_conflict_that_is_restored_and_a_rollback_reach_the_index() {
    everybodySearches(EXTERNAL);
    anna.edit("INSERT INTO notes(id, title, body) VALUES(1,'one','harbour')");
    fleet.settle();
    anna.edit("UPDATE notes SET body='anna', updated_at='2025-06-01 10:00:00'");
    ben.edit("UPDATE notes SET body='ben', updated_at='2025-06-01 11:00:00'");
    fleet.settle();
    new Resolution(cara.plan(), cara.clock())
        .restore(cara.db().value("SELECT id FROM sync_conflicts"));
    fleet.settle().assertSameRows("Notes");
    assertThat(found(ben, "anna")).containsExactly("1");
    assertThat(found(cara, "ben")).isEmpty();
  }
}
