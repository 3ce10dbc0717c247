package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.Tidemark;
import tidemark.testing.Folders;
import tidemark.testing.Forgery;
import tidemark.testing.JavaProcess;

/** What stands on the share never takes more memory or disk than there is. */
@Tag("heavy")
@EnabledIfSystemProperty(
    named = "memory",
    matches = "true",
    disabledReason = "asked for with -Dmemory=true: it needs more memory than the tests share")
class SmallMemoryTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private Path ledger;

  @BeforeEach
  void sync() {
    office = new Office(folder);
    anna = office.emptyDesk("anna", "server");
    anna.edit("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES(1,'mine')");
    assertThat(anna.type("sync").exitCode()).isZero();
    ledger = office.share().resolve("server.db-ledger");
  }

  /** With as much memory as a daemon has by the fifth. */
  private Typed ends(Office.Desk desk, String... command) throws Exception {
    List<String> args =
        Stream.concat(Stream.of(command), Stream.of("--config", desk.config().toString())).toList();
    try (JavaProcess process =
        new JavaProcess(folder, List.of("-Xmx100m"), Tidemark.class, args.toArray(String[]::new))) {
      return new Typed(process.ended(120), process.out(), process.err());
    }
  }

  private record Typed(int exitCode, String out, String err) {}

  /** The next entry, with this behind its header. */
  private void next(String lines) throws IOException {
    Path entries = ledger.resolve("entries/000");
    List<String> numbers = Folders.in(entries);
    long last = Long.parseLong(numbers.get(numbers.size() - 1));
    byte[] before = Files.readAllBytes(entry(last));
    String hash = java.util.HexFormat.of().formatHex(Forgery.sha256(Forgery.lines(before)));
    String header =
        "{\"format\":1,\"number\":%d,\"id\":\"x\",\"previous\":\"%s\",\"at\":1,\"user\":\"u\",\"workstation\":\"w\",\"replica\":\"r\"}\n";
    byte[] entry = Forgery.sealed(Forgery.bytes(header.formatted(last + 1, hash) + lines + "\n"));
    assertThat(entry.length).isLessThan(2_000_000);
    Files.createDirectory(entry(last + 1).getParent());
    Files.write(entry(last + 1), entry);
  }

  private Path entry(long number) {
    return ledger.resolve(String.format("entries/000/%012d/entry.jsonl.gz", number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"put\":[7],\"token\":\"t\",\"row\":[7,\"LONG\"]}",
        "{\"put\":[7],\"token\":\"t\",\"row\":[7,{\"b\":\"LONG\"}]}",
        "{\"put\":[MANY7],\"token\":\"t\",\"row\":[7,\"\"]}",
        "{\"put\":[7],\"token\":\"LONG\",\"row\":[7,\"\"]}",
        "{\"define\":\"x\",\"ddl\":[MANY\"\"],\"columns\":[\"id\"],\"key\":[\"id\"]}",
        "{\"table\":\"t\",\"columns\":[MANY\"\"]}",
        "{\"conflict\":{\"id\":\"x\",\"localData\":\"LONG\"}}",
        "ROWS{}"
      })
  void an_entry_that_unpacks_to_more_than_there_is_is_refused_and_named(String line)
      throws Exception {
    String row = "{\"put\":[7],\"token\":\"t\",\"row\":[7,\"" + "v".repeat(1_000) + "\"]}\n";
    next(
        "{\"table\":\"t\",\"columns\":[\"id\",\"v\"]}\n"
            + line.replace("LONG", "A".repeat(100_000_000))
                .replace("MANY", "\"\",".repeat(20_000_000))
                .replace("ROWS", line.contains("ROWS") ? row.repeat(90_000) : ""));
    Typed sync = ends(anna, "sync");
    assertThat(sync.exitCode).as(sync.toString()).isEqualTo(5);
    assertThat(sync.err).doesNotContain("unexpected");
    Typed status = ends(anna, "status");
    assertThat(status.out).contains("error", "entry");
    assertThat(anna.db("server").rows("SELECT id, v FROM t")).containsExactly("1|mine");
  }

  @Test
  void what_is_passed_over_takes_no_memory() throws Exception {
    next(
        "{\"later\":\""
            + "A".repeat(100_000_000)
            + "\",\"more\":["
            + "{},".repeat(20_000_000)
            + "{}]}");
    Typed sync = ends(anna, "sync");
    assertThat(sync.exitCode).as(sync.toString()).isZero();
  }

  @Test
  void hundreds_of_large_files_of_workstations_stop_nobody() throws Exception {
    String run = "{\"runId\":\"%d-%d\",\"timestamp\":\"2026-01-01 00:00:00.000\"},";
    for (int i = 0; i < 200; i++) {
      StringBuilder runs = new StringBuilder("{\"at\":\"2026-01-01T00:00:00Z\",\"runs\":[");
      for (int j = 0; j < 15_000; j++) {
        runs.append(run.formatted(i, j));
      }
      Files.writeString(ledger.resolve("workstations/w" + i + ".json"), runs + "{}]}");
    }
    anna.edit("INSERT INTO t(id, v) VALUES(2,'more')");
    for (String command : List.of("sync", "status", "report", "doctor")) {
      Typed typed = ends(anna, command.split(" "));
      assertThat(typed.exitCode).as(command + typed).isIn(0, 1, 5);
      assertThat(typed.err).as(command).doesNotContain("unexpected");
      if (command.equals("doctor")) {
        assertThat(typed.out).contains("of the workstations' files cannot be read");
      }
    }
  }

  @Test
  void many_entries_with_large_values_are_read_a_few_at_a_time() throws Exception {
    Office.Desk ben = office.emptyDesk("ben", "server");
    assertThat(ben.type("sync").exitCode()).isZero();
    for (int i = 2; i < 22; i++) {
      anna.edit("INSERT INTO t(id, v) VALUES(" + i + ", hex(randomblob(4000000)))");
      assertThat(anna.type("sync").exitCode()).isZero();
    }
    Typed sync = ends(ben, "sync");
    assertThat(sync.exitCode).as(sync.toString()).isZero();
    assertThat(ben.db("server").value("SELECT count(*) FROM t")).isEqualTo("21");
  }

  /** Each holds two versions of a large row; they are told one after the other. */
  @Test
  void many_conflicts_over_large_rows_are_told_by_every_command() throws Exception {
    String columns =
        "id, timestamp, entry, table_name, row_key, kind, local_data, remote_data, local_by, remote_by, winner, workstation, resolved, local_token, remote_entry";
    anna.edit(
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<40), big(v) AS (SELECT '{\"id\":1,\"v\":\"' || hex(zeroblob(1000000)) || '\"}') INSERT INTO sync_conflicts("
            + columns
            + ") SELECT 'c' || i, '2026-01-01 00:00:00.000', 1, 't', '[' || i || ']', 'update', v, v, 'anna', 'ben', 'local', 'w', i % 2, 'x' || i, 1 FROM n, big");
    for (String command :
        List.of(
            "conflicts",
            "conflicts --json",
            "conflicts show c17",
            "status",
            "status --pending --json",
            "report --json",
            "doctor",
            "sync",
            "maintain")) {
      Typed typed = ends(anna, command.split(" "));
      assertThat(typed.exitCode).as(command + " " + typed.err).isIn(0, 1);
      assertThat(typed.err).as(command).doesNotContain("unexpected");
      if (command.equals("conflicts --json")) {
        assertThat(typed.out.split("\"table_name\":")).hasSize(41);
        assertThat(typed.out).endsWith("}]" + System.lineSeparator());
      }
    }
  }

  @Test
  void a_snapshot_that_says_it_fills_the_disk_is_not_unpacked() throws Exception {
    Path snapshot = ledger.resolve("snapshots/000000000001.db.gz");
    Files.write(snapshot, Forgery.packed(new byte[500 << 20]));
    Files.writeString(
        snapshot.resolveSibling("000000000001.json"),
        "{\"number\":1,\"hash\":\"a\",\"size\":1000000000000000,\"sha256\":\"b\"}");
    Office.Desk ben = office.emptyDesk("ben", "server");
    Typed sync = ends(ben, "sync");
    assertThat(sync.exitCode).as(sync.toString()).isEqualTo(5);
    assertThat(sync.err).contains("1000000000000000 bytes");
    assertThat(ben.file("server")).doesNotExist();
  }
}
