package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.PairTest;

/**
 * ALTER TABLE RENAME carries triggers along under their old names; no edit slips through by that.
 */
class RenamedTablesTest extends PairTest {
  private static final String CUSTOMERS =
      "CREATE TABLE customers(customerCode TEXT PRIMARY KEY, customerName TEXT NOT NULL, isActive BOOLEAN DEFAULT 1,"
          + " created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
          + " updated_by TEXT, synced_at DATETIME)";
  private static final String NAMES =
      "SELECT group_concat(customerCode||customerName) FROM (SELECT * FROM customers ORDER BY customerCode)";

  @BeforeEach
  void two_workstations_know_some_customers() {
    everybodyHasTheApplicationsTables(
        "INSERT INTO customers(customerCode, customerName) VALUES('C1','Müller'),('C2','Meier')");
  }

  @Test
  void a_table_renamed_away_and_copied_back_keeps_its_rows_and_later_edits_travel() {
    anna.edit(
        "ALTER TABLE customers RENAME TO customers_old",
        CUSTOMERS,
        "INSERT INTO customers SELECT * FROM customers_old",
        "DROP TABLE customers_old");
    everywhere(NAMES, "C1Müller,C2Meier");
    anna.edit("UPDATE customers SET customerName='Müller AG' WHERE customerCode='C1'");
    ben.edit("UPDATE customers SET customerName='Meier AG' WHERE customerCode='C2'");
    everywhere(NAMES, "C1Müller AG,C2Meier AG");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void edits_made_while_a_table_was_being_rebuilt_are_noticed() {
    anna.edit(
        "ALTER TABLE customers RENAME TO customers_old",
        CUSTOMERS,
        "INSERT INTO customers SELECT * FROM customers_old",
        "DROP TABLE customers_old",
        "UPDATE customers SET customerName='Müller AG' WHERE customerCode='C1'",
        "DELETE FROM customers WHERE customerCode='C2'",
        "INSERT INTO customers(customerCode, customerName) VALUES('C3','Schulz')");
    everywhere(NAMES, "C1Müller AG,C3Schulz");
  }

  @Test
  void edits_before_a_table_was_rebuilt_are_still_known_as_edits() {
    anna.edit("UPDATE customers SET customerName='Müller AG' WHERE customerCode='C1'");
    anna.edit("DELETE FROM customers WHERE customerCode='C2'");
    anna.edit(
        "ALTER TABLE customers RENAME TO customers_old",
        CUSTOMERS,
        "INSERT INTO customers SELECT * FROM customers_old",
        "DROP TABLE customers_old");
    everywhere(NAMES, "C1Müller AG");
  }

  @Test
  void a_rebuild_by_way_of_a_new_table_is_noticed_too() {
    anna.edit(
        CUSTOMERS.replace("TABLE customers(", "TABLE customers_new("),
        "INSERT INTO customers_new SELECT * FROM customers",
        "DROP TABLE customers",
        "ALTER TABLE customers_new RENAME TO customers",
        "UPDATE customers SET customerName='Müller AG' WHERE customerCode='C1'");
    everywhere(NAMES, "C1Müller AG,C2Meier");
    ben.edit("DELETE FROM customers WHERE customerCode='C1'");
    everywhere(NAMES, "C2Meier");
  }

  @Test
  void a_table_renamed_away_is_named_and_its_rows_stay_with_everybody_else() {
    anna.edit("ALTER TABLE customers RENAME TO clients");
    var outcome = anna.sync();
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().toString()).contains("customers");
    anna.edit("UPDATE clients SET customerName='Müller AG' WHERE customerCode='C1'");
    anna.sync();
    ben.sync();
    assertThat(ben.db().value(NAMES)).isEqualTo("C1Müller,C2Meier");
    assertThat(ben.db().value("SELECT customerName FROM clients WHERE customerCode='C1'"))
        .isEqualTo("Müller AG");
  }

  @Test
  void a_table_renamed_away_and_back_has_lost_no_edit() {
    anna.edit(
        "ALTER TABLE customers RENAME TO clients",
        "UPDATE clients SET customerName='Müller AG' WHERE customerCode='C1'",
        "ALTER TABLE clients RENAME TO customers");
    everywhere(NAMES, "C1Müller AG,C2Meier");
  }

  @Test
  void a_table_that_took_the_place_of_another_is_compared_and_its_edits_travel() {
    anna.edit(
        "ALTER TABLE customers RENAME TO customers_2024",
        CUSTOMERS,
        "INSERT INTO customers(customerCode, customerName) VALUES('C1','Müller'),('C7','Neu')");
    anna.sync();
    anna.edit("UPDATE customers SET customerName='Müller AG' WHERE customerCode='C1'");
    anna.edit("UPDATE customers_2024 SET customerName='Alt' WHERE customerCode='C2'");
    everywhere(NAMES, "C1Müller AG,C7Neu");
    assertThat(ben.db().value("SELECT customerName FROM customers_2024 WHERE customerCode='C2'"))
        .isEqualTo("Alt");
  }
}
