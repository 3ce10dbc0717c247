package tidemark.upkeep.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.change.SqlName;

/** Counts changes by day, user and table. Threading: one thread. */
final class ChangeBook {
  private final Period period;
  private final SortedMap<LocalDate, SortedMap<String, SortedMap<String, ChangeCount>>> days =
      new TreeMap<>();
  private final SortedMap<String, SortedMap<LocalDate, Long>> growth = new TreeMap<>();

  /** Each as it was spelt first, however many ways it is spelt. */
  private final Map<String, String> tables = new TreeMap<>(SqlName.ORDER);

  private long entries;

  ChangeBook(Period period) {
    this.period = period;
  }

  /** A change counts on the day it was made, what it adds on the day it came into the ledger. */
  void add(EntryBrief entry) {
    LocalDate written = period.day(entry.at());
    entries += written == null ? 0 : 1;
    entry
        .counts()
        .forEach(
            (of, count) -> {
              String name = tables.computeIfAbsent(of.table(), table -> table);
              ChangeCount one = new ChangeCount(count.made(), count.changed(), count.deleted());
              LocalDate made = period.day(of.since());
              if (made != null) {
                days.computeIfAbsent(made, day -> new TreeMap<>())
                    .computeIfAbsent(of.by(), user -> new TreeMap<>())
                    .merge(name, one, ChangeCount::plus);
              }
              if (written != null) {
                growth
                    .computeIfAbsent(name, table -> new TreeMap<>())
                    .merge(written, one.made() - one.deleted(), Long::sum);
              }
            });
  }

  /** Whether the period begins or ends amid what was counted together. */
  boolean cuts(EntryBrief entry) {
    return entry.counts().keySet().stream()
        .anyMatch(
            of ->
                !Objects.equals(
                    period.day(of.since()), period.day(of.since() + EntryBrief.QUARTER_HOUR - 1)));
  }

  Changes changes(@Nullable Instant from) {
    SortedMap<LocalDate, ChangeCount> perDay = new TreeMap<>();
    SortedMap<String, ChangeCount> perTable = new TreeMap<>();
    SortedMap<String, ChangeCount> perUser = new TreeMap<>();
    Map<String, Integer> daysOfUser = new HashMap<>();
    List<Changes.Cell> cells = new ArrayList<>();
    days.forEach(
        (day, users) ->
            users.forEach(
                (user, tables) -> {
                  daysOfUser.merge(user, 1, Integer::sum);
                  tables.forEach(
                      (table, count) -> {
                        perDay.merge(day, count, ChangeCount::plus);
                        perUser.merge(user, count, ChangeCount::plus);
                        perTable.merge(table, count, ChangeCount::plus);
                        cells.add(new Changes.Cell(day, user, table, count));
                      });
                }));
    SortedMap<String, Changes.Person> people = new TreeMap<>();
    perUser.forEach(
        (user, count) ->
            people.put(user, new Changes.Person(count, daysOfUser.getOrDefault(user, 0))));
    ChangeCount all = perDay.values().stream().reduce(ChangeCount.NONE, ChangeCount::plus);
    return new Changes(from, entries, all, perDay, people, perTable, cells, growth);
  }
}
