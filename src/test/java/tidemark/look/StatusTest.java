package tidemark.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

class StatusTest extends PairTest {
  @BeforeEach
  void twoWorkstations() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT CHECK(name<>'bad'))",
        "INSERT INTO quotes VALUES('Q1','one')");
  }

  private static DatabaseStatus look(Workstation workstation) {
    return new Status(workstation.plan(), workstation.ledger()).look();
  }

  private static List<Status.Waiting> pending(Workstation workstation) {
    List<Status.Waiting> waiting = new ArrayList<>();
    new Status(workstation.plan(), workstation.ledger()).pending(waiting::add);
    return waiting;
  }

  @Test
  void says_how_far_this_database_the_ledger_and_the_master_are() {
    anna.edit("UPDATE quotes SET name='two'");
    anna.syncWell();
    anna.edit("UPDATE quotes SET name='three'");
    DatabaseStatus atAnna = look(anna);
    DatabaseStatus atBen = look(ben);
    assertThat(atAnna.position()).isEqualTo(atAnna.ledgerHead());
    assertThat(atAnna.masterBehind()).isZero();
    assertThat(atAnna.tables().get("quotes").recordCount()).isEqualTo(1);
    assertThat(atAnna.pendingChanges()).isEqualTo(1);
    assertThat(atAnna.tables().get("quotes").lastSyncedAt()).isNotNull();
    assertThat(atAnna.clockSkewMs()).isNotNull();
    assertThat(atAnna.lastRun().run().status()).isEqualTo("success");
    assertThat(atAnna.reachable()).isTrue();
    assertThat(atBen.ledgerHead()).isEqualTo(atAnna.ledgerHead());
    assertThat(atBen.position()).isLessThan(atBen.ledgerHead());
  }

  @Test
  void finds_the_head_of_a_ledger_that_is_many_entries_ahead() {
    for (int i = 0; i < 11; i++) {
      anna.edit("UPDATE quotes SET name='n" + i + "'");
      anna.syncWell();
    }
    assertThat(look(ben).ledgerHead()).isEqualTo(look(anna).ledgerHead());
    assertThat(look(ben).ledgerHead() - look(ben).position()).isEqualTo(11);
  }

  @Test
  void works_while_the_share_is_away_and_says_so() throws IOException {
    anna.edit("UPDATE quotes SET name='two'");
    Files.move(fleet.share(), folder.resolve("elsewhere"));
    DatabaseStatus status = look(anna);
    assertThat(status.reachable()).isFalse();
    assertThat(status.trouble()).isNotEmpty();
    assertThat(status.masterBehind()).isNull();
    assertThat(status.ledgerHead()).isEqualTo(status.position());
    assertThat(status.pendingChanges()).isEqualTo(1);
    assertThat(status.lastRun()).isNotNull();
  }

  @Test
  void changes_not_a_byte_of_the_local_database() throws IOException {
    anna.edit("UPDATE quotes SET name='two'", "CREATE TABLE fresh(id INTEGER PRIMARY KEY)");
    byte[] before = Files.readAllBytes(anna.db().file());
    look(anna);
    pending(anna);
    assertThat(Files.readAllBytes(anna.db().file())).isEqualTo(before);
  }

  @Test
  void a_database_that_was_never_synced_or_is_not_there_has_a_status_too() {
    Workstation carl = fleet.workstation("carl");
    assertThat(look(carl).neverSynced()).isTrue();
    assertThat(Files.exists(carl.db().file())).isFalse();
    carl.edit("CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT)");
    assertThat(look(carl).neverSynced()).isTrue();
    assertThat(look(carl).ledgerHead()).isPositive();
    assertThat(pending(carl)).isEmpty();
  }

  @Test
  void every_row_that_waits_is_listed_with_its_state_and_reason() {
    ben.conflicts = ConflictRule.MANUAL;
    anna.edit(
        "UPDATE quotes SET name='annas'", "INSERT INTO quotes(quoteId, name) VALUES('Q2','new')");
    anna.syncWell();
    ben.edit(
        "UPDATE quotes SET name='bens'",
        "INSERT INTO quotes(quoteId, name) VALUES('Q3','bens too')");
    ben.edit(
        "DELETE FROM quotes WHERE quoteId='Q3'",
        "INSERT INTO quotes(quoteId, name) VALUES('Q4','four')");
    ben.sync();
    ben.edit("INSERT INTO quotes(quoteId, name) VALUES('Q5','five')");
    List<Status.Waiting> waiting = pending(ben);
    assertThat(waiting)
        .extracting(w -> w.row() + " " + w.state())
        .contains("quotes Q1 PENDING", "quotes Q1 HELD", "quotes Q1 OPEN", "quotes Q5 PENDING")
        .doesNotContain("quotes Q4 PENDING");
    assertThat(waiting).allSatisfy(w -> assertThat(w.reason()).isNotEmpty());
    DatabaseStatus status = look(ben);
    assertThat(status.held()).isEqualTo(1);
    assertThat(status.openConflicts()).isEqualTo(1);
    assertThat(look(anna).openConflicts()).isZero();
    anna.sync();
    assertThat(look(anna).openConflicts()).isEqualTo(1);
  }
}
