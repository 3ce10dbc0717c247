package tidemark.upkeep.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** Who looks when, and who tells. */
class RoundsTest extends PairTest {
  @BeforeEach
  void two_who_have_synced() {
    everybodyHas("CREATE TABLE quotes(id TEXT PRIMARY KEY)", "INSERT INTO quotes VALUES('Q1')");
  }

  private static List<String> rounds(Workstation at) {
    return new Rounds(at.patient(), at.folder())
        .make().stream().map(news -> news.kind().word() + " " + news.finding().id()).toList();
  }

  private static Health last(Workstation at) {
    return new Rounds(at.patient(), at.folder()).last();
  }

  private void later(int hours) {
    anna.clock().setError(anna.clock().error().plusHours(hours));
    ben.clock().setError(anna.clock().error());
  }

  /** As a program that does not have references enforced writes. */
  private static void orphan(Workstation at, String sql) throws Exception {
    try (Connection connection = at.db().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys=OFF");
      statement.execute(sql);
    }
  }

  private void wreckMaster() throws IOException {
    Path master = fleet.master().file();
    byte[] bytes = Files.readAllBytes(master);
    java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(master, bytes);
  }

  private void move(String from, String to) throws IOException {
    Files.move(folder.resolve(from), folder.resolve(to));
  }

  @Test
  void what_is_the_same_for_all_is_told_by_one_of_them_and_shown_by_all() throws IOException {
    wreckMaster();

    assertThat(rounds(anna)).contains("found master");
    assertThat(rounds(ben)).isEmpty();
    assertThat(last(ben).troubles()).extracting(Finding::check).contains("master");

    later(24);
    assertThat(rounds(ben)).doesNotContain("found master");
    assertThat(rounds(anna)).doesNotContain("found master");
  }

  @Test
  void whoever_comes_next_looks_after_an_hour_and_tells_that_all_is_well_again()
      throws IOException {
    wreckMaster();
    rounds(anna);
    ben.edit("INSERT INTO quotes(id) VALUES('Q2')");
    ben.syncWell(); // which heals it

    later(24);
    assertThat(rounds(ben)).contains("well master");
    assertThat(rounds(anna)).doesNotContain("well master");
    assertThat(last(anna).troubles()).extracting(Finding::check).doesNotContain("master");
  }

  @Test
  void what_takes_long_is_done_once_a_day_for_all() {
    List<Path> copies = new ArrayList<>();
    for (Workstation one : List.of(anna, ben)) {
      one.tap =
          new tidemark.share.ShareFiles.Tap() {
            @Override
            public void before(tidemark.share.ShareFiles.Operation operation, Path path) {
              if (path.toString().endsWith("entry.jsonl.gz")
                  && operation == tidemark.share.ShareFiles.Operation.READ) {
                copies.add(path);
              }
            }
          };
    }
    rounds(anna);
    int once = copies.size();
    assertThat(once).isPositive();
    rounds(ben);
    for (int hour = 0; hour < 20; hour++) {
      later(1);
      rounds(anna);
      rounds(ben);
    }
    assertThat(copies).hasSize(once);
    later(4);
    rounds(ben);
    assertThat(copies.size()).isGreaterThan(once);
  }

  @Test
  void that_the_share_is_away_is_told_at_the_second_look_by_who_last_looked_for_all()
      throws IOException {
    rounds(anna);
    rounds(ben);
    move("share", "unplugged");

    later(1);
    assertThat(rounds(anna)).isEmpty();
    assertThat(rounds(ben)).isEmpty();
    later(1);
    assertThat(rounds(anna)).contains("found share");
    assertThat(rounds(ben)).doesNotContain("found share");
    assertThat(last(ben).troubles()).extracting(Finding::check).contains("share");

    move("unplugged", "share");
    later(1);
    assertThat(rounds(anna)).contains("well share");
  }

  @Test
  void what_only_this_machine_has_it_tells_itself() throws Exception {
    anna.edit("CREATE TABLE items(id TEXT PRIMARY KEY, quote REFERENCES quotes(id))");
    orphan(anna, "INSERT INTO items VALUES('I1','Q9')");

    assertThat(rounds(anna)).contains("found local file references");
    assertThat(rounds(ben)).doesNotContain("found local file references");
    later(1);
    assertThat(rounds(anna)).doesNotContain("found local file references");
  }

  @Test
  void a_record_that_is_spoilt_only_means_that_all_is_due() throws IOException {
    rounds(anna);
    Path fleets = Path.of(fleet.master().file() + "-ledger/health.json");
    assertThat(fleets).exists();
    Files.writeString(fleets, "{\"checks\":");
    Files.writeString(anna.folder().resolve("health.json"), "rubbish");

    assertThat(rounds(anna)).isEmpty();
    assertThat(last(anna).findings()).isNotEmpty();
  }

  @Test
  void sizes_are_remembered_from_day_to_day() throws IOException {
    rounds(anna);
    later(48);
    rounds(anna);
    assertThat(Files.readString(anna.folder().resolve("health.json")))
        .containsPattern("\"sizes\":\\{\"[-0-9]+\":[0-9]+,\"[-0-9]+\":[0-9]+\\}");
  }

  @Test
  void an_office_hour_costs_the_share_little() {
    rounds(anna);
    later(1);
    long[] operations = {0};
    anna.tap =
        new tidemark.share.ShareFiles.Tap() {
          @Override
          public void before(tidemark.share.ShareFiles.Operation operation, Path path) {
            operations[0]++;
          }
        };
    rounds(anna);
    assertThat(operations[0]).isLessThan(60);
  }
}
