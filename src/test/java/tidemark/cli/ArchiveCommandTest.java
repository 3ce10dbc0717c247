package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class ArchiveCommandTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void syncSomething() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName, created_at) VALUES('Q1', 'old', '2020-01-01"
            + " 10:00:00'), ('Q2', 'young', datetime('now'))",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q1', 'S1'), ('Q2', 'S2')");
    anna.type("sync");
  }

  @Test
  void old_rows_go_to_a_file_and_come_back() {
    Path file = folder.resolve("old quotes.sql");

    Typed would = anna.type("archive", "--table", "quotes", "--older-than", "2y", "--dry-run");
    Typed archived =
        anna.type("archive", "--table", "QUOTES", "--older-than", "2y", "--to", file.toString());

    assertThat(would.out()).contains("would go: operational_items 1, quotes 1");
    assertThat(archived.exitCode()).isZero();
    assertThat(archived.out())
        .contains("server: archived to " + file + ": operational_items 1, quotes 1");
    assertThat(office.master("server").rows("SELECT quoteId FROM quotes")).containsExactly("Q2");

    Typed back = anna.type("archive", "--restore", file.toString(), "--json");

    assertThat(back.exitCode()).isZero();
    assertThat(back.at("rows.quotes")).isEqualTo(1L);
    assertThat(office.master("server").rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("Q1", "Q2");
    assertThat(anna.type("verify").exitCode()).isZero();
  }

  @Test
  void what_stays_is_named_and_exit_1() {
    Path file = folder.resolve("old.db");
    anna.type("archive", "--table", "quotes", "--older-than", "2y", "--to", file.toString());
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'again')");

    Typed back = anna.type("archive", "--restore", file.toString());

    assertThat(back.exitCode()).isEqualTo(1);
    assertThat(back.out()).contains("left: quotes Q1, there is a row of this key again");
  }

  @Test
  void half_a_command_is_exit_2() {
    assertThat(anna.type("archive").exitCode()).isEqualTo(2);
    assertThat(anna.type("archive", "--table", "quotes", "--older-than", "2y").exitCode())
        .isEqualTo(2);
    assertThat(anna.type("archive", "--restore", "nowhere.db").exitCode()).isEqualTo(2);
    assertThat(
            anna.type("archive", "--table", "nix", "--older-than", "2y", "--to", "x.db").exitCode())
        .isEqualTo(2);
  }

  @Test
  void many_rows_are_told_in_one_line_with_numbers_that_can_be_read() {
    anna.edit(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<1635) INSERT INTO"
            + " quotes(quoteId, created_at) SELECT 'R'||n, '2020-01-01' FROM c");
    Path file = folder.resolve("old.db");

    Typed archived =
        anna.type("archive", "--table", "quotes", "--older-than", "2y", "--to", file.toString());
    Typed back = anna.type("archive", "--restore", file.toString());

    assertThat(archived.out().lines())
        .containsExactly("server: archived to " + file + ": operational_items 1, quotes 1,636");
    assertThat(back.out().lines())
        .containsExactly(
            "server: brought back from " + file + ": operational_items 1, quotes 1,636");
  }

  @Test
  void what_is_unknown_is_exit_2_with_what_is_accepted() {
    assertRefused("accepted: ", "quotes", "nix", "2y", "created_at");
    assertRefused("projectName", "no column nix", "quotes", "2y", "nix");
    assertRefused("accepted: ", "2025-01-15", "quotes", "long ago", "created_at");
  }

  private void assertRefused(
      String said, String also, String table, String age, String dateColumn) {
    Path file = folder.resolve("old.db");
    Typed typed =
        anna.type(
            "archive",
            "--table",
            table,
            "--older-than",
            age,
            "--date-column",
            dateColumn,
            "--to",
            file.toString());
    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err()).contains(said, also);
    assertThat(file).doesNotExist();
  }
}
