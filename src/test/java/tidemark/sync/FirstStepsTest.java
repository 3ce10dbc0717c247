package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

@Tag("anyplace")
class FirstStepsTest {
  @TempDir Path folder;

  @Test
  void two_workstations_and_the_master_hold_the_same_rows_after_all_have_synced() {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    anna.db().script("/tidemark/app/demo/server.sql");
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1','Pump station')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S1')");
    anna.syncWell();
    ben.syncWell();
    ben.edit(
        "UPDATE quotes SET projectName='Pump station 2' WHERE quoteId='Q1'",
        "INSERT INTO customers(customerCode, customerName) VALUES('C1','Müller')");
    anna.edit("INSERT INTO components(sku, price) VALUES('S1', 12.5)");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT projectName, updated_by FROM quotes"))
        .isEqualTo("Pump station 2|ben");
    assertThat(ben.db().value("SELECT count(*) FROM components")).isEqualTo("1");
    assertThat(fleet.master().value("SELECT count(*) FROM sync_log")).isNotEqualTo("0");
  }
}
