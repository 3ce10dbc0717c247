package tidemark.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.change.ConflictRule;
import tidemark.config.Settings;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsWriter;
import tidemark.config.Surroundings;
import tidemark.config.YamlEdit;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.run.Request;
import tidemark.sync.DatabaseSync;

/**
 * A share and two workstations in a folder of their own, to see Tidemark at work without risk.
 *
 * <p>Nothing outside of the folder is read or written, and everything stays there to be looked at.
 */
public final class Demo {
  public static final String DATABASE = "server";

  private final Path folder;
  private final Surroundings surroundings;
  private final Clock clock;

  public Demo(Path folder, Surroundings machine, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    this.surroundings =
        new Surroundings(
            Map.of(), // what holds on this machine does not hold here
            machine.osName(),
            folder,
            machine.loginName(),
            machine.hostName(),
            folder.resolve("nobody"),
            Optional.empty());
  }

  /** One person's machine. */
  public record Desk(String user, Path config, Path local) {}

  /** The share's folder. */
  public Path share() {
    return folder.resolve("share");
  }

  public Path master() {
    return share().resolve("server.db");
  }

  /** A workstation with a config and, so far, no database. */
  public Desk desk(String user) {
    return desk(user, Map.of());
  }

  /** One whose config lends what it has, on this machine alone. */
  public Desk serverDesk() {
    return desk("server", Map.of("serve.listen", "127.0.0.1:0"));
  }

  private Desk desk(String user, Map<String, String> more) {
    Path place = folder.resolve(user);
    Desk desk = new Desk(user, place.resolve("tidemark.yml"), place.resolve("server.db"));
    Map<String, String> chosen = new LinkedHashMap<>(more);
    chosen.put("user", user);
    chosen.put("workstation", "PC-" + user);
    chosen.put("state", place.resolve("state").toString());
    chosen.put("sync.watch", "5s");
    String config =
        new SettingsWriter(Optional.empty())
            .write(
                Map.of(
                    DATABASE,
                    new SettingsWriter.Paths(desk.local().toString(), master().toString())),
                chosen);
    try {
      Files.createDirectories(share());
      Files.createDirectories(place);
      Files.writeString(desk.config(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return desk;
  }

  /** Somebody who reaches the others by a server alone; says where the config is. */
  public Path remoteDesk(String user, String address, String key, String trust) {
    Path place = folder.resolve(user);
    Path config = place.resolve("tidemark.yml");
    String text =
        "user: "
            + user
            + "\nworkstation: PC-"
            + user
            + "\nstate: "
            + YamlEdit.quoted(place.resolve("state").toString())
            + "\ndatabases:\n  "
            + DATABASE
            + ":\n    local: "
            + YamlEdit.quoted(place.resolve("server.db").toString())
            + "\n    master: "
            + address
            + "\n    key: "
            + key
            + "\n    trust: "
            + YamlEdit.quoted(trust)
            + "\n";
    try {
      Files.createDirectories(place);
      Files.writeString(config, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return config;
  }

  /** The application's database as it is after a while of work. */
  public void fill(Desk desk) {
    try (Sql sql = Sql.open(desk.local(), OpenMode.CREATE, Duration.ZERO)) {
      perform(sql, "server.sql");
      perform(sql, "sample.sql");
    }
  }

  /** What this person does in the application while offline. */
  public void work(Desk desk) {
    try (Sql sql = Sql.open(desk.local(), OpenMode.WRITE, Duration.ofSeconds(5))) {
      perform(sql, desk.user() + ".sql");
    }
  }

  private static void perform(Sql sql, String script) {
    String statements =
        Arrays.stream(text(script).split("\n"))
            .filter(line -> !line.startsWith("--"))
            .reduce("", (all, line) -> all + line + "\n");
    sql.inTransaction(
        () ->
            Arrays.stream(statements.split(";\n")).filter(s -> !s.isBlank()).forEach(sql::execute));
  }

  private static String text(String script) {
    try (InputStream in = Demo.class.getResourceAsStream("demo/" + script)) {
      if (in == null) {
        throw new FileNotFoundException(script);
      }
      return new String(in.readAllBytes(), UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public SettingsFile settingsFile(Desk desk) {
    return new SettingsFile(surroundings, Optional.of(desk.config()));
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /** A run at this workstation, as its config has it. */
  public DatabaseSync.Outcome sync(Desk desk) {
    Settings settings = settingsFile(desk).read().settings();
    return new Workstation(settings, surroundings, clock)
        .databases(List.of(DATABASE))
        .get(0)
        .sync(Request.byHand(ConflictRule.NEWEST), settled -> {});
  }

  /** Whether all these workstations and the master hold the same rows. */
  public boolean inStep(Desk... desks) {
    List<String> master = content(master());
    return Arrays.stream(desks).allMatch(desk -> content(desk.local()).equals(master));
  }

  private static List<String> content(Path database) {
    List<String> rows = new ArrayList<>();
    try (Sql sql = Sql.open(database, OpenMode.READ, Duration.ofSeconds(5))) {
      List<String> tables =
          sql.query(
              "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
              cells -> cells.string(1));
      for (String table : tables) {
        rows.addAll(rows(sql, table));
      }
    }
    return rows;
  }

  /** Without synced_at, which is each database's own. */
  private static List<String> rows(Sql sql, String table) {
    List<String> columns =
        sql.query(
            "SELECT name FROM pragma_table_info(?) WHERE name<>'synced_at' ORDER BY name",
            cells -> Sql.name(cells.string(1)),
            table);
    return sql.query(
        "SELECT " + String.join(",", columns) + " FROM " + Sql.name(table) + " ORDER BY 1,2,3",
        cells -> table + Arrays.toString(cells.values(1, columns.size())));
  }
}
