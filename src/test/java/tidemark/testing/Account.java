package tidemark.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What was written and taken away in a history, by whom: nothing of it may get lost silently. */
final class Account {
  /** By who wrote them: words that nobody at that database took away again. */
  private final Map<String, Set<String>> standing = new HashMap<>();

  /**
   * By who took them away: words that may come back under the same key only with a conflict that
   * tells of it.
   */
  private final Map<String, Set<String>> removed = new HashMap<>();

  /** Words that anybody ever took away, even if the file in which it was done was lost since. */
  private final Set<String> everRemoved = new HashSet<>();

  private final Set<String> written = new HashSet<>();

  /** Words that came back because somebody moved a row to its former key. */
  private final Set<String> writtenAgain = new HashSet<>();

  /** By who has it: a table that got another key there, and no run since has looked at it. */
  private final Map<String, String> unwatched = new HashMap<>();

  /** Words that stood in entries which nobody keeps any more. */
  private final Set<String> retired = new HashSet<>();

  private final @Nullable Lineage lineage;
  private boolean restored;

  /**
   * @param lineage of the tables whose rows have an id of their birth; null where there are none
   */
  Account(@Nullable Lineage lineage) {
    this.lineage = lineage;
  }

  /** What a database holds: every word and where it stands, and who is whose child. */
  record Seen(Set<String> cells, Lineage.@Nullable Look families) {}

  /** What was seen of a file, and what the file was like then: most runs change nothing. */
  private record Glance(String file, Seen seen) {}

  private final Map<Path, Glance> glances = new HashMap<>();

  Seen look(Database db) {
    if (!Files.exists(db.file())) {
      return new Seen(Set.of(), lineage == null ? null : lineage.look(db));
    }
    Glance last = glances.get(db.file());
    if (last != null && last.file().equals(state(db.file()))) {
      return last.seen();
    }
    Seen seen =
        db.looking(
            open -> new Seen(cellsOf(open), lineage == null ? null : lineage.lookInto(open)));
    glances.put(db.file(), new Glance(state(db.file()), seen));
    return seen;
  }

