package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/**
 * What is deleted stays deleted, what is edited is not lost, and what never changed beats nothing.
 */
class DeletePromisesTest extends FleetTest {
  private static final String RELAYS = "SELECT count(*) FROM components WHERE sku='S1'";
  private static final String RELAY = "SELECT description FROM components WHERE sku='S1'";

  private static final String PARTS =
      "SELECT group_concat(sku||description) FROM (SELECT * FROM components ORDER BY sku)";

  @BeforeEach
  void three_workstations_know_some_parts() {
    everybodyHasTheApplicationsTables(
        "CREATE TABLE tags(id INTEGER PRIMARY KEY, label TEXT, colour TEXT)",
        "CREATE UNIQUE INDEX one_label ON tags(label COLLATE NOCASE)",
        "INSERT INTO tags(id, label, colour) VALUES(1,'Red','r'),(2,'Green','g'),(3,'Blue','b')",
        "INSERT INTO manual_quotes(quoteNumber, type, data) VALUES('N1','t','one'),('N2','t','two')",
        "INSERT INTO components(sku, description) VALUES('S1','Relay'),('S2','Fuse'),('S3','Lamp')");
  }

  private static String all(Workstation workstation) {
    return String.join("\n", workstation.conflicts());
  }

  // ---- gone is gone

  @Test
  void a_row_deleted_on_one_workstation_is_gone_everywhere_and_stays_gone() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    everywhere(RELAYS, "0");
    ben.edit("UPDATE components SET price=5 WHERE sku='S2'");
    cara.edit("INSERT INTO components(sku) VALUES('S9')");
    everywhere(RELAYS, "0");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void a_deleted_row_stays_gone_though_a_workstation_was_offline_meanwhile_and_edited_other_rows() {
    cara.edit("UPDATE components SET price=5 WHERE sku='S2'");
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    ben.syncWell();
    ben.edit("UPDATE components SET price=6 WHERE sku='S3'");
    ben.syncWell();
    cara.edit("INSERT INTO components(sku) VALUES('S9')", "DELETE FROM components WHERE sku='S9'");
    cara.syncWell();
    cara.edit("UPDATE components SET price=7 WHERE sku='S2'");
    everywhere(RELAYS, "0");
    assertThat(anna.db().value("SELECT group_concat(price) FROM components")).isEqualTo("7.0,6.0");
    assertThat(cara.conflicts()).isEmpty();
  }

