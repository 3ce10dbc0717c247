package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** The examples of OPERATIONS.md, asked of a real master. */
class OperationsSqlTest {
  @TempDir Path folder;

  private Fleet fleet;

  @BeforeEach
  void two_workstations_edit_the_same_quote() {
    fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    anna.db().script("/tidemark/app/demo/server.sql");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1','Pump station')").syncWell();
    ben.syncWell();
    anna.edit("UPDATE quotes SET projectName='A' WHERE quoteId='Q1'");
    ben.edit("UPDATE quotes SET projectName='B' WHERE quoteId='Q1'");
    fleet.settle();
  }

  private static List<String> examples() throws Exception {
    return Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("docs/OPERATIONS.md")))
        .results()
        .map(match -> match.group(1).strip().replaceFirst(";$", ""))
        .toList();
  }

  private List<String> asked(String beginning) throws Exception {
    return examples().stream()
        .filter(example -> example.startsWith(beginning))
        .map(example -> fleet.master().rows(example))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void every_example_can_be_asked_of_a_master() throws Exception {
    assertThat(examples()).hasSizeGreaterThan(5);
    for (String example : examples()) {
      fleet.master().rows(example);
    }
  }

  @Test
  void they_tell_who_synced_last_what_moved_and_who_met_whom() throws Exception {
    assertThat(asked("SELECT workstation, username"))
        .hasSize(2)
        .anyMatch(row -> row.contains("anna"))
        .anyMatch(row -> row.contains("ben"));
    assertThat(asked("SELECT t.key")).first().asString().matches("quotes\\|[1-9].*\\|1");
    assertThat(asked("SELECT local_by, remote_by")).singleElement().asString().endsWith("quotes|1");
  }
}
