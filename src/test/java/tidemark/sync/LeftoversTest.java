package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Kill;
import tidemark.testing.Workstation;

/** What killed runs and full disks leave behind goes after a day, and nothing else does. */
class LeftoversTest {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoversTest.class);
  private static final String RANDOM = "0123456789abcdef0123456789abcdef";
  private static final String TOKEN = "0123456789abcdef";
  private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

  private static final List<String> ON_THE_SHARE =
      List.of(
          "server.db.new-" + TOKEN,
          ".tidemark-" + UUID + ".test",
          "server.db-ledger.new-" + RANDOM + "/ledger.json",
          "server.db-ledger.new-" + RANDOM + "/entries/000/",
          "server.db-ledger.new-" + RANDOM + "/append/",
          "server.db-ledger/ledger.json." + RANDOM + ".part",
          "server.db-ledger/health.json." + RANDOM + ".part",
          "server.db-ledger/append/clock-" + RANDOM,
          "server.db-ledger/append/" + RANDOM + "/entry.jsonl.gz",
          "server.db-ledger/append/taking-" + RANDOM + "/owner.json",
          "server.db-ledger/fold/master.json." + RANDOM + ".part",
          "server.db-ledger/fold/gone-" + RANDOM + "/beat-" + RANDOM,
          "server.db-ledger/snapshots/000000000001.json." + RANDOM + ".part",
          "server.db-ledger/workstations/anna-1.json." + RANDOM + ".part",
          "server.db-ledger/archive/2025-01.zip." + RANDOM + ".part",
          "server.db-ledger/archive/2025-01.zip.damaged-" + RANDOM + "." + RANDOM + ".part");

  private static final List<String> AT_THE_WORKSTATION =
      List.of(
          "server.db.new-" + TOKEN,
          "server.db.new-" + TOKEN + "-journal",
          "scratch/master-" + TOKEN + ".db",
          "scratch/feed-" + TOKEN + ".db-wal",
          "scratch/doctor-" + UUID + ".db",
          "scratch/backup-81234567890123.db",
          "kept/" + RANDOM + ".part");

  /** Files of others, and what is Tidemark's to keep. */
  private static final List<String> TO_STAY =
      List.of(
          "server.db.new-year",
          "server.db.new-" + TOKEN + ".txt",
          "other.db.new-" + TOKEN,
          "report.part",
          "server.db-ledger.lost-" + RANDOM + "/ledger.json",
          "server.db-ledger/notes.part",
          "server.db-ledger/workstations/letter.json",
          "server.db-ledger/archive/2025-01.zip.damaged-" + RANDOM);

  private static final List<String> TO_STAY_HERE =
      List.of("server.db.new-year", "scratch/mine.db", "kept/mine.part", "scratch/.hidden");

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;

  @BeforeEach
  void aFleetThatHasSynced() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES(1,'a')");
    anna.syncWell();
  }

  private static List<Path> put(Path in, List<String> names, Duration age) throws IOException {
    List<Path> put = new ArrayList<>();
    for (String name : names) {
      Path path = in.resolve(name);
      Files.createDirectories(name.endsWith("/") ? path : path.getParent());
      if (!name.endsWith("/")) {
        Files.writeString(path, "left");
      }
      put.add(path);
    }
    for (Path path : put) {
      for (Path up = path; isLeft(in, up); up = up.getParent()) {
        Files.setLastModifiedTime(up, FileTime.from(Instant.now().minus(age)));
      }
    }
    return put;
  }

  /** Folders that are there anyway keep their time. */
  private static boolean isLeft(Path in, Path path) {
    String name = in.relativize(path).toString();
    return name.contains("-0123")
        || name.contains(".0123")
        || name.contains("/0123")
        || Files.isRegularFile(path);
  }

  /** Commands in processes that die, at any time: KilledCommandsTest. */
  @Test
  void after_kills_at_any_operation_the_share_holds_nothing_that_none_would_leave()
      throws IOException {
    long seed = Long.getLong("seed", 13);
    LOG.info("seed {}", seed);
    Random random = new Random(seed);
    killedAfter(Integer.MAX_VALUE);
    allIsOld();
    aDayLater();
    TreeSet<String> none = forms();
    for (int kills = Integer.getInteger("kills", 12); kills > 0; kills--) {
      killedAfter(random.nextInt(140));
    }
    allIsOld();
    anna.ledger().foldLease().breakIt();
    aDayLater();
    assertThat(forms()).as("seed " + seed).isEqualTo(none);
  }

  /** A run that has an edit to send, and a master to make anew. */
  private void killedAfter(int operations) throws IOException {
    anna.edit("UPDATE t SET v=v||'.'");
    anna.ledger().foldLease().breakIt();
    Files.deleteIfExists(fleet.master().file());
    AtomicInteger left = new AtomicInteger(operations);
    anna.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (left.decrementAndGet() < 0) {
              throw new Kill(path.toString());
            }
          }
        };
    try {
      anna.sync();
    } catch (Kill expected) {
      LOG.debug("killed at {}", expected.getMessage());
    } finally {
      anna.tap = ShareFiles.Tap.NONE;
    }
  }

  private void allIsOld() throws IOException {
    anna.ledger().foldLease().breakIt();
    anna.syncWell(); // so that there is a master
    try (var paths = Files.walk(fleet.share())) {
      for (Path path : paths.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      }
    }
  }

  /** The names there are, whatever is random or counted in them. */
  private TreeSet<String> forms() throws IOException {
    TreeSet<String> forms = new TreeSet<>();
    try (var paths = Files.walk(fleet.share())) {
      for (Path path : paths.toList()) {
        String name = fleet.share().relativize(path).toString();
        forms.add(name.replaceAll("[0-9a-f]{16,32}", "RANDOM").replaceAll("\\d+", "0"));
      }
    }
    return forms;
  }

  private void aDayLater() {
    fleet.master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
    anna.db().execute("UPDATE sync_state SET value='0' WHERE key='looked'");
    anna.syncWell();
  }

  @Test
  void what_is_left_on_the_share_goes_after_a_day() throws IOException {
    List<Path> left = put(fleet.share(), ON_THE_SHARE, Duration.ofDays(2));
    List<Path> others = put(fleet.share(), TO_STAY, Duration.ofDays(2));
    aDayLater();
    assertThat(left).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(fleet.share().resolve("server.db-ledger.new-" + RANDOM)).doesNotExist();
    assertThat(others).allSatisfy(path -> assertThat(path).exists());
  }

  @Test
  void what_is_left_at_a_workstation_goes_after_a_day() throws IOException {
    List<Path> left = put(anna.folder(), AT_THE_WORKSTATION, Duration.ofDays(2));
    List<Path> others = put(anna.folder(), TO_STAY_HERE, Duration.ofDays(2));
    aDayLater();
    assertThat(left).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(others).allSatisfy(path -> assertThat(path).exists());
  }

  @Test
  void what_somebody_may_be_at_stays() throws IOException {
    List<Path> young = put(fleet.share(), ON_THE_SHARE, Duration.ofHours(20));
    young.addAll(put(anna.folder(), AT_THE_WORKSTATION, Duration.ofHours(20)));
    aDayLater();
    assertThat(young).allSatisfy(path -> assertThat(path).exists());
  }

  @Test
  void what_bears_our_names_and_is_a_link_leads_to_no_deletion() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home/entries/000"));
    Path mine = Files.writeString(folder.resolve("home/ledger.json"), "mine");
    Path scratch = Files.writeString(folder.resolve("home/master-" + TOKEN + ".db"), "mine");
    for (Path file : List.of(mine, scratch)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }
    Path link = fleet.share().resolve("server.db-ledger.new-" + RANDOM);
    Files.createSymbolicLink(link, folder.resolve("home"));
    Files.deleteIfExists(anna.folder().resolve("scratch"));
    Files.createSymbolicLink(anna.folder().resolve("scratch"), folder.resolve("home"));
    age(link);
    aDayLater();
    assertThat(mine).hasContent("mine");
    assertThat(scratch).hasContent("mine");
    assertThat(home).exists();
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  private static void age(Path link) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.getFileAttributeView(
            link,
            java.nio.file.attribute.BasicFileAttributeView.class,
            java.nio.file.LinkOption.NOFOLLOW_LINKS)
        .setTimes(old, old, old);
  }

  @Test
  void a_file_that_cannot_be_deleted_keeps_nothing_else_from_going() throws IOException {
    Path stubborn = fleet.share().resolve("server.db-ledger/append/clock-" + RANDOM);
    Files.createDirectories(stubborn.resolve("theirs")); // a folder of that name, not empty
    Files.setLastModifiedTime(stubborn, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    List<Path> left =
        put(
            fleet.share(),
            List.of(
                "server.db-ledger/append/clock-" + RANDOM.replace('0', 'f'),
                "server.db.new-" + TOKEN),
            Duration.ofDays(2));
    age(left.get(0));
    aDayLater();
    assertThat(stubborn).exists();
    assertThat(left).allSatisfy(path -> assertThat(path).doesNotExist());
  }
}
