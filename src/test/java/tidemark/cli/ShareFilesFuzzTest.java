package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.testing.Folders;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;
import tidemark.testing.QuickFolder;

/** Whatever any file on the share holds, every command ends as it is defined to. */
@Tag("heavy")
@EnabledIfSystemProperty(
    named = "fuzz",
    matches = ".*",
    disabledReason = "asked for with -Dfuzz=N: it takes minutes")
class ShareFilesFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final List<Integer> DEFINED = List.of(0, 1, 2, 3, 4, 5);

  private static final List<String> COMMANDS =
      List.of(
          "sync",
          "sync --json",
          "status",
          "status --pending --json",
          "verify",
          "verify --repair",
          "doctor",
          "doctor --json",
          "history",
          "history --everyone",
          "history --everyone --json",
          "conflicts",
          "conflicts --json",
          "feed",
          "feed --json",
          "restore --list",
          "restore --list --json",
          "restore",
          "restore --to 2",
          "backup list",
          "backup list --json",
          "backup verify",
          "backup now",
          "backup prune",
          "report",
          "report --json",
          "maintain",
          "archive --table quotes --older-than 2y --to OUT",
          "ledger rebuild");

  @TempDir(factory = QuickFolder.class)
  Path folder;

  private int number;

  private Office.Desk desk(Path at, String name) {
    Office office = new Office(at);
    return office
        .emptyDesk(name, "server")
        .configured("backup: { folder: '" + office.share().resolve("backups") + "' }\n");
  }

  private Path whole() {
    return folder.resolve("whole");
  }

  /** Something of everything: conflicts, archived entries, snapshots, backups, a lease. */
  private void prepare() throws IOException {
    Office.Desk anna = desk(whole(), "anna");
    Office.Desk ben = desk(whole(), "ben");
    anna.db("server").script("/tidemark/app/demo/server.sql");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1'),('Q2')");
    well(anna, "sync");
    well(ben, "sync");
    well(anna, "backup", "now");
    ben.edit("UPDATE quotes SET quoteId=quoteId, projectName='ben' WHERE quoteId='Q1'");
    anna.edit("UPDATE quotes SET quoteId=quoteId, projectName='anna' WHERE quoteId='Q1'");
    well(ben, "sync");
    well(anna, "sync");
    well(ben, "sync");
    age(whole().resolve("share"));
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q3')");
    well(anna, "sync");
    well(anna, "doctor");
    Path lease = Files.createDirectories(whole().resolve("share/server.db-ledger/fold/lease"));
    Files.writeString(
        lease.resolve("owner.json"),
        "{\"nonce\":\"abc1\",\"user\":\"dead\",\"workstation\":\"PC-9\",\"pid\":9,\"since\":1}");
    Files.writeString(lease.resolve("beat-abc1"), "7");
    Files.writeString(
        whole().resolve("share/server.db-ledger/health.json"),
        "{\"at\":\"2026-01-01T00:00:00Z\",\"findings\":[{\"check\":\"disk\",\"health\":\"bad\",\"what\":\"x\",\"todo\":\"y\"}],\"told\":{\"disk\":1}}");
    ben.edit("INSERT INTO quotes(quoteId) VALUES('Q4')");
  }

  private static void well(Office.Desk desk, String... command) {
    Typed typed = desk.type(command);
    assertThat(typed.exitCode()).as(typed.toString()).isIn(0, 1);
  }

  private static void age(Path share) throws IOException {
    Instant then = Instant.now().minus(Duration.ofDays(100));
    try (var files = Files.walk(share)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(then));
      }
    }
  }

  @Test
  void whatever_a_file_on_the_share_holds_every_command_ends_as_defined() throws IOException {
    prepare();
    Fuzz.cases("files of a share", 12, MOST, this::spoiled);
  }

  private void spoiled(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    Path here = folder.resolve("case-" + number++);
    Folders.copy(whole(), here);
    try {
      Office.Desk ben = desk(here, "ben");
      List<String> files = List.copyOf(Folders.bytes(here.resolve("share")).keySet());
      for (int i = mutator.few(); i > 0; i--) {
        spoil(here.resolve("share").resolve(mutator.one(files)), mutator);
      }
      for (int i = 0; i < 5; i++) {
        String command = mutator.one(COMMANDS);
        Typed typed =
            ben.type(command.replace("OUT", here.resolve("out.db").toString()).split(" "));
        assertThat(DEFINED).as(command + ": " + typed).contains(typed.exitCode());
        assertThat(typed.err()).as(command).doesNotContain("unexpected", "Exception");
        assertThat(ben.db("server").rows("PRAGMA integrity_check")).containsExactly("ok");
      }
    } finally {
      Folders.delete(here);
    }
  }

  private static void spoil(Path file, Mutator mutator) throws IOException {
    if (!Files.exists(file)) {
      return; // by the one before it
    }
    byte[] bytes = Files.readAllBytes(file);
    if (file.toString().endsWith(".json") && !mutator.chance(4)) {
      String text = mutator.json(new String(bytes, StandardCharsets.UTF_8));
      Files.writeString(file, mutator.chance(2) ? text : mutator.json(text));
    } else if (mutator.chance(8)) {
      Files.delete(file);
      Files.createDirectory(file);
    } else {
      Files.write(file, mutator.bytes(bytes));
    }
  }
}
