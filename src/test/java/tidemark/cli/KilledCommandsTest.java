package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.Typed;
import tidemark.change.Failure;

/**
 * Commands that are killed at any moment, like lamps that are switched off, again and again.
 * `-Dkills=500` says how often, `-Dseed=` repeats the same commands, killed after the same part of
 * their time.
 */
@Tag("heavy")
class KilledCommandsTest {
  private static final Logger LOG = LoggerFactory.getLogger(KilledCommandsTest.class);
  private static final int KILLS = Integer.getInteger("kills", 60);

  private static final List<String> COMMANDS =
      List.of(
          "sync",
          "sync",
          "status",
          "verify",
          "verify --repair",
          "feed",
          "feed --table quotes --key Q1",
          "history --everyone",
          "conflicts",
          "doctor",
          "report",
          "backup now",
          "backup verify",
          "maintain",
          "restore --list",
          "restore --to 1 --table quotes --key Q1 --rollback",
          "ledger rebuild");

  @TempDir Path folder;

  /** Where SQLite's library is unpacked, which a distribution brings along unpacked. */
  @TempDir Path library;

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // for as many as are asked for
  void after_many_kills_of_every_command_the_folders_hold_nothing_that_none_would_leave()
      throws Exception {
    long seed = Long.getLong("seed", 20_261_130);
    LOG.info("seed {}, {} kills", seed, KILLS);
    Random random = new Random(seed);
    Office office = new Office(folder);
    Office.Desk anna =
        office
            .desk("anna")
            .configured("backup: { folder: '" + office.share().resolve("backups") + "' }\n");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')");
    Map<String, Long> lengths = new TreeMap<>();
    for (String command : COMMANDS) {
      long from = System.nanoTime();
      Process process = start(anna, command);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(command).isIn(command.equals("sync") ? 0 : 1, 0);
      lengths.put(command, System.nanoTime() - from);
      anna.edit("UPDATE quotes SET projectName='" + command + "'");
    }
    aDayLater(office, anna);
    TreeSet<String> none = forms();

    for (int i = 0; i < KILLS; i++) {
      String command = COMMANDS.get(random.nextInt(COMMANDS.size()));
      Process process = start(anna, command);
      long nanos =
          (long)
              (lengths.get(command) * (0.5 + random.nextDouble() / 2)); // the first half is Java's
      if (!process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
      }
      anna.edit("UPDATE quotes SET projectName='" + i + "'");
    }
    aDayLater(office, anna);
    TreeSet<String> more = forms();
    more.removeAll(none);
    more.remove("anna/state/server/fold-lease.json"); // one, in which the next one is noted
    more.removeIf(path -> path.contains(".lost-RANDOM/")); // what was set aside stays as it was
    assertThat(more).as("seed " + seed).isEmpty();
    assertThat(anna.type("verify").exitCode()).isZero();
  }

  private Process start(Office.Desk desk, String command) throws IOException {
    Process process =
        desk.process(
            Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + library), command.split(" "));
    process.getOutputStream().close();
    return process;
  }

  /** All there is was written two days ago, and it is time to look after it. */
  private void aDayLater(Office office, Office.Desk anna) throws IOException {
    assertThat(anna.type("doctor", "--break-lease").exitCode()).isZero();
    Typed sync = anna.type("sync");
    if (sync.exitCode() == Failure.OFFLINE) { // a rebuild was killed where the old one is set aside
      assertThat(sync.err()).contains("tidemark ledger rebuild");
      sync = anna.type("ledger", "rebuild");
    }
    assertThat(sync.exitCode()).as(sync.err()).isZero(); // a ledger is there again
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    for (Path path : all()) {
      Files.setLastModifiedTime(path, old);
    }
    office.master("server").execute("UPDATE sync_state SET value='0' WHERE key='cared'");
    anna.edit("UPDATE sync_state SET value='0' WHERE key='looked'");
    assertThat(anna.type("sync").exitCode()).isZero();
    assertThat(anna.type("backup", "now").exitCode()).isZero(); // which sweeps among backups
  }

  private List<Path> all() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return new ArrayList<>(paths.filter(path -> !path.equals(folder)).toList());
    }
  }

  /** The names there are, whatever is random or counted in them. */
  private TreeSet<String> forms() throws IOException {
    TreeSet<String> forms = new TreeSet<>();
    for (Path path : all()) {
      forms.add(
          folder
              .relativize(path)
              .toString()
              .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
              .replaceAll("[0-9a-f]{16,32}", "RANDOM")
              .replaceAll("\\d+", "0"));
    }
    return forms;
  }
}
