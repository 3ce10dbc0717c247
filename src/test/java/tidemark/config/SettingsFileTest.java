package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Direction;
import tidemark.change.Failure;

class SettingsFileTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder);
  }

  @Test
  void the_first_file_found_is_the_one() {
    desk.write(desk.installedFile(), Desk.DATABASES + "user: shipped\n");
    assertThat(desk.read().settings().user()).isEqualTo("shipped");

    desk.write(desk.userFile(), Desk.DATABASES + "user: own\n");
    assertThat(desk.read().settings().user()).isEqualTo("own");

    Path byVariable = desk.write(folder.resolve("v.yml"), Desk.DATABASES + "user: variable\n");
    desk.set("TIDEMARK_CONFIG", byVariable.toString());
    assertThat(desk.read().settings().user()).isEqualTo("variable");

    Path named = desk.write(folder.resolve("n.yml"), Desk.DATABASES + "user: named\n");
    assertThat(desk.read(named).settings().user()).isEqualTo("named");
    assertThat(desk.read(named).ownFile()).contains(named);
    assertThat(desk.read(named).files()).containsExactly(named);
  }

  @Test
  void users_find_their_file_where_their_system_keeps_such_things() {
    Desk windows = new Desk(folder, "Windows 10").set("APPDATA", folder + "/roaming");

    assertThat(desk.userFile()).isEqualTo(folder.resolve("home/.config/tidemark/tidemark.yml"));
    assertThat(windows.userFile()).isEqualTo(folder.resolve("roaming/tidemark/tidemark.yml"));
    assertThat(new SettingsFile(desk.surroundings(), Optional.empty()).own())
        .isEqualTo(desk.userFile());
  }

  @Test
  void state_goes_where_the_system_keeps_such_things() {
    Desk windows = new Desk(folder, "Windows 10").set("LocalAppData", folder + "/local");

    assertThat(desk.surroundings().defaultState())
        .isEqualTo(folder.resolve("home/.local/state/tidemark"));
    assertThat(windows.surroundings().defaultState()).isEqualTo(folder.resolve("local/tidemark"));
    assertThat(new Desk(folder, "Mac OS X").surroundings().defaultState())
        .isEqualTo(folder.resolve("home/Library/Application Support/tidemark"));
  }

  @Test
  void without_any_file_the_way_out_is_named() {
    Failure failure = failure();

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure).hasMessageContaining(desk.userFile().toString());
    assertThat(failure.hint()).contains("tidemark init");
  }

  @Test
  void a_file_that_was_asked_for_must_be_there() {
    desk.write(desk.userFile(), Desk.DATABASES);
    Path missing = folder.resolve("missing.yml");

    Failure byName = catchThrowableOfType(Failure.class, () -> desk.read(missing));
    assertThat(byName.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(byName).hasMessageContaining(missing + " does not exist");
    assertThat(byName.hint()).contains("--config");

    desk.set("TIDEMARK_CONFIG", missing.toString());
    assertThat(failure().hint()).contains("TIDEMARK_CONFIG");
    desk.set("TIDEMARK_CONFIG", "");
    assertThat(desk.read().ownFile()).contains(desk.userFile());
  }

  @Test
  void a_folder_is_no_config() {
    Failure failure = catchThrowableOfType(Failure.class, () -> desk.read(folder));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure).hasMessageContaining("is a folder");
  }

  @Test
  void the_example_that_is_shipped_is_no_config() throws IOException {
    Path beside = desk.installedFile().getParent();
    FileUtils.copyDirectory(new File("config"), beside.toFile());

    assertThat(failure().whatFailed()).startsWith("There is no config yet");
    assertThat(failure().exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure().hint()).contains("tidemark init");
  }

  @Test
  void a_config_beside_the_program_never_mixes_with_what_else_people_wrote() {
    desk.write(desk.installedFile(), "databases: { example: { local: /e, master: /s/e } }");
    desk.write(desk.machineFile(), Desk.DATABASES);

    assertThat(desk.read().settings().databases()).containsOnlyKeys("server");
    assertThat(desk.read().ownFile()).isEmpty();
  }

  @Test
  void relative_paths_start_at_their_file_and_a_tilde_at_home() {
    desk.write(desk.userFile(), "databases: { a: { local: ../data/a.db, master: ~/share/a.db } }");

    DatabaseSettings database = desk.read().settings().database("a");
    assertThat(database.local()).isEqualTo(folder.resolve("home/.config/data/a.db"));
    assertThat(database.place().file()).contains(folder.resolve("home/share/a.db"));
  }

  @Test
  void later_layers_win_key_by_key() {
    Path fleet = folder.resolve("share/fleet.yml");
    desk.write(
        desk.machineFile(),
        Desk.DATABASES
            + "include: "
            + fleet
            + "\nsync: { every: 10m, watch: 10s, direction: push }\n");
    desk.write(fleet, "sync: { every: 20m, watch: 20s }\ntables: { t: { merge: columns } }\n");
    desk.write(desk.userFile(), "sync:\n  every: 30m\ntables: { T: { sync: off } }\n");

    SettingsInForce inForce = desk.read();

    SyncSettings sync = inForce.settings().sync();
    assertThat(sync.every()).contains(Duration.ofMinutes(30));
    assertThat(sync.watch()).contains(Duration.ofSeconds(20));
    assertThat(sync.direction()).isEqualTo(Direction.PUSH);
    assertThat(inForce.settings().table("server", "t").mergeColumns()).isTrue();
    assertThat(inForce.settings().table("server", "t").sync()).isFalse();
    assertThat(inForce.files()).containsExactly(desk.machineFile(), fleet, desk.userFile());
    assertThat(desk.origin("sync.every")).isEqualTo(desk.userFile() + ":2");
    assertThat(desk.origin("sync.watch")).isEqualTo(fleet + ":1");
    assertThat(desk.origin("sync.direction")).isEqualTo(desk.machineFile() + ":6");
    assertThat(desk.origin("sync.onStart")).isEqualTo("default");
    assertThat(inForce.warnings()).isEmpty();
  }

  @Test
  void a_locked_key_keeps_what_IT_says_and_tells_the_user() {
    Path fleet = desk.write(folder.resolve("share/fleet.yml"), "locked: [backup, tables.Quotes]\n");
    desk.write(
        desk.machineFile(),
        Desk.DATABASES
            + "include: "
            + fleet
            + "\nsync: { every: 10m }\nlocked: [sync.every, databases]\n");
    desk.write(
        desk.userFile(),
        """
        sync: { every: 30m, onStart: no }
        backup: { daily: 3 }
        tables: { quotes: { sync: off } }
        databases: { mine: { local: /mine, master: /s/mine } }
        """);

    SettingsInForce inForce = desk.read();

    assertThat(inForce.settings().sync().every()).contains(Duration.ofMinutes(10));
    assertThat(inForce.settings().sync().onStart()).isFalse();
    assertThat(inForce.settings().backup().daily()).isEqualTo(30);
    assertThat(inForce.settings().table("server", "quotes").sync()).isTrue();
    assertThat(inForce.settings().databases()).containsOnlyKeys("server");
    assertThat(inForce.warnings())
        .hasSize(5)
        .contains(desk.userFile() + ":1: sync.every is locked by IT and has no effect here");
    assertThat(inForce.isLocked("sync.every")).isTrue();
    assertThat(inForce.isLocked("backup.at")).isTrue();
    assertThat(inForce.isLocked("sync.onStart")).isFalse();
    assertThat(desk.origin("sync.every")).isEqualTo(desk.machineFile() + ":6, locked");
    assertThat(desk.origin("backup.daily")).isEqualTo("default, locked");
  }

  @Test
  void a_lock_on_a_key_that_is_none_is_found() {
    desk.write(desk.machineFile(), Desk.DATABASES + "locked: [sync.evry, tables.a.b]\n");

    assertThat(failure())
        .hasMessageContaining(":5: locked: 'sync.evry' is no known key; did you mean sync.every?")
        .hasMessageNotContaining("tables.a.b");
  }

  @Test
  void while_the_share_is_away_the_last_copy_of_the_included_file_holds() throws IOException {
    Path fleet = desk.write(folder.resolve("share/fleet.yml"), "sync: { every: 20m }\n");
    desk.write(desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\n");
    Settings before = desk.read().settings();

    Files.delete(fleet);
    Files.delete(fleet.getParent());
    SettingsInForce away = desk.read();

    assertThat(away.settings()).isEqualTo(before);
    assertThat(away.warnings()).singleElement().asString().contains("away", fleet.toString());

    desk.write(fleet, "sync: { every: 40m }\n");
    assertThat(desk.read().settings().sync().every()).contains(Duration.ofMinutes(40));
    assertThat(desk.read().warnings()).isEmpty();
  }

  @Test
  void an_included_file_never_seen_is_a_share_out_of_reach() {
    desk.write(desk.machineFile(), Desk.DATABASES + "include: /nowhere/fleet.yml\n");

    assertThat(failure().exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(failure()).hasMessageContaining("/nowhere/fleet.yml");
  }

  @Test
  void a_wrong_included_file_is_refused_and_leaves_the_copy_alone() throws IOException {
    Path fleet = desk.write(folder.resolve("share/fleet.yml"), "sync: { every: 20m }\n");
    desk.write(desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\n");
    desk.read();

    desk.write(fleet, "sync: { evry: 20m }\nstate: /tmp/x\ninclude: /more.yml\n");
    assertThat(failure())
        .hasMessageContainingAll(
            fleet + ":1: sync.evry",
            fleet + ":2: state: cannot be set by an included file",
            fleet + ":3: include: is accepted in the machine's file only");

    Files.delete(fleet);
    assertThat(desk.read().settings().sync().every()).contains(Duration.ofMinutes(20));
  }

  @Test
  void a_copy_that_cannot_be_kept_is_told_and_stops_nobody() throws IOException {
    Path fleet = desk.write(folder.resolve("share/fleet.yml"), "sync: { every: 20m }\n");
    Path inTheWay = Files.writeString(folder.resolve("state"), "a file");
    desk.write(
        desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\nstate: " + inTheWay + "\n");

    assertThat(desk.read().warnings()).singleElement().asString().contains("could not be copied");
  }

  @Test
  void the_machines_file_named_by_hand_is_still_the_machines() {
    desk.write(desk.machineFile(), Desk.DATABASES + "locked: [sync.every]\n");

    assertThat(desk.read(desk.machineFile()).locked()).containsExactly("sync.every");
  }

  @Test
  void what_is_in_force_is_listed_in_order_with_values_as_they_act() {
    desk.set("WHO", "john");
    desk.write(
        desk.userFile(),
        """
        user: ${WHO}
        databases:
          b: { local: b.db, master: /s/b, tables: [x, y] }
          a: { local: /a, master: /s/a }
        tables:
          t: { conflicts: local }
        """);

    List<SettingInForce> list = desk.read().list();

    assertThat(list)
        .extracting(SettingInForce::key)
        .startsWith(
            "user",
            "workstation",
            "state",
            "databases.b.local",
            "databases.b.master",
            "databases.b.follow",
            "databases.b.tables",
            "databases.a.local",
            "databases.a.master",
            "databases.a.follow",
            "databases.a.tables",
            "sync.every")
        .contains("tables.t.conflicts", "tray")
        .doesNotContain("contact", "tables.t.merge");
    assertThat(desk.value("user")).isEqualTo("john");
    assertThat(desk.value("workstation")).isEqualTo("PC-7");
    assertThat(desk.value("databases.b.local"))
        .isEqualTo(desk.userFile().resolveSibling("b.db").toString());
    assertThat(desk.value("databases.b.tables")).isEqualTo("[x, y]");
    assertThat(desk.value("sync.every")).isEqualTo("120m");
    assertThat(desk.origin("databases.a.local")).isEqualTo(desk.userFile() + ":4");
  }

  @Test
  void a_changed_file_takes_effect_when_it_is_read_again() {
    desk.write(desk.userFile(), Desk.DATABASES);
    SettingsFile file = new SettingsFile(desk.surroundings(), Optional.empty());
    assertThat(file.read().settings().sync().every()).contains(Duration.ofHours(2));

    desk.write(desk.userFile(), Desk.DATABASES + "sync: { every: manual }\n");
    assertThat(file.read().settings().sync().every()).isEmpty();
  }

  @Test
  void this_machine_can_be_asked() {
    Surroundings here = Surroundings.ofThisMachine(Optional.empty());

    assertThat(here.loginName()).isNotBlank();
    assertThat(here.hostName()).isNotBlank();
    assertThat(here.home()).isAbsolute();
  }

  private Failure failure() {
    return catchThrowableOfType(Failure.class, desk::read);
  }
}
