package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

/** The runbooks of OPERATIONS.md, followed line by line. */
class RunbooksTest {
  @TempDir Path folder;

  private Office office;
  private Office.Desk anna;
  private Office.Desk ben;

  /** What the lines beginning with `#` stand for. */
  private final Map<String, Step> byHand = new HashMap<>();

  /** What stands in capitals in a command. */
  private final Map<String, String> numbers = new HashMap<>();

  private List<Office.Desk> here = List.of();

  private interface Step {
    void take() throws IOException;
  }

  @BeforeEach
  void an_office_at_work() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1','Pump'),('Q2','Valve'),('Q3','Pipe')");
    sync(anna);
    ben = office.emptyDesk("ben", "server");
    sync(ben);
    anna.edit("UPDATE quotes SET projectName='Pump station' WHERE quoteId='Q1'");
    sync(anna);
    sync(ben);
    byHand.put("at any workstation", () -> here = List.of(ben));
  }

  private static void sync(Office.Desk desk) {
    Typed typed = desk.type("sync");
    assertThat(typed.exitCode()).as(typed.out() + typed.err()).isZero();
  }

  private static String content(Office.Desk desk) {
    return String.join(
        ",", desk.db("server").rows("SELECT quoteId, projectName FROM quotes ORDER BY quoteId"));
  }

  private void assertAllAreTheSame(Office.Desk... desks) {
    String master =
        String.join(
            ",",
            office
                .master("server")
                .rows("SELECT quoteId, projectName FROM quotes ORDER BY quoteId"));
    for (Office.Desk desk : desks) {
      assertThat(content(desk)).isEqualTo(master);
    }
  }

  @Test
  void the_master_is_corrupted() throws IOException {
    Path master = office.share().resolve("server.db");
    byte[] rubbish = new byte[20_000];
    Files.write(master, rubbish, StandardOpenOption.WRITE);
    byHand.put(
        "look: beside the master lies the damaged one, as server.db.damaged-…",
        () ->
            assertThat(office.share().toFile().list())
                .anyMatch(name -> name.startsWith("server.db.damaged-")));

    follow("the master is corrupted");

    assertAllAreTheSame(anna, ben);
  }

  @Test
  void the_master_was_deleted() throws IOException {
    Files.delete(office.share().resolve("server.db"));
    follow("the master was deleted");
    assertAllAreTheSame(anna, ben);
  }

  @Test
  void a_bad_import_is_to_be_undone() throws IOException {
    Office.Desk carl = office.emptyDesk("carl", "server");
    sync(carl);
    carl.edit("INSERT INTO components(sku, price) VALUES('S1', 1), ('S2', 2)");
    sync(carl);
    sync(anna);
    carl.edit(
        "UPDATE components SET price=-1 WHERE sku='S1'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<9999)"
            + " INSERT INTO components(sku, price) SELECT 'N'||i, i FROM n");
    sync(carl);
    sync(anna);
    anna.edit("UPDATE components SET price=22 WHERE sku='S2'");
    anna.edit("UPDATE quotes SET projectName='Valves' WHERE quoteId='Q2'");
    sync(anna);
    byHand.put("read FIRST and LAST in the list", () -> read(deedOf("carl")));

    follow("a bad import is to be undone");

    sync(anna);
    assertThat(anna.db("server").rows("SELECT sku, price FROM components ORDER BY sku"))
        .containsExactly("S1|1.0", "S2|22.0");
    assertThat(content(anna)).contains("Q2|Valves");
    sync(ben);
    assertAllAreTheSame(anna, ben);
  }

  private Map<?, ?> deedOf(String person) {
    List<?> done = (List<?>) ben.type("restore", "--list", "--json").at("databases.server.done");
    return done.stream()
        .map(deed -> (Map<?, ?>) deed)
        .filter(deed -> deed.get("by").equals(List.of(person)))
        .findFirst()
        .orElseThrow();
  }

  private void read(Map<?, ?> deed) {
    numbers.put("BEFORE", Long.toString((Long) deed.get("firstEntry") - 1));
    numbers.put("LAST", deed.get("lastEntry").toString());
  }

  @Test
  void a_workstation_is_lost() throws IOException {
    FileUtils.deleteDirectory(ben.place().toFile());
    Office.Desk fresh = office.emptyDesk("ben2", "server");
    byHand.put("on the new machine", () -> here = List.of(fresh));
    byHand.put(
        "start the application",
        () -> fresh.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q4','New')"));

    follow("a workstation is lost");

    sync(fresh);
    sync(anna);
    assertThat(content(fresh)).isEqualTo("Q1|Pump station,Q2|Valve,Q3|Pipe,Q4|New");
    assertAllAreTheSame(anna, fresh);
  }

  @Test
  void the_share_was_lost_and_restored_from_last_week() throws IOException {
    Path backup = folder.resolve("last-week");
    FileUtils.copyDirectory(office.share().toFile(), backup.toFile());
    ben.edit("UPDATE quotes SET projectName='Valves' WHERE quoteId='Q2'");
    sync(ben);
    anna.edit("DELETE FROM quotes WHERE quoteId='Q3'");
    sync(anna);
    ben.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q5','not sent yet')");
    FileUtils.deleteDirectory(office.share().toFile());
    FileUtils.copyDirectory(backup.toFile(), office.share().toFile());
    byHand.put("at the workstation that synced last", () -> here = List.of(anna));
    byHand.put("at every other workstation", () -> here = List.of(ben));

    follow("the share was lost and restored from last week");

    sync(anna);
    assertThat(content(ben)).isEqualTo("Q1|Pump station,Q2|Valves,Q5|not sent yet");
    assertAllAreTheSame(anna, ben);
  }

  @Test
  void someone_worked_offline_for_a_month() throws IOException {
    ben.edit(
        "UPDATE quotes SET projectName='Pump, by ben', updated_at='2025-01-01 10:00:00' WHERE quoteId='Q1'",
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q6','on the road')");
    anna.edit("UPDATE quotes SET projectName='Pump, by anna' WHERE quoteId='Q1'");
    anna.edit("DELETE FROM quotes WHERE quoteId='Q2'");
    sync(anna);
    byHand.put("at the workstation that was away", () -> here = List.of(ben));

    follow("someone worked offline for a month");

    sync(anna);
    assertThat(content(ben)).isEqualTo("Q1|Pump, by anna,Q3|Pipe,Q6|on the road");
    assertAllAreTheSame(anna, ben);
  }

  /** Types each command where the text says, and looks for what it says comes back. */
  private void follow(String runbook) throws IOException {
    String said = "";
    int commands = 0;
    for (String line : steps(runbook)) {
      if (line.startsWith("# ")) {
        Step step = byHand.get(line.substring(2));
        assertThat(step).as("what `" + line + "` stands for").isNotNull();
        step.take();
      } else if (line.startsWith("> ")) {
        assertThat(said).as(runbook).contains(line.substring(2));
      } else {
        said = type(line);
        commands++;
      }
    }
    assertThat(commands).isPositive();
  }

  private String type(String line) {
    assertThat(here).as("where to type `" + line + "`").isNotEmpty();
    StringBuilder said = new StringBuilder();
    for (Office.Desk desk : here) {
      Typed typed = desk.type(words(line));
      said.append(typed.out()).append(typed.err());
      assertThat(typed.exitCode()).as(line + "\n" + said).isLessThan(2);
    }
    return said.toString();
  }

  /** As a shell parts them. */
  private String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = Pattern.compile("'([^']*)'|\\S+").matcher(line);
    while (matcher.find()) {
      String word = matcher.group(1) == null ? matcher.group() : matcher.group(1);
      words.add(numbers.getOrDefault(word, word));
    }
    assertThat(words.remove(0)).isEqualTo("tidemark");
    return words.toArray(String[]::new);
  }

  private static List<String> steps(String runbook) throws IOException {
    String text = Files.readString(Path.of("docs/OPERATIONS.md"));
    int from = text.indexOf("### Runbook: " + runbook + "\n");
    assertThat(from).as("the runbook " + runbook).isNotNegative();
    Matcher block = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(block.find(from)).isTrue();
    return block.group(1).strip().lines().toList();
  }
}
