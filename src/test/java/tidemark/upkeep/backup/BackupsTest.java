package tidemark.upkeep.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Failure;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;
import tidemark.upkeep.BackupFolder;
import tidemark.upkeep.backup.Backup.Kind;

/** Backups as they lie in their folder: whole, told of by their manifests, checked when read. */
class BackupsTest {
  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;
  private BackupFolder there;

  @BeforeEach
  void syncSomething() throws IOException {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT)",
        "INSERT INTO quotes VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.syncWell();
    there = new BackupFolder(Files.createDirectories(folder.resolve("backups")));
  }

  @Test
  void a_backup_is_told_of_by_its_manifest() {
    Backup made = there.make(anna, Kind.MANUAL);

    assertThat(made.name()).matches("\\d{4}-\\d\\d-\\d\\dT\\d{6}Z-e1-manual");
    assertThat(made.position().number()).isEqualTo(1);
    assertThat(made.content().rows()).containsEntry("quotes", 2L);
    assertThat(there.backups().list()).containsExactly(made);
    assertThat(there.backups().find(made.name())).contains(made);
    assertThat(there.backups().find("2026-01-01T000000Z-e1-daily")).isEmpty();
    assertThat(there.backups().find("../anna")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void what_is_unpacked_is_the_master_as_it_was(Kind kind) {
    Backup made = there.make(anna, kind);
    List<String> then = fleet.master().content("quotes");
    anna.edit("UPDATE quotes SET title='later'").syncWell();

    assertThat(there.unpack(made).content("quotes")).isEqualTo(then);
  }

  @Test
  void it_can_be_left_unpacked() {
    there.packed = false;
    Backup made = there.make(anna, Kind.DAILY);

    Path file = there.folder().resolve("server").resolve(made.name()).resolve("server.db");
    assertThat(new Database(file).rows("SELECT count(*) FROM quotes")).containsExactly("2");
    assertThat(there.unpack(made).rows("SELECT count(*) FROM quotes")).containsExactly("2");
  }

  /** What a disk does to a file. */
  enum Damage {
    FLIPPED,
    CUT_SHORT,
    LONGER,
    EMPTY,
    MISSING;

    void to(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      switch (this) {
        case FLIPPED -> {
          for (int i = 0; i < 50; i++) { // of a single bit, deflate may make the same
            bytes[bytes.length / 2 + i] ^= 85;
          }
          Files.write(file, bytes);
        }
        case CUT_SHORT -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        case LONGER -> Files.write(file, Arrays.copyOf(bytes, bytes.length + 5000));
        case EMPTY -> Files.write(file, new byte[0]);
        case MISSING -> Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void a_damaged_one_is_refused_and_nothing_of_it_is_left(Damage damage) throws IOException {
    for (boolean packed : List.of(true, false)) {
      there.packed = packed;
      Backup made = there.make(anna, Kind.DAILY);
      damage.to(
          there.folder().resolve("server").resolve(made.name()).resolve(made.content().file()));
      Path into = folder.resolve("unpacked.db");

      if (damage == Damage.LONGER && packed) {
        continue; // gzip passes over what follows, and all that was packed is there
      }
      assertThatThrownBy(() -> there.backups().unpack(made, into))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.REFUSED))
          .hasMessageContaining(made.name());
      assertThat(into).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Damage.class,
      names = {"CUT_SHORT", "EMPTY"})
  void a_damaged_manifest_is_named_and_stops_nobody(Damage damage) throws IOException {
    Backup daily = there.make(anna, Kind.DAILY);
    Backup monthly = there.make(anna, Kind.MONTHLY);
    Backup whole = there.make(anna, Kind.MANUAL);
    Path server = there.folder().resolve("server");
    damage.to(server.resolve(daily.name()).resolve("manifest.json"));
    Damage.EMPTY.to(server.resolve(monthly.name()));

    Backups.Shelf shelf = there.backups().look();

    assertThat(shelf.backups()).containsExactly(whole);
    assertThat(shelf.unreadable()).containsOnlyKeys(daily.name(), monthly.name());
  }

  @Test
  void a_damaged_monthly_zip_is_refused() throws IOException {
    Backup made = there.make(anna, Kind.MONTHLY);
    Damage.FLIPPED.to(there.folder().resolve("server").resolve(made.name()));

    assertThatThrownBy(() -> there.backups().unpack(made, folder.resolve("unpacked.db")))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.REFUSED));
  }

  @Test
  void a_folder_that_is_not_there_is_no_empty_one() throws IOException {
    there.make(anna, Kind.DAILY);
    Files.move(there.folder(), folder.resolve("unplugged"));

    assertThatThrownBy(() -> there.backups().list())
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE));
  }

  @Test
  void what_others_keep_there_is_no_backup() throws IOException {
    Path server = Files.createDirectories(there.folder().resolve("server"));
    Files.writeString(server.resolve("readme.txt"), "ours");
    Files.createDirectory(server.resolve("2026-old"));

    assertThat(there.backups().look().backups()).isEmpty();
    assertThat(there.backups().look().unreadable()).isEmpty();
  }
}
