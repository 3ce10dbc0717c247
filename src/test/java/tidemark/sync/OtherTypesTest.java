package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** A column that is declared otherwise here than there. */
class OtherTypesTest extends FleetTest {
  private void annaHas(String type, String value) {
    anna.edit(
        "CREATE TABLE parts(id TEXT PRIMARY KEY, code " + type + ", note TEXT)",
        "INSERT INTO parts(id, code) VALUES('P'," + value + ")");
    anna.syncWell();
  }

  private static void has(Workstation at, String type) {
    at.edit("CREATE TABLE parts(id TEXT PRIMARY KEY, code " + type + ", note TEXT)");
  }

  private static String sync(Workstation at) {
    var outcome = at.sync();
    assertThat(outcome.failure()).isNull();
    return outcome.status() + " " + outcome.report().held().values() + outcome.report().notes();
  }

  @Test
  void a_text_that_would_become_a_number_is_held_and_does_not_come_back_changed() {
    annaHas("TEXT", "'007'");
    has(ben, "INTEGER");
    assertThat(sync(ben))
        .startsWith("partial")
        .contains("column code is declared INTEGER here and would change '007'")
        .contains("parts.code is declared INTEGER here and as TEXT by the others");
    ben.edit("INSERT INTO parts(id, note) VALUES('B','by ben')");
    anna.edit("UPDATE parts SET note='by anna' WHERE id='P'");
    fleet.settle();
    assertThat(anna.db().value("SELECT quote(code) FROM parts WHERE id='P'")).isEqualTo("'007'");
    assertThat(cara.db().value("SELECT quote(code) FROM parts WHERE id='P'")).isEqualTo("'007'");
    ben.edit(
        "CREATE TABLE p2(id TEXT PRIMARY KEY, code TEXT, note TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
        "INSERT INTO p2 SELECT * FROM parts",
        "DROP TABLE parts",
        "ALTER TABLE p2 RENAME TO parts");
    fleet.settle().assertSame();
    assertThat(sync(ben)).isEqualTo("success [][]");
  }

  @Test
  void what_the_master_cannot_take_is_told_by_every_run_until_it_can() {
    annaHas("TEXT", "'A-1'");
    fleet.settle();
    masterHas("INTEGER");
    anna.syncWell();
    anna.edit("INSERT INTO parts(id, code) VALUES('Q','007')");
    assertThat(sync(anna)).startsWith("partial").contains("in the master: ", "'007'");
    assertThat(sync(anna)).startsWith("partial").contains("in the master: ", "'007'");
    assertThat(sync(ben)).startsWith("partial").contains("in the master: ", "'007'");
    masterHas("TEXT");
    assertThat(sync(anna)).isEqualTo("success [][]");
    fleet.settle().assertSame();
  }

  /** Else the note on the share would be too large to be read, and every run would fold. */
  @Test
  void of_a_row_with_a_very_long_key_the_master_notes_the_beginning() throws IOException {
    annaHas("TEXT", "'A-1'");
    fleet.settle();
    masterHas("INTEGER");
    anna.syncWell();
    anna.edit("INSERT INTO parts(id, code) VALUES(hex(zeroblob(1000000)),'007')");
    assertThat(sync(anna)).startsWith("partial").contains("in the master: ");
    Path note = fleet.share().resolve("server.db-ledger/fold/master.json");
    assertThat(note).isNotEmptyFile();
    assertThat(Files.size(note)).isLessThan(5_000);
    assertThat(sync(anna)).startsWith("partial").contains("in the master: ");
  }

  private void masterHas(String type) {
    String columns = "id, code, note, updated_at, updated_by, synced_at";
    fleet
        .master()
        .execute(
            "CREATE TABLE p2(id TEXT PRIMARY KEY, code "
                + type
                + ", note TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
            "INSERT INTO p2 SELECT " + columns + " FROM parts",
            "DROP TABLE parts",
            "ALTER TABLE p2 RENAME TO parts");
  }

  @Test
  void numbers_that_would_become_texts_or_other_numbers_are_held() {
    record Pair(String there, String value, String here) {}
    for (Pair pair :
        List.of(
            new Pair("INTEGER", "7", "TEXT"),
            new Pair("REAL", "5.0", "INTEGER"),
            new Pair("INTEGER", "5", "REAL"),
            new Pair("", "'1e3'", "NUMERIC"),
            new Pair("TEXT", "' 12 '", "DATETIME"))) {
      workstationsIn(folder.resolve(pair.there() + pair.here() + pair.value().hashCode()));
      annaHas(pair.there(), pair.value());
      has(ben, pair.here());
      assertThat(sync(ben)).as(pair.toString()).contains("would change");
      assertThat(ben.db().rows("SELECT * FROM parts")).as(pair.toString()).isEmpty();
    }
  }

  @Test
  void values_that_every_declaration_keeps_travel_and_the_difference_is_named() {
    annaHas("TEXT", "'A-1'");
    has(ben, "NUMERIC");
    assertThat(sync(ben)).startsWith("success").contains("parts.code is declared NUMERIC here");
    ben.edit("UPDATE parts SET note='by ben'");
    fleet.settle().assertSame();
  }

  @Test
  void the_same_declaration_holds_nothing_whatever_is_stored() {
    anna.edit(
        "CREATE TABLE parts(id TEXT PRIMARY KEY, a INTEGER, b REAL, c NUMERIC, d TEXT, e, f DATETIME, g DECIMAL(10,2))",
        "INSERT INTO parts(id,a,b,c,d,e,f,g) VALUES('1','007',7,'5.0',7,'007','2025-01-01 10:00:00','12.50'),('2',1e300,'1e3',9e18,x'00','1e3','12','x'),('3',5.5,5,'0x10','5',5.0,1e3,9007199254740993)");
    fleet.settle().assertSame();
    ben.edit("UPDATE parts SET e='edited'");
    fleet.settle().assertSame();
    assertThat(sync(cara)).isEqualTo("success [][]");
  }
}
