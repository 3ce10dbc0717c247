package tidemark.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.testing.Forgery;

/** docs/LEDGER.md shows an entry: the very one that is made here. */
class LedgerDocTest {
  private static final Author JOHN = new Author("john.doe", "PC-7", "4f1c2a90");

  private static EntryFile.Packed example() {
    List<String> names = List.of("quoteId", "projectName", "total", "sketch");
    Definition table =
        new Definition(
            "quotes",
            "",
            List.of(
                "CREATE TABLE quotes (quoteId TEXT PRIMARY KEY, projectName TEXT, total REAL,"
                    + " sketch BLOB)"),
            names,
            List.of("quoteId"),
            1);
    Columns columns = new Columns(names);
    String token = "8d1f5e0c77a3b219";
    Change born =
        change("Q-104", columns, token, token, true, "Q-104", "Pump house", 5.0, new byte[] {1, 2});
    Change edited =
        change("Q-88", columns, token, "3b9ac9ff00d1e2f4", false, "Q-88", "Harbour", null, null);
    Change deleted =
        new Change(
            "quotes",
            RowKey.of("Q-51"),
            null,
            1_736_937_060_000L,
            "jane.roe",
            false,
            "c0ffee0012345678",
            "c0ffee0012345678");
    Conflict conflict =
        new Conflict(
            "5b7e0f13",
            1_736_937_120_000L,
            "quotes",
            "[\"Q-88\"]",
            "update",
            "{\"quoteId\":\"Q-88\",\"projectName\":\"Harbour\"}",
            "{\"quoteId\":\"Q-88\",\"projectName\":\"Harbor\"}",
            "john.doe",
            "jane.roe",
            1_736_937_000_000L,
            1_736_936_000_000L,
            "local",
            "PC-7",
            true,
            "newest",
            "john.doe",
            1_736_937_120_000L,
            "3b9ac9ff00d1e2f4",
            41,
            null);
    Draft draft = new Draft(List.of(table), List.of(born, edited, deleted), List.of(conflict));
    String previous = HexFormat.of().formatHex(Forgery.sha256(Forgery.bytes("before")));
    return EntryFile.encode(
        42, "0c6a1b3e94d24a7fb1f04c3d2e5f6a7b", previous, 1_736_937_120_000L, JOHN, draft);
  }

  private static Change change(
      String id, Columns columns, String first, String token, boolean born, Object... values) {
    Row row = new Row(columns, values);
    return new Change(
        "quotes", RowKey.of(id), row, 1_736_937_000_000L, "john.doe", born, first, token);
  }

  private static String documented() throws IOException {
    String page = Files.readString(Path.of("docs", "LEDGER.md")).replace("\r\n", "\n");
    int start = page.indexOf("```json\n") + "```json\n".length();
    return page.substring(start, page.indexOf("```", start));
  }

  @Test
  void the_documented_entry_is_what_the_program_writes() throws Exception {
    byte[] lines = Forgery.unpacked(example().bytes());
    assertThat(documented()).isEqualTo(new String(lines, StandardCharsets.UTF_8));
  }

  @Test
  void the_documented_entry_can_be_read() throws Exception {
    byte[] lines = documented().getBytes(StandardCharsets.UTF_8);
    Entry entry = EntryFile.decode(Samples.pack(lines));
    assertThat(entry.number()).isEqualTo(42);
    assertThat(entry.definitions()).hasSize(1);
    assertThat(entry.changes()).hasSize(3);
    assertThat(entry.changes().get(0).row().get("total")).isEqualTo(5.0);
    assertThat(entry.changes().get(2).by()).isEqualTo("jane.roe");
    assertThat(entry.conflicts().get(0).remoteEntry()).isEqualTo(41);
  }
}
