package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class FleetCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;

  @BeforeEach
  void twoDesks() {
    Office office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    office.desk("ben").type("sync");
  }

  @Test
  void fleet_tells_of_every_workstation_what_it_last_told() {
    var rows = anna.type("fleet", "--json").rows();

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0))
        .containsEntry("database", "server")
        .containsEntry("workstation", "PC-anna")
        .containsEntry("user", "anna")
        .containsEntry("self", true)
        .containsEntry("position", 1L)
        .containsKeys("id", "version", "lastSeen", "lastSync", "skewMs", "problems");
    assertThat(rows.get(0).get("lastSync").toString()).endsWith("Z");
    assertThat(anna.type("fleet").out()).contains("PC-anna (this one)", "PC-ben");
  }

  @Test
  void forget_takes_one_out_by_name_or_id() {
    Typed forgotten = anna.type("forget", "pc-ben");
    assertThat(forgotten.exitCode()).isZero();
    assertThat(forgotten.out()).contains("PC-ben of ben is forgotten");
    assertThat(anna.type("fleet", "--json").rows()).hasSize(1);
  }

  @Test
  void forget_wants_one_that_is_there_and_not_this_one() {
    assertThat(anna.type("forget", "PC-nobody").exitCode()).isEqualTo(2);
    assertThat(anna.type("forget", "PC-nobody").err()).contains("tidemark fleet");
    assertThat(anna.type("forget", "PC-anna").exitCode()).isEqualTo(2);
    assertThat(anna.type("fleet", "--json").rows()).hasSize(2);
  }
}
