package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.Typed;

class ConflictsCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;
  private Office.Desk ben;

  /** Both rename a quote; Ben, who syncs second, decides. */
  private void bothRename(String config) {
    Office office = new Office(folder);
    anna = office.desk("anna").configured(config);
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')");
    anna.type("sync");
    ben = office.emptyDesk("ben", "server").configured(config);
    ben.type("sync");
    anna.edit("UPDATE quotes SET projectName='Anna', updated_at='2025-01-15 10:00:00'");
    ben.edit("UPDATE quotes SET projectName='Ben', updated_at='2025-01-15 11:00:00'");
    anna.type("sync");
    ben.type("sync");
    anna.type("sync");
  }

  private static String name(Office.Desk desk) {
    return desk.db("server").value("SELECT projectName FROM quotes");
  }

  private static String id(Office.Desk desk) {
    return desk.type("conflicts", "--json").rows().get(0).get("id").toString();
  }

  @Test
  void json_is_an_array_of_sync_conflicts_rows_with_the_data_as_objects() {
    bothRename("");

    var rows = anna.type("conflicts", "list", "--json").rows();

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0))
        .containsEntry("database", "server")
        .containsEntry("table_name", "quotes")
        .containsEntry("row_key", List.of("Q1"))
        .containsEntry("kind", "update")
        .containsEntry("local_by", "ben")
        .containsEntry("remote_by", "anna")
        .containsEntry("local_at", "2025-01-15T11:00:00.000Z")
        .containsEntry("remote_at", "2025-01-15T10:00:00.000Z")
        .containsEntry("winner", "local")
        .containsEntry("workstation", "PC-ben")
        .containsEntry("resolved", 1L)
        .containsKeys("id", "timestamp", "entry", "resolution", "resolved_by", "resolved_at");
    assertThat(rows.get(0).get("local_data")).asInstanceOf(MAP).containsEntry("projectName", "Ben");
    assertThat(rows.get(0).get("remote_data"))
        .asInstanceOf(MAP)
        .containsEntry("projectName", "Anna");
  }

  @Test
  void people_see_who_won_and_both_versions_column_by_column() {
    bothRename("");

    assertThat(anna.type("conflicts").out()).contains("quotes Q1", "ben's version won");
    assertThat(anna.type("conflicts", "show", id(anna).substring(0, 8)).out())
        .containsPattern("\\* +projectName +Ben +Anna")
        .containsPattern(" {3,}quoteId +Q1 +Q1")
        .contains("conflicts restore");
  }

  @Test
  void a_loser_is_brought_back_with_one_command() {
    bothRename("");

    Typed restored = anna.type("conflicts", "restore", id(anna));
    anna.type("sync");
    ben.type("sync");

    assertThat(restored.exitCode()).isZero();
    assertThat(restored.out()).contains("quotes Q1", "is back");
    assertThat(name(anna)).isEqualTo("Anna");
    assertThat(name(ben)).isEqualTo("Anna");
  }

  @Test
  void an_open_conflict_is_settled_by_choosing_a_side() {
    bothRename("tables:\n  quotes: { conflicts: manual }\n");
    assertThat(ben.type("conflicts").out()).contains("open at PC-ben");

    Typed chosen = ben.type("conflicts", "resolve", id(ben), "--keep", "remote", "--json");
    Typed sync = ben.type("sync");

    assertThat(chosen.exitCode()).isZero();
    assertThat(chosen.json()).containsEntry("winner", "remote").containsEntry("resolved", 1L);
    assertThat(sync.exitCode()).isZero();
    assertThat(name(ben)).isEqualTo("Anna");
  }

  @Test
  void an_open_conflict_is_settled_by_a_third_version_in_a_file() {
    bothRename("tables:\n  quotes: { conflicts: manual }\n");
    Path file = folder.resolve("row.json");
    Office.write(file, "{\"quoteId\":\"Q1\",\"projectName\":\"both\"}");

    Typed chosen = ben.type("conflicts", "resolve", id(ben), "--keep", file.toString());
    ben.type("sync");
    anna.type("sync");

    assertThat(chosen.exitCode()).isZero();
    assertThat(name(anna)).isEqualTo("both");
    assertThat(anna.type("conflicts").out()).contains("a row that ben gave stands");
    assertThat(anna.type("conflicts", "show", id(anna)).out())
        .containsPattern("\\* +projectName +Ben +Anna +both")
        .contains("--which local|remote|given");
    assertThat(anna.type("conflicts", "--json").rows().get(0).get("given_data"))
        .asInstanceOf(MAP)
        .containsEntry("projectName", "both");

    Typed back = anna.type("conflicts", "restore", id(anna), "--which", "local");

    assertThat(back.out()).contains("the local version is back");
    assertThat(name(anna)).isEqualTo("Ben");
    assertThat(anna.type("conflicts").out()).contains("then the local version was restored");
    assertThat(anna.type("conflicts", "restore", id(anna), "--which", "mine").exitCode())
        .isEqualTo(2);
  }

  @Test
  void wrong_usage_is_exit_2_and_changes_nothing() {
    bothRename("");
    Path file = folder.resolve("row.json");
    Office.write(file, "not a row");

    Typed unknown = anna.type("conflicts", "show", "xyz");
    Typed missing = anna.type("conflicts", "resolve", id(anna));
    Typed noFile = anna.type("conflicts", "restore", id(anna), "--keep", "/nowhere.json");
    Typed noRow = anna.type("conflicts", "restore", id(anna), "--keep", file.toString());

    assertThat(List.of(unknown, missing, noFile, noRow)).allMatch(typed -> typed.exitCode() == 2);
    assertThat(unknown.err()).contains("xyz", "`tidemark conflicts`");
    assertThat(missing.err()).contains("--keep");
    assertThat(name(anna)).isEqualTo("Ben");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "row_key='no key at all'|no key at all",
        "row_key='[]'|[]",
        "row_key='{}'|{}",
        "row_key='[null]'|[null]",
        "local_data='half of {'|half of {",
        "remote_data='[1,2]'|[1,2]",
        "local_data='{\"a\":99999999999999999999}'|99999999999999999999",
        "given_data='half of ['|half of ["
      })
  void what_cannot_be_read_of_a_conflict_is_shown_as_it_is(String damage, String shown) {
    bothRename("");
    String id = id(anna);
    anna.edit("UPDATE sync_conflicts SET resolved=0, entry=NULL, " + damage);

    assertThat(anna.type("conflicts").exitCode()).isZero();
    Typed json = anna.type("conflicts", "--json");
    assertThat(json.rows()).as(json.toString()).hasSize(1);
    Typed one = anna.type("conflicts", "show", id);
    assertThat(one.exitCode()).as(one.toString()).isZero();
    assertThat(one.out()).contains(shown);
    assertThat(anna.type("status", "--pending").exitCode()).isLessThanOrEqualTo(1);
    assertThat(anna.type("sync").exitCode()).isZero();
    for (String[] word :
        new String[][] {
          {"conflicts", "resolve", id, "--keep", "local"},
          {"conflicts", "resolve", id, "--keep", "remote"},
          {"conflicts", "restore", id}
        }) {
      Typed choice = anna.type(word);
      assertThat(choice.exitCode()).as(choice.toString()).isNotEqualTo(70);
    }
  }

  @Test
  void a_conflict_about_a_key_of_another_kind_is_no_bug() {
    bothRename("");
    String id = id(anna);
    anna.edit("UPDATE sync_conflicts SET local_data=NULL, remote_data=NULL, row_key='[\"Q1\",2]'");

    Typed choice = anna.type("conflicts", "restore", id);

    assertThat(choice.exitCode()).as(choice.toString()).isNotZero().isNotEqualTo(70);
    assertThat(name(anna)).isEqualTo("Ben");
  }
}
