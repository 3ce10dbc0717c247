package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.Typed;

/** Whoever can write to the share writes names and values; a terminal must not obey them. */
class HostileTextTest {
  /** Clears a screen, names a window, turns text round, and begins a line of its own. */
  private static final String EVIL = "a\u001b[2J\u009b31m\u001b]0;x\u0007\u202etxt\rb\nzz";

  private static final String SQL =
      "('a'||char(27)||'[2J'||char(155)||'31m'||char(27)||']0;x'||char(7)||char(8238)||'txt'||char(13)||'b'||char(10)||'zz')";

  @TempDir Path folder;
  private Office.Desk anna;

  @BeforeEach
  void aShareWithControlsInNamesAndValues() {
    Office office = new Office(folder);
    anna = office.desk("anna");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    ben.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES(" + SQL + "," + SQL + ")",
        "UPDATE quotes SET updated_by=" + SQL);
    ben.type("sync");
    anna.type("sync");
    for (Office.Desk desk : new Office.Desk[] {anna, ben}) {
      desk.edit(
          "UPDATE quotes SET projectName=" + SQL + "||'" + desk + "', updated_by=" + SQL + "||1");
    }
    anna.type("sync");
    ben.type("sync");
    office
        .master("server")
        .execute(
            "UPDATE sync_log SET username="
                + SQL
                + ", workstation="
                + SQL
                + ", error_message="
                + SQL);
    anna.type("sync");
  }

  private static boolean isPlain(String text) {
    return text.chars()
        .allMatch(c -> c == '\n' || (!Character.isISOControl(c) && !(c >= 0x2028 && c <= 0x202e)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "feed",
        "history --everyone",
        "history --everyone --csv",
        "conflicts",
        "status --pending",
        "restore --list",
        "restore --to 1 --dry-run",
        "verify",
        "report",
        "doctor",
        "feed --json",
        "history --everyone --json",
        "conflicts --json",
        "restore --list --json"
      })
  void nothing_from_the_share_controls_a_terminal(String command) {
    Typed typed = anna.type(command.split(" "));

    assertThat(isPlain(typed.out() + typed.err())).as(typed.toString()).isTrue();
    if (!command.endsWith("--csv")) { // where a cell may have lines
      assertThat(typed.out().lines()).noneMatch(line -> line.startsWith("zz"));
    }
  }

  @Test
  void what_was_there_can_still_be_read() {
    assertThat(anna.type("feed").out()).contains("\\u001b[2J\\u009b31m");
    Map<String, Object> row = anna.type("feed", "--json").rows().get(0);
    assertThat(row.get("key").toString()).isEqualTo("[" + EVIL + "]");
  }

  @Test
  void a_conflict_is_shown_without_controls() {
    String id = anna.type("conflicts", "--json").rows().get(0).get("id").toString();
    Typed typed = anna.type("conflicts", "show", id);
    assertThat(typed.exitCode()).isZero();
    assertThat(isPlain(typed.out())).as(typed.out()).isTrue();
    assertThat(isPlain(anna.type("conflicts", "restore", id).out())).isTrue();
  }

  @Test
  void what_was_typed_wrong_is_told_without_controls() {
    Typed typed = anna.type("feed", "--table", EVIL, EVIL);
    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(isPlain(typed.err())).as(typed.err()).isTrue();
  }
}
