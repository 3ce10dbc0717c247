package tidemark.replica;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tidemark.change.Definition;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/**
 * Of a copy of the master only what the ledger's definitions announce, with what Tidemark itself
 * makes for it, to the letter. Views, triggers and tables that the share brings besides would run
 * in the application's process, or hold its lock.
 */
final class Announced {
  private static final String ASIDE = "sync_former";

  private final Sql sql;
  private final List<String> leftOut = new ArrayList<>();

  /** As they are to stand in the schema. */
  private final Set<String> ours = new HashSet<>();

  Announced(Sql sql) {
    this.sql = sql;
  }

  /** Leaves nothing else, and says what was there besides. */
  List<String> keep() {
    sql.execute("PRAGMA legacy_alter_table=ON"); // our triggers go on naming the table anew
    forgetModules();
    sql.inTransaction(
        () -> {
          drop("view", listed("view"));
          Set<String> tables = tables();
          tables.forEach(this::noteOurs);
          drop("trigger", without(ours, listed("trigger")));
          dropIndexes(tables);
          drop("table", strangers(tables));
          OwnTables.statements().forEach(this::asMade);
        });
    return leftOut;
  }

  /** A table that would not be made from its definition is awaited from the application instead. */
  List<String> refuseWhatMayTakeLong() {
    sql.inTransaction(
        () -> {
          for (String name : tables()) {
            String why = Definitions.refusal(definition(name));
            if (why != null) {
              sql.execute("DROP TABLE " + Sql.name(name));
              sql.execute("DROP TABLE " + Sql.name(ShadowTable.name(name)));
              new TableStates(sql).forgetPosition(name);
              leftOut.add(why);
            }
          }
        });
    return leftOut;
  }

  // ---- what is announced

  private Set<String> tables() {
    return new TreeSet<>(
        sql.query(
            "SELECT m.name FROM sqlite_master m JOIN sync_tables s ON s.name=m.name COLLATE NOCASE"
                + " WHERE m.type='table' AND s.position IS NOT NULL AND m.name NOT LIKE 'sync\\_%'"
                + " ESCAPE '\\' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND EXISTS(SELECT 1"
                + " FROM sqlite_master r WHERE r.type='table' AND r.name='sync_rows_'||m.name"
                + " COLLATE NOCASE) AND EXISTS(SELECT 1 FROM sync_columns c WHERE"
                + " c.table_name=s.name AND c.key_place IS NOT NULL)",
            c -> c.string(1)));
  }

  private TableShape shape(String table) {
    String known = new TableStates(sql).spelling(table).orElse(table);
    return TableShape.read(sql, table, TableRule.DEFAULT.withKey(new TableStates(sql).key(known)));
  }

  private Definition definition(String table) {
    return Definitions.of(sql, shape(table), 1);
  }

  /** What of ours stands on a table, and beside it. */
  private void noteOurs(String table) {
    TableShape shape = shape(table);
    if (KeyCheck.ofShape(shape) != null) {
      return;
    }
    ours.addAll(Capture.triggers(shape).values());
    ShadowTable.createIndexes(shape).forEach(ddl -> ours.add(asStored(ddl)));
    asMade(ShadowTable.name(table), ShadowTable.createTable(shape));
  }

  private static String asStored(String ddl) {
    return ddl.replaceFirst(" IF NOT EXISTS ", " ");
  }

  /** One of our tables: another may insist on values, or compute them. */
  private void asMade(String name, String ddl) {
    String there =
        sql.first(
                "SELECT sql FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
                c -> c.string(1),
                name)
            .orElse("");
    if (there.isEmpty() || there.equals(asStored(ddl))) {
      return;
    }
    sql.execute("ALTER TABLE " + Sql.name(name) + " RENAME TO " + ASIDE);
    sql.execute(ddl);
    String columns =
        sql
            .query(
                "SELECT name FROM pragma_table_info(?) WHERE name IN (SELECT name FROM"
                    + " pragma_table_info(?))",
                c -> Sql.name(c.string(1)),
                name,
                ASIDE)
            .stream()
            .collect(Collectors.joining(","));
    sql.update(TableSql.copyWhatFits(ASIDE, name, columns));
    sql.execute("DROP TABLE " + ASIDE);
  }

  // ---- what is not

  /** Not to be dropped, as that would have its module read what it keeps. */
  private void forgetModules() {
    List<String> virtual =
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='table' AND rootpage=0", c -> c.string(1));
    if (!virtual.isEmpty()) {
      sql.execute("PRAGMA writable_schema=ON");
      sql.update("DELETE FROM sqlite_master WHERE type='table' AND rootpage=0");
      sql.execute("PRAGMA writable_schema=RESET");
      virtual.forEach(name -> leftOut.add("the virtual table " + name));
    }
  }

  private record Item(String name, String ddl) {}

  private List<Item> listed(String type) {
    return sql.query(
        "SELECT name, sql FROM sqlite_master WHERE type=? AND sql IS NOT NULL ORDER BY name",
        c -> new Item(c.string(1), c.string(2)),
        type);
  }

  private static List<Item> without(Set<String> kept, List<Item> items) {
    return items.stream().filter(item -> !kept.contains(item.ddl())).toList();
  }

  private void drop(String type, List<Item> items) {
    for (Item item : items) {
      sql.execute("DROP " + type + " " + Sql.name(item.name()));
      leftOut.add("the " + type + " " + item.name());
    }
  }

  /** Of ours those that are made when the database is opened; the definitions' own stay. */
  private void dropIndexes(Set<String> tables) {
    record Index(String name, String table, String ddl) {}
    sql
        .query(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL",
            c -> new Index(c.string(1), c.string(2), c.string(3)))
        .stream()
        .filter(index -> isOurName(index.name()) || !tables.contains(index.table()))
        .filter(index -> !ours.contains(index.ddl()) && !OwnTables.isIndex(index.ddl()))
        .forEach(index -> sql.execute("DROP INDEX " + Sql.name(index.name())));
  }

  private static boolean isOurName(String name) {
    return SqlName.folded(name).startsWith("sync_");
  }

  private List<Item> strangers(Set<String> tables) {
    Set<String> shadows = new HashSet<>();
    tables.forEach(name -> shadows.add(SqlName.folded(ShadowTable.name(name))));
    return listed("table").stream()
        .filter(t -> !tables.contains(t.name()) && !OwnTables.isAt(t.name()))
        .filter(t -> !shadows.contains(SqlName.folded(t.name())))
        .filter(t -> !SqlName.folded(t.name()).startsWith("sqlite_"))
        .toList();
  }
}
