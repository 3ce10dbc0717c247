package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

/** verify, ledger rebuild, schema accept, detach. */
class CareCommandsTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void syncSomething() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.type("sync");
  }

  @Test
  void verify_is_exit_0_where_every_row_is_as_the_ledger_has_it() {
    Typed verify = anna.type("verify", "--json");

    assertThat(verify.exitCode()).isZero();
    assertThat(verify.json()).containsEntry("success", true);
    assertThat(verify.at("databases.server.found.local.tables.quotes"))
        .asInstanceOf(MAP)
        .containsEntry("rows", 2L)
        .containsEntry("differing", 0L);
    assertThat(anna.type("verify").out()).contains("all as the ledger has them");
  }

  @Test
  void verify_names_a_row_of_the_master_that_was_altered_behind_its_back_and_repairs_it() {
    alterUnseen();

    Typed verify = anna.type("verify", "--json");
    Typed repair = anna.type("verify", "--repair", "--json");

    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.json()).containsEntry("success", false);
    assertThat(verify.at("databases.server.found.master.tables.quotes.differing")).isEqualTo(1L);
    assertThat(repair.exitCode()).isZero();
    assertThat(anna.type("verify").exitCode()).isZero();
  }

  @Test
  void verify_says_what_it_did_not_compare_and_is_exit_1() {
    anna.edit("UPDATE quotes SET projectName='unsent' WHERE quoteId='Q1'");

    Typed verify = anna.type("verify");
    Typed json = anna.type("verify", "--json");

    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out())
        .contains("1 row compared, all as the ledger has them; 1 not compared")
        .contains("quotes: 1 not compared, edited and not sent yet: `tidemark sync` sends them");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.json()).containsEntry("success", false);
    assertThat(json.at("databases.server.found.local.notCompared")).isEqualTo(1L);
    assertThat(json.at("databases.server.found.local.tables.quotes.pending")).isEqualTo(1L);
    anna.type("sync");
    assertThat(anna.type("verify").exitCode()).isZero();
  }

  @Test
  void verify_does_not_call_it_well_where_there_was_nothing_to_compare() {
    anna.edit("DELETE FROM quotes");
    anna.type("sync");
    Typed empty = anna.type("verify");
    assertThat(empty.exitCode()).isZero();
    assertThat(empty.out()).contains("server: there are no rows to compare");

    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    anna.edit("UPDATE quotes SET projectName='unsent'");
    Typed unsent = anna.type("verify");
    assertThat(unsent.exitCode()).isEqualTo(1);
    assertThat(unsent.out())
        .contains("server: nothing compared: 1 row left out")
        .contains("quotes: 1 not compared, edited and not sent yet");
  }

  /** As a disk fault would, or a tool that drops the triggers. */
  private void alterUnseen() {
    var master = office.master("server");
    for (String trigger :
        master.rows("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='quotes'")) {
      master.execute("DROP TRIGGER \"" + trigger + "\"");
    }
    master.execute("UPDATE quotes SET projectName='altered' WHERE quoteId='Q1'");
  }

  @Test
  void a_lost_ledger_is_made_anew_from_this_workstation() throws Exception {
    FileUtils.deleteDirectory(office.share().resolve("server.db-ledger").toFile());
    assertThat(anna.type("sync").exitCode()).isEqualTo(3);
    assertThat(anna.type("sync").err()).contains("ledger rebuild");

    Typed rebuild = anna.type("ledger", "rebuild");

    assertThat(rebuild.exitCode()).isZero();
    assertThat(anna.type("sync").exitCode()).isZero();
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    assertThat(ben.db("server").rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("Q1", "Q2");
  }

  @Test
  void a_table_whose_shape_changed_is_named_until_it_is_accepted() {
    anna.edit("ALTER TABLE quotes DROP COLUMN bom");
    Typed refused = anna.type("sync", "--json");

    Typed accepted = anna.type("schema", "accept", "--table", "quotes");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.at("databases.server.heldBack").toString())
        .contains("schema accept --table quotes");
    assertThat(accepted.exitCode()).isZero();
    assertThat(anna.type("sync").exitCode()).isZero();
  }

  @Test
  void an_unknown_table_cannot_be_accepted() {
    assertThat(anna.type("schema", "accept", "--table", "nix").exitCode()).isEqualTo(2);
    assertThat(anna.type("schema", "accept").exitCode()).isEqualTo(2);
    assertThat(anna.type("schema", "accept").err()).contains("--table");
  }

  @Test
  void detach_leaves_the_applications_data_and_nothing_of_ours() {
    Typed detach = anna.type("detach", "--db", "server");

    assertThat(detach.exitCode()).isZero();
    assertThat(
            anna.db("server")
                .rows("SELECT name FROM sqlite_master WHERE name LIKE 'sync\\_%' ESCAPE '\\'"))
        .isEmpty();
    assertThat(anna.db("server").rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("Q1", "Q2");
  }

  @Test
  void detach_tells_of_what_nobody_else_gets() {
    anna.type("sync");
    assertThat(anna.type("detach", "--db", "server").out()).doesNotContain("not sent");

    anna.type("sync");
    anna.edit("UPDATE quotes SET projectName='unsent' WHERE quoteId='Q1'");
    assertThat(anna.type("detach", "--db", "server").out())
        .contains("1 row was edited and not sent");
  }

  @Test
  void detach_of_a_database_that_is_not_there_says_so_and_makes_none() throws IOException {
    Files.delete(anna.file("server"));

    Typed detach = anna.type("detach", "--db", "server");

    assertThat(detach.exitCode()).isEqualTo(2);
    assertThat(detach.err()).contains(anna.file("server").toString(), "databases.server.local");
    assertThat(anna.file("server")).doesNotExist();
  }

  @Test
  void detach_needs_a_name_so_that_nobody_does_it_by_an_oversight() {
    assertThat(anna.type("detach").exitCode()).isEqualTo(2);
    assertThat(anna.type("detach", "--db", "nix").exitCode()).isEqualTo(2);
  }
}