  /** What no change leaves as it was: SQLite's own count of changes, and the file's marks. */
  private static String state(Path file) {
    Path wal = file.resolveSibling(file.getFileName() + "-wal");
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] header = bytes.readNBytes(100);
      return HexFormat.of().formatHex(header) + marks(file) + (Files.exists(wal) ? marks(wal) : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String marks(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return " " + now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
  }

  /** Somebody edited. */
  void edited(String who, Seen before, Seen after) {
    note(who, before.cells(), after.cells());
    if (lineage != null && before.families() != null && after.families() != null) {
      lineage.edited(before.families(), after.families());
    }
  }

  /** Somebody chose between versions, or brought one back. */
  void chosen(String who, Seen before, Seen after) {
    note(who, before.cells(), after.cells());
    if (lineage != null && before.families() != null && after.families() != null) {
      lineage.chosen(before.families(), after.families());
    }
  }

  /** Whatever happens in a run, it is no edit. */
  void during(Workstation someone, Runnable run) {
    if (lineage == null) {
      run.run();
      return;
    }
    Lineage.Look before = look(someone.db()).families();
    try {
      run.run();
    } finally {
      unwatched.remove(someone.name());
      lineage.synced(someone.name(), before, look(someone.db()).families());
    }
  }

  /** A file is no more. */
  void lostFile(Fleet fleet) {
    lostFile(fleet, new Seen(Set.of(), Lineage.NOTHING));
  }

  /**
   * A workstation's file is no more.
   *
   * @param held what was in it
   */
  void lostFile(Fleet fleet, Seen held) {
    if (lineage == null || held.families() == null) {
      return;
    }
    Set<String> rows = Ledgers.births(fleet.share(), false);
    rows.addAll(lineage.look(fleet.master()).rows().keySet());
    fleet.all().forEach(w -> rows.addAll(lineage.look(w.db()).rows().keySet()));
    Set<String> told = Ledgers.births(fleet.share(), true);
    lineage.lostBut(held.families().rows().keySet(), rows, told);
  }

  /** What is deleted of it before the next run is not known to have been; see docs/PROOF.md. */
  void keyChanged(String who, String table) {
    unwatched.put(who, table);
  }

  private void note(String who, Set<String> before, Set<String> after) {
    Set<String> fresh = words(after);
    fresh.removeAll(words(before));
    Set<String> gone = new HashSet<>(before);
    gone.removeAll(after);
    standing.computeIfAbsent(who, w -> new TreeSet<>()).addAll(fresh);
    standing
        .get(who)
        .removeIf(word -> !words(after).contains(word) && words(before).contains(word));
    removed.computeIfAbsent(who, w -> new TreeSet<>()).addAll(gone);
    removed.get(who).removeAll(after);
    String table = unwatched.get(who);
    if (table != null) {
      gone.stream().filter(cell -> cell.startsWith(table + " ")).forEach(writtenAgain::add);
    }
    everRemoved.addAll(words(gone));
    for (String cell : after) {
      boolean again =
          !written.add(cell) || removed.values().stream().anyMatch(r -> r.contains(cell));
      if (!before.contains(cell) && again) {
        writtenAgain.add(cell);
      }
    }
  }

  /** What was never carried from there is lost with its file; only these words can be known. */
  void lostBut(String who, Set<String> known) {
    standing.getOrDefault(who, new HashSet<>()).retainAll(known);
    removed.remove(who);
  }

  /** Somebody has an older file, or that of another person, and what is pending in it. */
  void cloned(Database db) {
    writtenAgain.addAll(cells(db));
    if (lineage != null) {
      lineage.olderFile(db);
    }
  }

  void retire(Set<String> words) {
    retired.addAll(words);
  }

  /**
   * What somebody took away, and who wrote it has seen it go, stands in no entry any more.
   *
   * @param present by workstation
   */
  void shareRestored(Map<String, Set<String>> present) {
    restored = true;
    present.forEach(
        (who, words) ->
            standing.getOrDefault(who, Set.of()).stream()
                .filter(word -> everRemoved.contains(word) && !words.contains(word))
                .forEach(retired::add));
  }

  /**
   * @param one a database that is as all others are
   */
  void check(Database one, Fleet fleet) {
    Set<String> ledger = Ledgers.words(fleet.share());
    if (lineage != null) {
      lineage.check(one, Ledgers.births(fleet.share()));
    }
    Set<String> cells = cells(one);
    Set<String> rows = words(cells);
    Set<String> told = conflictWords(one);
    Set<String> takenAway = new TreeSet<>(); // by who had seen it, and then the ledger forgot it
    removed.values().forEach(gone -> takenAway.addAll(words(gone)));
    standing.forEach(
        (who, words) -> {
          for (String word : words) {
            boolean found = rows.contains(word) || told.contains(word) || ledger.contains(word);
            boolean forgotten = retired.contains(word) || (restored && takenAway.contains(word));
            if (!found && !forgotten) {
              throw new AssertionError(word + " of " + who + " is nowhere");
            }
          }
        });
    removed.forEach(
        (who, gone) -> {
          for (String cell : gone) {
            if (cells.contains(cell)
                && !writtenAgain.contains(cell)
                && !toldOfRow(one, cell)
                && !told.containsAll(RandomSchema.words(cell))) {
              throw new AssertionError(cell + ", removed by " + who + ", is back from the dead");
            }
          }
        });
  }

  /** A later version of the row lost and its former one is back: the conflict names the key. */
  private static boolean toldOfRow(Database db, String cell) {
    String[] parts = cell.split(" ");
    if (parts.length != 3) {
      return false;
    }
    boolean rekeyed = parts[0].equals(FamilyTables.RATES);
    String key = rekeyed ? db.value("SELECT id FROM tariff WHERE pid=?", parts[1]) : parts[1];
    return !db.rows(
            "SELECT 1 FROM sync_conflicts WHERE table_name=?1 AND json_extract(row_key,'$[0]')||''=?2 OR ?2 GLOB 'rec*' AND instr(coalesce(local_data,'')||coalesce(remote_data,''), ?2)",
            parts[0],
            key)
        .isEmpty();
  }

  private static Set<String> conflictWords(Database db) {
    return RandomSchema.words(
        String.join(" ", db.rows("SELECT local_data, remote_data FROM sync_conflicts")));
  }

  static Set<String> words(Set<String> cells) {
    return RandomSchema.words(String.join(" ", cells));
  }

  static Set<String> words(Database db) {
    return words(cells(db));
  }

  /** Every word with the table and key under which it stands. */
  static Set<String> cells(Database db) {
    return Files.exists(db.file()) ? db.looking(Account::cellsOf) : new TreeSet<>();
  }

  private static Set<String> cellsOf(Database db) {
    Set<String> found = new TreeSet<>();
    for (String table : db.applicationTables()) {
      String key = key(db, table);
      for (String row : db.rows("SELECT " + key + ", * FROM \"" + table + '"')) {
        String at = table + " " + row.substring(0, row.indexOf('|'));
        RandomSchema.words(row).forEach(word -> found.add(at + " " + word));
      }
    }
    return found;
  }

  /** What is the same as long as the record is the same: its birth, unless its name is its key. */
  private static String key(Database db, String table) {
    boolean births =
        db.rows("SELECT 1 FROM pragma_table_info(?) WHERE name IN ('id','pid')", table).size() == 2;
    return births
        ? "pid"
        : String.join(
            "||' '||",
            db.rows("SELECT name FROM pragma_table_info(?) WHERE pk>0 ORDER BY pk", table));
  }
}
