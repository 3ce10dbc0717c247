package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import tidemark.change.Failure;

/** Workstations around one share. */
public final class Fleet {
  private final Path folder;
  private final Path master;
  private final List<Workstation> workstations = new ArrayList<>();

  public Fleet(Path folder) {
    this.folder = folder;
    this.master = folder.resolve("share").resolve("server.db");
    try {
      Files.createDirectories(folder.resolve("share"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Workstation workstation(String name) {
    return workstation(name, share());
  }

  /**
   * @param share the folder all share, as this workstation has it
   */
  public Workstation workstation(String name, Path share) {
    Path itsMaster = share.resolve(master.getFileName());
    Workstation workstation = new Workstation(name, folder.resolve(name), itsMaster);
    workstations.add(workstation);
    return workstation;
  }

  public List<Workstation> all() {
    return workstations;
  }

  public Path share() {
    return folder.resolve("share");
  }

  public Database master() {
    return new Database(master);
  }

  /**
   * What fleets begin with is made once for all that are alike; it may change nothing but files.
   *
   * @param what says all that it depends on, besides the workstations
   */
  void begin(Object what, Runnable making) {
    if (isUntouched()) {
      Beginning.in(
          folder, List.of(what, workstations.stream().map(Workstation::settings).toList()), making);
    } else {
      making.run();
    }
  }

  private boolean isUntouched() {
    try (var paths = Files.walk(folder)) {
      return paths.noneMatch(Files::isRegularFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that stands on the share was written so much longer ago. */
  public Fleet age(java.time.Duration by) {
    try (var paths = Files.walk(share())) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        var written = Files.getLastModifiedTime(path).toInstant().minus(by);
        Files.setLastModifiedTime(path, java.nio.file.attribute.FileTime.from(written));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
    return this;
  }

  /** Everybody syncs, round after round, until nothing moves any more. */
  public Fleet settle() {
    for (int round = 0; round < 12; round++) {
      long moved = -entries();
      for (Workstation workstation : workstations) {
        var outcome = workstation.sync();
        if (outcome.failure() != null) {
          throw new AssertionError(
              workstation.name() + ": " + outcome.failure().getMessage(), outcome.failure());
        }
        moved += outcome.report().totalPulled() + outcome.report().totalPushed();
      }
      if (moved + entries() == 0) {
        return this;
      }
    }
    throw new AssertionError("the fleet does not come to rest");
  }

  /** An entry may hold nothing but conflicts, and still be news. */
  private long entries() {
    Path entries = master.resolveSibling(master.getFileName() + "-ledger").resolve("entries");
    if (!Files.exists(entries)) {
      return 0;
    }
    try (var files = Files.walk(entries, 2)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As settle, but patiently: leases of the dead run out, and the master catches up too. */
  public Fleet comeToRest(SettablePace pace) {
    String last = "";
    for (int round = 0; round < 20; round++) {
      boolean quiet = true;
      for (Workstation workstation : workstations) {
        var outcome = workstation.sync();
        if (outcome.failure() != null && outcome.exitCode() != Failure.BUSY) {
          throw new AssertionError(
              workstation.name() + ": " + outcome.failure().getMessage(), outcome.failure());
        }
        var report = outcome.report();
        quiet &=
            outcome.success()
                && report.totalPulled() + report.totalPushed() == 0
                && report.masterBehind() == 0;
        last = workstation.name() + ": " + outcome.status() + " " + report.held() + report.notes();
      }
      if (quiet) {
        return this;
      }
      pace.pass(Duration.ofSeconds(20));
    }
    throw new AssertionError("the fleet does not come to rest: " + last);
  }

  /** All databases and the master hold the same rows, bit for bit. */
  public Fleet assertSame() {
    return assertSameRows(workstations.get(0).db().applicationTables());
  }

  /** Whatever a row refers to is there. */
  public void assertNoOrphans() {
    for (Workstation each : workstations) {
      Assertions.assertThat(each.db().rows("SELECT * FROM pragma_foreign_key_check"))
          .as(each.name())
          .isEmpty();
    }
  }

  /** The same of one table. */
  public Fleet assertSameRows(String table) {
    return assertSameRows(List.of(table));
  }

  private Fleet assertSameRows(List<String> tables) {
    Map<String, List<String>> expected = workstations.get(0).db().contents(tables);
    for (Workstation workstation : workstations.subList(1, workstations.size())) {
      assertSame(workstation.db(), "at " + workstation.name(), expected);
    }
    assertSame(master(), "in the master", expected);
    return this;
  }

  private static void assertSame(Database one, String where, Map<String, List<String>> expected) {
    Map<String, List<String>> there = one.contents(List.copyOf(expected.keySet()));
    expected.forEach(
        (table, rows) ->
            Assertions.assertThat(there.get(table)).as(table + " " + where).isEqualTo(rows));
  }
}
