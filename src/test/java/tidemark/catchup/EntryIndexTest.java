package tidemark.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Row;
import tidemark.ledger.Author;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.past.Feed;
import tidemark.past.Feed.Filter;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Copies;
import tidemark.testing.Fleet;
import tidemark.testing.Ledgers;
import tidemark.testing.LongLedger;
import tidemark.testing.Workstation;

class EntryIndexTest {
  private static final int ENTRIES = 100;
  private static final Filter NEWEST = new Filter(null, null, null, null, 1);

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;
  private LongLedger history;
  private final Set<Long> read = new HashSet<>();

  @BeforeEach
  void aLongHistory() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i+1 FROM n WHERE i<29)"
            + " INSERT INTO parts SELECT 'SKU-' || i, i FROM n");
    anna.syncWell();
    history = new LongLedger(anna.ledger(), ledgerFolder(), "price");
    history.writeUpTo(ENTRIES);
  }

  private Path ledgerFolder() {
    return fleet.share().resolve("server.db-ledger");
  }

  private Filter quiet() {
    return new Filter(null, history.quiet(), null, null, null);
  }

  /** Notes which entries were read, from the share or from what was kept. */
  private Ledger counted(Ledger ledger) {
    return (Ledger)
        Proxy.newProxyInstance(
            Ledger.class.getClassLoader(),
            new Class<?>[] {Ledger.class},
            (proxy, method, args) -> {
              try {
                Object answer = method.invoke(ledger, args);
                if (answer instanceof Entry entry) {
                  read.add(entry.number());
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private List<String> feed(Workstation workstation, Filter filter) {
    read.clear();
    List<String> items = new ArrayList<>();
    new Feed(workstation.plan(), counted(workstation.ledger()))
        .each(filter, item -> items.add(item.toString()));
    return items;
  }

  private static Path index(Workstation workstation) {
    return workstation.folder().resolve("index.db");
  }

  @Test
  void the_newest_changes_cost_what_they_show_however_long_ago_their_rows_were_changed_before() {
    anna.syncWell();

    List<String> items = feed(anna, NEWEST);

    assertThat(items).singleElement().asString().contains("before={sku=SKU-29, price=29.0");
    assertThat(read).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void the_history_of_a_row_costs_the_entries_that_changed_it() {
    anna.syncWell();

    assertThat(feed(anna, quiet())).hasSize(2);
    assertThat(read).hasSizeLessThanOrEqualTo(2);
    assertThat(feed(anna, new Filter("parts", "[\"SKU-15\"]", null, null, null)))
        .hasSizeBetween(3, 20);
    assertThat(read).hasSizeLessThan(25);
  }

  @Test
  void who_never_synced_reads_all_of_it_once() {
    Workstation it = fleet.workstation("it");

    List<String> first = feed(it, quiet());
    assertThat(read).hasSize(ENTRIES);

    assertThat(feed(it, quiet())).isEqualTo(first);
    assertThat(read).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void what_others_wrote_since_is_read_besides() {
    anna.syncWell();
    history.writeUpTo(ENTRIES + 10);

    assertThat(feed(anna, quiet())).hasSize(3);
    assertThat(read).hasSizeLessThanOrEqualTo(13);
  }

  @Test
  void whatever_is_asked_the_answer_is_that_of_one_who_has_no_index() {
    anna.syncWell();
    for (Filter filter :
        List.of(
            Filter.ALL,
            NEWEST,
            quiet(),
            new Filter(null, null, null, null, 40),
            new Filter("parts", "SKU-11", null, null, null),
            new Filter("parts", "SKU-11", "user3", null, null),
            new Filter("parts", "SKU-11", null, null, 2),
            new Filter("others", "SKU-11", null, null, null),
            new Filter(null, "none", null, null, null),
            new Filter(null, null, "user3", null, 3),
            new Filter(null, null, null, System.currentTimeMillis() - 1_000_000_000, null))) {
      Workstation it = fleet.workstation("it" + filter.hashCode());
      assertThat(feed(anna, filter)).as(filter.toString()).isEqualTo(feed(it, filter));
    }
  }

  @Test
  void it_may_be_deleted_or_damaged_at_any_time() throws IOException {
    anna.syncWell();
    List<String> expected = feed(anna, quiet());

    Files.delete(index(anna));
    assertThat(feed(anna, quiet())).isEqualTo(expected);
    assertThat(read).hasSize(ENTRIES);

    byte[] bytes = Files.readAllBytes(index(anna));
    Arrays.fill(bytes, 4096, bytes.length, (byte) 7);
    Files.write(index(anna), bytes);
    assertThat(feed(anna, quiet())).isEqualTo(expected);

    Files.writeString(index(anna), "no database at all");
    assertThat(feed(anna, quiet())).isEqualTo(expected);
    assertThat(feed(anna, quiet())).isEqualTo(expected);
    assertThat(read).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void a_sync_goes_well_whatever_became_of_it() throws IOException {
    anna.syncWell();
    Files.writeString(index(anna), "no database at all");
    history.writeUpTo(ENTRIES + 1);

    anna.syncWell();

    assertThat(feed(anna, quiet())).hasSize(3);
  }

  @Test
  void where_the_share_went_another_way_it_is_made_anew() throws IOException {
    Workstation it = fleet.workstation("it");
    feed(it, quiet());
    for (long lost = ENTRIES - 20; lost <= ENTRIES; lost++) {
      FileUtils.deleteDirectory(Ledgers.folderOf(ledgerFolder(), lost).toFile());
    }
    history = new LongLedger(fleet.workstation("reader").ledger(), ledgerFolder(), "price");
    history.writeUpTo(ENTRIES + 5);

    assertThat(feed(it, quiet())).isEqualTo(feed(fleet.workstation("new"), quiet())).hasSize(2);
    assertThat(feed(it, NEWEST)).isEqualTo(feed(fleet.workstation("newer"), NEWEST));
    feed(it, quiet());
    assertThat(read).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void it_is_bounded() {
    List<EntryBrief> entries = new ArrayList<>();
    for (long number = 1; number <= 3_000; number++) {
      entries.add(entry(number));
    }
    EntryIndex.add(index(anna), entries, 2_000);
    EntryIndex.add(index(anna), List.of(entry(3_001)), 2_000);

    try (EntryIndex index = EntryIndex.look(index(anna))) {
      assertThat(index.piece()).isEqualTo(new EntryIndex.Piece(1_501, 3_001));
    }
  }

  private static EntryBrief entry(long number) {
    return new EntryBrief(
        number,
        "hash" + number,
        "hash" + (number - 1),
        0,
        new Author("anna", "PC", "replica"),
        false,
        Set.of(number),
        Map.of());
  }

  private Rollback.Dry look(Workstation workstation, long entry, String key) {
    read.clear();
    RewindScope row = new RewindScope("parts", key, null, null, null, false);
    return new Rollback(
            workstation.plan(), counted(workstation.ledger()), workstation.clock(), Copies.NONE)
        .dryRun(Rollback.Moment.of(entry), row);
  }

  /** Old entries are in the archive, and there is a snapshot. */
  private void theHistoryIsRetired() {
    anna.syncWell();
    fleet.age(Duration.ofDays(100));
    for (int day = 0; day < 2; day++) {
      anna.edit("UPDATE parts SET price=price+1 WHERE sku='SKU-12'").syncWell();
    }
    assertThat(anna.ledger().info().orElseThrow().floor()).isGreaterThan(90);
  }

  @Test
  void a_row_as_it_was_costs_the_entries_that_changed_it_since() {
    theHistoryIsRetired();
    Rollback.Dry dry = look(anna, 40, history.quiet());
    assertThat(read).hasSizeLessThan(10);
    assertThat(dry.result().rows()).isEqualTo(1);
    assertThat(dry.versions().get(0).then().get("price")).isEqualTo(29.0);
  }

  @Test
  void it_is_what_the_content_of_that_time_says() throws IOException {
    theHistoryIsRetired();
    for (int sku = 11; sku < 30; sku += 6) {
      for (long entry = 1; entry < ENTRIES; entry += 45) {
        Files.deleteIfExists(index(anna));
        List<String> whole = told(look(anna, entry, "SKU-" + sku));
        assertThat(read).hasSizeGreaterThan(30);
        feed(anna, quiet());
        assertThat(told(look(anna, entry, "SKU-" + sku))).isEqualTo(whole);
      }
    }
  }

  private static List<String> told(Rollback.Dry dry) {
    List<String> told = new ArrayList<>(List.of(dry.result().toString()));
    for (Rollback.Version version : dry.versions()) {
      told.add(Stream.of(version.then(), version.now()).map(EntryIndexTest::values).toList() + "");
    }
    return told;
  }

  private static String values(Row row) {
    return row.get("sku") + " " + row.get("price") + " " + row.get("updated_at");
  }
}