  @Test
  void a_row_deleted_stays_gone_for_who_joins_later() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    fleet.workstation("dora");
    everywhere(RELAYS, "0");
  }

  @Test
  void a_row_deleted_by_two_is_gone_without_a_conflict() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    ben.edit("DELETE FROM components WHERE sku='S1'");
    everywhere(RELAYS, "0");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void a_row_made_and_deleted_between_two_syncs_leaves_no_trace() {
    anna.edit("INSERT INTO components(sku) VALUES('S9')", "DELETE FROM components WHERE sku='S9'");
    assertThat(anna.syncWell().report().totalPushed()).isZero();
    everywhere("SELECT count(*) FROM components", "3");
  }

  @Test
  void deleting_all_rows_of_a_table_deletes_them_everywhere() {
    anna.edit("DELETE FROM components");
    everywhere("SELECT count(*) FROM components", "0");
  }

  // ---- delete against edit

  @Test
  void an_edit_later_than_the_delete_wins_and_both_know_of_it() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    Wait.aMoment();
    ben.edit("UPDATE components SET description='Relay 24V' WHERE sku='S1'");
    everywhere(RELAY, "Relay 24V");
    for (Workstation workstation : fleet.all()) {
      assertThat(
              workstation
                  .db()
                  .value("SELECT kind, winner, remote_data, remote_by FROM sync_conflicts"))
          .as(workstation.name())
          .isEqualTo("delete|local|null|anna");
    }
  }

  @Test
  void a_delete_later_than_the_edit_wins_and_the_edit_is_kept_whole_at_its_author_too() {
    ben.edit("UPDATE components SET description='Relay 24V' WHERE sku='S1'");
    Wait.aMoment();
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    everywhere(RELAYS, "0");
    for (Workstation workstation : fleet.all()) {
      assertThat(
              workstation
                  .db()
                  .value("SELECT kind, winner, local_by, remote_data FROM sync_conflicts"))
          .as(workstation.name())
          .isEqualTo("delete|remote|ben|null");
      assertThat(workstation.db().value("SELECT local_data FROM sync_conflicts"))
          .contains("Relay 24V");
    }
  }

  @Test
  void an_edit_posted_first_loses_to_a_later_delete_and_is_kept_at_its_author_too() {
    ben.edit("UPDATE components SET description='Relay 24V' WHERE sku='S1'");
    ben.syncWell();
    Wait.aMoment();
    anna.edit("DELETE FROM components WHERE sku='S1'");
    everywhere(RELAYS, "0");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(all(w)).contains("Relay 24V"));
  }

  @Test
  void an_edit_posted_first_beats_an_earlier_delete() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    Wait.aMoment();
    ben.edit("UPDATE components SET description='Relay 24V' WHERE sku='S1'");
    ben.syncWell();
    everywhere(RELAY, "Relay 24V");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).hasSize(1));
  }

  @Test
  void with_the_rule_master_what_is_in_the_ledger_wins_be_it_delete_or_edit() {
    ben.conflicts = ConflictRule.MASTER;
    anna.edit(
        "DELETE FROM components WHERE sku='S1'",
        "UPDATE components SET description='A' WHERE sku='S2'");
    anna.syncWell();
    Wait.aMoment();
    ben.edit(
        "UPDATE components SET description='B' WHERE sku='S1'",
        "DELETE FROM components WHERE sku='S2'");
    everywhere(PARTS, "S2A,S3Lamp");
    assertThat(all(anna)).contains("\"B\"");
  }

  @Test
  void with_the_rule_local_what_is_pending_wins_be_it_delete_or_edit() {
    ben.conflicts = ConflictRule.LOCAL;
    ben.edit(
        "UPDATE components SET description='B' WHERE sku='S1'",
        "DELETE FROM components WHERE sku='S2'");
    Wait.aMoment();
    anna.edit(
        "DELETE FROM components WHERE sku='S1'",
        "UPDATE components SET description='A' WHERE sku='S2'");
    anna.syncWell();
    everywhere(PARTS, "S1B,S3Lamp");
    assertThat(all(anna)).contains("\"A\"");
  }

  // ---- deleted and made again

  @Test
  void deleting_and_re_creating_a_key_on_one_workstation_works() {
    anna.edit(
        "DELETE FROM components WHERE sku='S1'",
        "INSERT INTO components(sku, description) VALUES('S1','Another')");
    everywhere(RELAY, "Another");
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    anna.edit("INSERT INTO components(sku, description) VALUES('S1','A third')");
    everywhere(RELAY, "A third");
    anna.edit("DELETE FROM components WHERE sku='S1'");
    everywhere(RELAYS, "0");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void re_creating_on_another_workstation_a_key_that_was_deleted_works() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    fleet.settle();
    ben.edit("INSERT INTO components(sku, description) VALUES('S1','Ben''s')");
    everywhere(RELAY, "Ben's");
    cara.edit("DELETE FROM components WHERE sku='S1'");
    everywhere(RELAYS, "0");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void deleting_and_re_creating_offline_a_key_that_another_deleted_keeps_the_new_row() {
    ben.edit("DELETE FROM components WHERE sku='S1'");
    ben.edit("INSERT INTO components(sku, description) VALUES('S1','Ben''s')");
    anna.edit("DELETE FROM components WHERE sku='S1'");
    Wait.aMoment();
    ben.edit("UPDATE components SET price=3 WHERE sku='S1'");
    anna.syncWell();
    everywhere(RELAY, "Ben's");
  }

  @Test
  void two_who_re_create_a_deleted_key_have_a_conflict_and_the_loser_is_kept() {
    anna.edit("DELETE FROM components WHERE sku='S1'");
    fleet.settle();
    ben.edit("INSERT INTO components(sku, description, updated_at) VALUES('S1','Ben''s', NULL)");
    Wait.aMoment();
    cara.edit("INSERT INTO components(sku, description, updated_at) VALUES('S1','Cara''s', NULL)");
    ben.syncWell();
    everywhere(RELAY, "Cara's");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(all(w)).contains("Ben's"));
  }

  @Test
  void a_renamed_key_is_gone_under_its_old_name_and_there_under_its_new() {
    anna.edit("UPDATE components SET sku='S1b' WHERE sku='S1'");
    everywhere(PARTS, "S1bRelay,S2Fuse,S3Lamp");
  }

  @Test
  void keys_that_swapped_their_names_are_swapped_everywhere() {
    anna.edit(
        "UPDATE components SET sku='tmp' WHERE sku='S1'",
        "UPDATE components SET sku='S1' WHERE sku='S2'",
        "UPDATE components SET sku='S2' WHERE sku='tmp'");
    everywhere(PARTS, "S1Fuse,S2Relay,S3Lamp");
  }

  // ---- INSERT OR REPLACE, INSERT OR IGNORE

  @Test
  void insert_or_replace_under_its_key_is_an_edit() {
    anna.edit("INSERT OR REPLACE INTO components(sku, description) VALUES('S1','Replaced')");
    everywhere(RELAY, "Replaced");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void insert_or_replace_that_evicts_another_row_through_unique_deletes_that_row_everywhere() {
    anna.edit(
        "INSERT OR REPLACE INTO manual_quotes(quoteNumber, type, data) VALUES('N1','t','new')");
    everywhere(
        "SELECT group_concat(quoteNumber||data) FROM (SELECT * FROM manual_quotes ORDER BY id)",
        "N2two,N1new");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void insert_or_replace_that_evicts_through_a_nocase_index_deletes_that_row_everywhere() {
    anna.edit("INSERT OR REPLACE INTO tags(id, label, colour) VALUES(9,'RED','rr')");
    everywhere(
        "SELECT group_concat(id||label) FROM (SELECT * FROM tags ORDER BY id)",
        "2Green,3Blue,9RED");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void insert_or_replace_that_evicts_by_key_and_by_value_at_once_is_carried_as_such() {
    anna.edit("INSERT OR REPLACE INTO tags(id, label, colour) VALUES(2,'red','rr')");
    everywhere(
        "SELECT group_concat(id||label) FROM (SELECT * FROM tags ORDER BY id)", "2red,3Blue");
  }

  @Test
  void update_or_replace_that_evicts_another_row_deletes_that_row_everywhere() {
    anna.edit("UPDATE OR REPLACE tags SET label='gReen' WHERE id=1");
    everywhere(
        "SELECT group_concat(id||label) FROM (SELECT * FROM tags ORDER BY id)", "1gReen,3Blue");
    anna.edit("UPDATE OR REPLACE components SET sku='S2' WHERE sku='S1'");
    everywhere(PARTS, "S2Relay,S3Lamp");
  }

  @Test
  void a_row_evicted_here_and_edited_there_goes_by_the_rule_and_the_loser_is_kept() {
    ben.edit("UPDATE tags SET colour='edited' WHERE id=1");
    ben.syncWell();
    Wait.aMoment();
    anna.edit("INSERT OR REPLACE INTO tags(id, label, colour) VALUES(9,'RED','rr')");
    fleet.settle().assertSame();
    assertThat(fleet.all()).allSatisfy(w -> assertThat(all(w)).contains("edited"));
  }

  @Test
  void insert_or_ignore_that_ignored_beats_no_real_edit() {
    ben.edit(
        "UPDATE components SET description='By Ben' WHERE sku='S1'",
        "UPDATE tags SET colour='By Ben' WHERE id=1");
    Wait.aMoment();
    anna.edit(
        "INSERT OR IGNORE INTO components(sku, description) VALUES('S1','Seed')",
        "INSERT OR IGNORE INTO tags(label, colour) VALUES('red','Seed')");
    ben.syncWell();
    everywhere(RELAY, "By Ben");
    assertThat(anna.db().value("SELECT colour FROM tags WHERE id=1")).isEqualTo("By Ben");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void insert_or_ignore_that_ignored_beats_no_real_edit_that_comes_later() {
    anna.edit("INSERT OR IGNORE INTO tags(label, colour) VALUES('red','Seed')");
    assertThat(anna.syncWell().report().totalPushed()).isZero();
    ben.edit("DELETE FROM tags WHERE id=1");
    everywhere("SELECT count(*) FROM tags", "2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void an_update_to_the_same_value_beats_no_real_edit() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    Wait.aMoment();
    anna.edit("UPDATE components SET description='Relay' WHERE sku='S1'");
    ben.syncWell();
    everywhere(RELAY, "By Ben");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @Test
  void an_edit_taken_back_before_it_was_synced_beats_no_real_edit() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    anna.edit("UPDATE components SET description='Wrong' WHERE sku='S1'");
    Wait.aMoment();
    anna.edit("UPDATE components SET description='Relay' WHERE sku='S1'");
    ben.syncWell();
    everywhere(RELAY, "By Ben");
  }

  @Test
  void an_update_of_the_stamp_alone_beats_no_real_edit() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    Wait.aMoment();
    anna.edit(
        "UPDATE components SET updated_at=strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE sku='S1'");
    ben.syncWell();
    everywhere(RELAY, "By Ben");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE components SET updated_at=NULL",
        "UPDATE components SET updated_at='2020-01-01 00:00:00', updated_by='nobody'",
        "UPDATE components SET description='Wrong', updated_at=NULL WHERE sku='S1';"
            + "UPDATE components SET description='Relay' WHERE sku='S1'"
      })
  void what_changed_nothing_but_stamps_leaves_those_that_everybody_has(String update) {
    List<String> before = anna.db().content("components");
    anna.edit(update.split(";"));
    assertThat(anna.db().content("components")).isNotEqualTo(before);
    assertThat(anna.syncWell().report().totalPushed()).isZero();
    assertThat(anna.db().content("components")).isEqualTo(before);
    fleet.settle().assertSame();
  }
}
