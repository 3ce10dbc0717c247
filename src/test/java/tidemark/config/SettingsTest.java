package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.change.TableRule;

class SettingsTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder);
  }

  @Test
  void without_a_word_the_documented_defaults_hold() {
    Settings settings = desk.with("");

    assertThat(settings)
        .isEqualTo(
            new Settings(
                "anna",
                "PC-7",
                folder.resolve("home/.local/state/tidemark"),
                Optional.empty(),
                Map.of(
                    "server",
                    new DatabaseSettings(
                        "server",
                        Path.of("/data/server.db"),
                        new Place.Folder(Path.of("/share/server.db")),
                        TableSelection.ALL,
                        new Following(Following.When.ASK, "", Optional.empty()))),
                new SyncSettings(
                    Optional.of(Duration.ofMinutes(120)),
                    true,
                    false,
                    Optional.empty(),
                    Direction.BOTH,
                    ConflictRule.NEWEST,
                    Duration.ofSeconds(30),
                    SyncSettings.Healing.AUTO,
                    Duration.ofSeconds(30),
                    OptionalLong.empty()),
                Settings.SchemaChanges.ADD,
                Map.of(),
                new LogSettings(90, 10_000, LogSettings.Level.INFO),
                new LedgerSettings(90),
                new BackupSettings(
                    Optional.empty(),
                    LocalTime.of(2, 0),
                    Optional.empty(),
                    30,
                    12,
                    24,
                    BackupSettings.Compression.GZIP,
                    Optional.of(Duration.ofDays(30))),
                HealthSettingsTest.DEFAULT,
                new AlertSettings(Optional.empty(), Optional.empty(), List.of(), Optional.empty()),
                new MaintenanceSettings(
                    TimeWindow.parse("02:00-05:00"),
                    EnumSet.allOf(DayOfWeek.class),
                    MaintenanceSettings.Vacuum.AUTO,
                    List.of(),
                    365),
                List.of(),
                new ControlSettings(OptionalInt.of(8737)),
                new ServeSettings(
                    new ServeSettings.Listen("0.0.0.0", 8743),
                    ServeSettings.Tls.OWN,
                    Optional.empty(),
                    true,
                    folder.resolve("home/.local/state/tidemark/keys.json")),
                true));
  }

  @Test
  void everything_can_be_said_otherwise() {
    Settings settings =
        desk.with(
            """
                tables: [quotes, Components]
            user: john.doe
            workstation: PC-9
            state: /var/tidemark
            sync:
              every: manual
              onStart: no
              onExit: on
              watch: 10s
              direction: push
              conflicts: manual
              leaseTimeout: 1m
              healMaster: ask
              shareTimeout: 45s
              bandwidth: 500KB/s
            schema: wait
            log: { keepDays: 7, keepRows: 100 }
            ledger: { keepDays: 30 }
            backup:
              folder: /backups
              at: '12:30'
              copyTo: /elsewhere
              daily: 1
              weekly: 0
              monthly: 0
              compress: none
              rehearse: off
            maintenance:
              window: 22:00-04:30
              days: [fri, sat]
              vacuum: off
              indexes: ['quotes(status, updated_at)']
              conflictDays: 40
            control: { port: off }
            tray: false
            contact: 'IT help desk, ext. 100'
            """);

    assertThat(settings.user()).isEqualTo("john.doe");
    assertThat(settings.workstation()).isEqualTo("PC-9");
    assertThat(settings.state()).isEqualTo(Path.of("/var/tidemark"));
    assertThat(settings.contact()).contains("IT help desk, ext. 100");
    assertThat(settings.database("server").tables().listed())
        .contains(List.of("quotes", "Components"));
    assertThat(settings.sync())
        .isEqualTo(
            new SyncSettings(
                Optional.empty(),
                false,
                true,
                Optional.of(Duration.ofSeconds(10)),
                Direction.PUSH,
                ConflictRule.MANUAL,
                Duration.ofMinutes(1),
                SyncSettings.Healing.ASK,
                Duration.ofSeconds(45),
                OptionalLong.of(500_000)));
    assertThat(settings.schema()).isEqualTo(Settings.SchemaChanges.WAIT);
    assertThat(settings.log()).isEqualTo(new LogSettings(7, 100, LogSettings.Level.INFO));
    assertThat(settings.ledger()).isEqualTo(new LedgerSettings(30));
    assertThat(settings.backup())
        .isEqualTo(
            new BackupSettings(
                Optional.of(Path.of("/backups")),
                LocalTime.of(12, 30),
                Optional.of(Path.of("/elsewhere")),
                1,
                0,
                0,
                BackupSettings.Compression.NONE,
                Optional.empty()));
    assertThat(settings.maintenance())
        .isEqualTo(
            new MaintenanceSettings(
                TimeWindow.parse("22:00-04:30"),
                EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY),
                MaintenanceSettings.Vacuum.OFF,
                List.of("quotes(status, updated_at)"),
                40));
    assertThat(settings.control().port()).isEmpty();
    assertThat(settings.tray()).isFalse();
  }

  @Test
  void old_rows_can_be_archived_by_themselves() {
    List<ArchiveSettings> archives =
        desk.with("archive: { old: { table: quotes, olderThan: 2y, to: /archive/quotes.db } }\n")
            .archives();

    assertThat(archives)
        .containsExactly(
            new ArchiveSettings(
                "old",
                Optional.empty(),
                "quotes",
                Duration.ofDays(730),
                Path.of("/archive/quotes.db"),
                Optional.empty()));
    assertThatThrownBy(() -> desk.with("archive: { old: { table: quotes, database: nix } }\n"))
        .hasMessageContaining("archive.old.olderThan")
        .hasMessageContaining("archive.old.to")
        .hasMessageContaining("'nix' is not configured");
  }

  @Test
  void a_window_past_midnight_belongs_to_the_day_it_began_on() {
    MaintenanceSettings maintenance =
        desk.with("maintenance: { window: '22:00-04:30', days: [fri] }\n").maintenance();
    LocalDateTime friday = LocalDateTime.parse("2025-01-17T00:00:00");

    assertThat(maintenance.isTime(friday.plusHours(22))).isTrue();
    assertThat(maintenance.isTime(friday.plusHours(28))).isTrue();
    assertThat(maintenance.isTime(friday.plusHours(21))).isFalse();
    assertThat(maintenance.isTime(friday.plusHours(29))).isFalse();
    assertThat(maintenance.isTime(friday.plusHours(4))).isFalse();
    assertThat(desk.with("maintenance: { window: off }\n").maintenance().isTime(friday)).isFalse();
  }

  @Test
  void databases_keep_the_order_of_the_file() {
    desk.write(
        desk.userFile(),
        """
        databases:
          zebra: { local: /z, master: /s/z }
          apple: { local: /a, master: /s/a }
          mango: { local: /m, master: /s/m }
        """);

    assertThat(desk.read().settings().databases().keySet())
        .containsExactly("zebra", "apple", "mango");
  }

  @Test
  void a_tables_rule_reaches_the_lower_layers() {
    Function<String, TableRule> rules =
        desk.with(
                """
                tables:
                  manual_quotes: { conflicts: manual }
                  quotes: { merge: columns }
                  generated_numbers: { unique: [fullId], onDuplicate: renumber }
                  legacy_notes: { key: [note_no, part] }
                  tickets: { key: auto }
                  scratch: { sync: off }
                """)
            .rules("server");

    assertThat(rules.apply("anything")).isEqualTo(TableRule.DEFAULT);
    assertThat(rules.apply("manual_quotes").conflicts()).isEqualTo(ConflictRule.MANUAL);
    assertThat(rules.apply("quotes").mergeColumns()).isTrue();
    assertThat(rules.apply("generated_numbers").unique()).containsExactly("fullId");
    assertThat(rules.apply("generated_numbers").renumber()).isTrue();
    assertThat(rules.apply("legacy_notes").key()).containsExactly("note_no", "part");
    assertThat(rules.apply("legacy_notes").autoKey()).isFalse();
    assertThat(rules.apply("tickets").autoKey()).isTrue();
    assertThat(rules.apply("scratch").synced()).isFalse();
  }

  @Test
  void a_soft_delete_column_is_known_to_reports() {
    Settings settings = desk.with("tables: { old_style: { deletedWhen: deleted_at } }");

    assertThat(settings.table("server", "old_style").deletedWhen()).contains("deleted_at");
    assertThat(settings.table("server", "other").deletedWhen()).isEmpty();
  }

  @Test
  void one_databases_rule_beats_the_rule_for_all_key_by_key() {
    Settings settings =
        desk.with(
            """
              Other: { local: /o, master: /s/o }
            tables:
              quotes: { conflicts: local, merge: columns }
              server.quotes: { conflicts: manual }
              Other.Quotes: { merge: row }
            """);

    assertThat(settings.table("server", "quotes").conflicts()).contains(ConflictRule.MANUAL);
    assertThat(settings.table("server", "quotes").mergeColumns()).isTrue();
    assertThat(settings.table("Other", "quotes").conflicts()).contains(ConflictRule.LOCAL);
    assertThat(settings.table("Other", "quotes").mergeColumns()).isFalse();
  }

  @Test
  void a_tables_name_knows_no_case() {
    Settings settings = desk.with("tables: { Quotes: { sync: off } }");

    assertThat(settings.rules("server").apply("QUOTES").synced()).isFalse();
    assertThat(settings.rules("server").apply("quotes").synced()).isFalse();
  }

  @Test
  void tables_that_are_not_listed_are_not_synced() {
    Function<String, TableRule> rules = desk.with("    tables: [quotes]\n").rules("server");

    assertThat(rules.apply("Quotes").synced()).isTrue();
    assertThat(rules.apply("components").synced()).isFalse();
  }

  @Test
  void an_unknown_database_is_a_slip_of_the_user() {
    Settings settings = desk.with("");

    assertThatThrownBy(() -> settings.database("sever"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.USAGE))
        .hasMessageContaining("No database is named 'sever'; did you mean server?");
  }

  @Test
  void equal_files_make_equal_settings() {
    assertThat(desk.with("sync: { every: 60m }\n")).isEqualTo(desk.with("sync: { every: 1h }\n"));
    assertThat(desk.with("sync: { every: 60m }\n"))
        .isNotEqualTo(desk.with("sync: { every: 2h }\n"));
  }
}
