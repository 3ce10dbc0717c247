package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class MaintainCommandTest {
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
  void each_step_says_what_it_did_and_all_is_well_afterwards() {
    Typed maintain = anna.type("maintain", "--vacuum");

    assertThat(maintain.exitCode()).isZero();
    assertThat(maintain.out())
        .contains(
            "server", "here", "master", "check", "log", "conflicts", "statistics", "given back");
    assertThat(anna.type("verify").exitCode()).isZero();
    assertThat(anna.type("sync", "--json").at("databases.server.masterBehind")).isEqualTo(0L);
  }

  @Test
  void as_json_with_what_it_saved() {
    Typed maintain = anna.type("maintain", "--json");

    assertThat(maintain.json()).containsEntry("success", true);
    assertThat(maintain.at("databases.server.local").toString())
        .contains("step=vacuum", "savedBytes=0");
  }

  @Test
  void the_configs_indexes_are_made_and_detach_takes_them_out() {
    anna.configured("maintenance: { indexes: ['quotes(updated_at)'] }\n");

    assertThat(anna.type("maintain").out()).contains("made quotes(updated_at)");
    assertThat(indexes()).isEqualTo("1");
    assertThat(anna.type("verify").exitCode()).isZero();
    assertThat(anna.type("sync").exitCode()).isZero();

    anna.type("detach", "--db", "server");
    assertThat(indexes()).isEqualTo("0");
  }

  private String indexes() {
    return anna.db("server")
        .value("SELECT count(*) FROM sqlite_master WHERE name='sync_index_quotes(updated_at)'");
  }

  @Test
  void with_the_share_away_it_is_exit_3_and_says_what_to_do() {
    office.unplug();

    Typed maintain = anna.type("maintain");

    assertThat(maintain.exitCode()).isEqualTo(3);
    assertThat(maintain.err()).contains("share");
    assertThat(maintain.out()).contains("not done: ");
  }
}
