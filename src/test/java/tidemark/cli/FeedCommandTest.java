package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class FeedCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;

  @BeforeEach
  void makeChangeAndDelete() {
    Office office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    ben.edit("UPDATE quotes SET projectName='second' WHERE quoteId='Q1'");
    ben.type("sync");
    ben.edit("DELETE FROM quotes WHERE quoteId='Q1'");
    ben.type("sync");
  }

  @Test
  void json_is_an_array_oldest_first_with_what_was_before_and_after() {
    var rows = anna.type("feed", "--table", "quotes", "--key", "Q1", "--json").rows();

    assertThat(rows).hasSize(3);
    assertThat(rows.get(0))
        .containsEntry("database", "server")
        .containsEntry("entry", 1L)
        .containsEntry("by", "anna")
        .containsEntry("workstation", "PC-anna")
        .containsEntry("table", "quotes")
        .containsEntry("key", List.of("Q1"))
        .containsEntry("op", "put")
        .containsEntry("before", null);
    assertThat(rows.get(0).get("at").toString()).endsWith("Z");
    assertThat(rows.get(1)).containsEntry("entry", 2L).containsEntry("by", "ben");
    assertThat(rows.get(1).get("before")).asInstanceOf(MAP).containsEntry("projectName", "first");
    assertThat(rows.get(1).get("after")).asInstanceOf(MAP).containsEntry("projectName", "second");
    assertThat(rows.get(2)).containsEntry("op", "delete").containsEntry("after", null);
    assertThat(rows.get(2).get("before")).asInstanceOf(MAP).containsEntry("projectName", "second");
  }

  @Test
  void a_table_may_be_spelled_in_any_case_and_one_that_never_was_is_refused() {
    assertThat(anna.type("feed", "--table", "QUOTES", "--json").rows()).hasSize(4);

    Typed nowhere = anna.type("feed", "--table", "qoutes");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("qoutes", "quotes");

    Typed nobody = anna.type("feed", "--by", "nobody");
    assertThat(nobody.exitCode()).isZero();
    assertThat(nobody.out()).isEqualToIgnoringNewLines("No changes found.");
  }

  @Test
  void a_row_that_does_not_tell_its_time_is_not_said_to_be_of_1970() {
    anna.edit("CREATE TABLE plain(id TEXT PRIMARY KEY)", "INSERT INTO plain VALUES('p')");
    anna.type("sync");
    assertThat(anna.type("feed", "--table", "plain").out())
        .contains("at an unknown time")
        .doesNotContain("1970");
    assertThat(anna.type("feed", "--table", "plain", "--json").rows())
        .singleElement()
        .asInstanceOf(MAP)
        .containsEntry("at", null);
  }

  @Test
  void it_can_be_limited_by_person_number_and_time() {
    assertThat(anna.type("feed", "--by", "ben", "--json").rows()).hasSize(2);
    assertThat(anna.type("feed", "--last", "1", "--json").rows())
        .singleElement()
        .asInstanceOf(MAP)
        .containsEntry("op", "delete");
    assertThat(anna.type("feed", "--since", "1h", "--json").rows()).hasSize(4);
    assertThat(anna.type("feed", "--since", "2100-01-01", "--json").rows()).isEmpty();
  }

  @Test
  void people_read_what_changed_from_what_to_what() {
    assertThat(anna.type("feed").out())
        .contains("anna at PC-anna  server quotes Q2  new")
        .contains("ben at PC-ben  server quotes Q1  projectName: first -> second")
        .contains("ben at PC-ben  server quotes Q1  deleted");
  }
}
