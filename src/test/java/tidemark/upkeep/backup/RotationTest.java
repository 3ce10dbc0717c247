package tidemark.upkeep.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Position;
import tidemark.upkeep.backup.Backup.Content;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.Backup.Maker;

/** Which backups are due and which are kept. */
class RotationTest {
  private static final Logger LOG = LoggerFactory.getLogger(RotationTest.class);
  private static final Rotation USUAL = new Rotation(30, 12, 24);
  private static final LocalTime AT = LocalTime.of(2, 0);
  private static final ZonedDateTime SATURDAY =
      ZonedDateTime.of(2026, 11, 21, 9, 0, 0, 0, ZoneId.of("Europe/Berlin"));

  private static Backup backup(Kind kind, ZonedDateTime at, long entry) {
    long millis = at.toInstant().toEpochMilli();
    return new Backup(
        BackupName.of(kind, millis, entry, "PC-1"),
        kind,
        millis,
        "ledger",
        new Position(entry, "hash"),
        new Maker("anna", "PC-1", "1.0"),
        new Content("server.db.gz", 1, "", Map.of()));
  }

  private static List<Kind> kinds(List<Backup> backups) {
    return backups.stream().map(Backup::kind).toList();
  }

  @Test
  void the_first_one_of_all_is_the_weeks_and_the_months() {
    assertThat(USUAL.due(List.of(), SATURDAY, AT))
        .containsExactlyInAnyOrder(Kind.WEEKLY, Kind.MONTHLY);
  }

  @Test
  void one_is_due_each_day_from_its_hour_on() {
    List<Backup> there =
        List.of(
            backup(Kind.WEEKLY, SATURDAY.minusDays(3), 5),
            backup(Kind.MONTHLY, SATURDAY.minusDays(3), 5),
            backup(Kind.DAILY, SATURDAY.minusDays(1), 7));

    assertThat(USUAL.due(there, SATURDAY.withHour(1), AT)).isEmpty();
    assertThat(USUAL.due(there, SATURDAY.withHour(2), AT)).containsExactly(Kind.DAILY);
    assertThat(USUAL.due(there, SATURDAY.plusDays(5), AT)).containsExactly(Kind.WEEKLY);
    assertThat(USUAL.due(there, SATURDAY.plusDays(10), AT))
        .containsExactlyInAnyOrder(Kind.WEEKLY, Kind.MONTHLY);
  }

  @Test
  void one_that_somebody_asked_for_is_not_the_days() {
    List<Backup> there =
        List.of(
            backup(Kind.MANUAL, SATURDAY, 9),
            backup(Kind.LOCAL, SATURDAY, 9),
            backup(Kind.MONTHLY, SATURDAY, 9));

    assertThat(USUAL.due(there, SATURDAY, AT)).containsExactly(Kind.WEEKLY);
  }

  @Test
  void one_from_the_future_is_a_wrong_clocks_and_puts_nothing_off() {
    List<Backup> there = List.of(backup(Kind.WEEKLY, SATURDAY.plusYears(4), 9));

    assertThat(USUAL.due(there, SATURDAY, AT)).contains(Kind.WEEKLY);
  }

  @Test
  void the_hour_that_is_left_out_in_spring_and_comes_twice_in_autumn_makes_none_due_twice() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    ZonedDateTime spring = ZonedDateTime.of(2026, 3, 29, 3, 31, 0, 0, berlin);
    ZonedDateTime autumn = ZonedDateTime.of(2026, 10, 25, 2, 35, 0, 0, berlin);
    for (ZonedDateTime made : List.of(spring, autumn)) {
      List<Backup> there = List.of(backup(Kind.WEEKLY, made, 1), backup(Kind.MONTHLY, made, 1));

      assertThat(USUAL.due(there, made.plusHours(1), LocalTime.of(2, 30))).isEmpty();
    }
  }

  @Test
  void kinds_of_which_none_is_to_be_kept_are_not_made() {
    assertThat(new Rotation(7, 0, 0).due(List.of(), SATURDAY, AT)).containsExactly(Kind.DAILY);
  }

  /** As the daemon makes and removes them, day after day. */
  private static List<Backup> lived(Rotation rotation, int days) {
    List<Backup> there = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      ZonedDateTime now = SATURDAY.plusDays(day);
      long entry = 10 + day / 3; // on some days nothing happens
      for (Kind kind : rotation.due(there, now, AT)) {
        there.add(backup(kind, now, entry));
      }
      there.removeAll(rotation.dispensable(there, Set.of()));
    }
    return there;
  }

  @Test
  void after_three_years_there_are_thirty_days_twelve_weeks_and_twenty_four_months() {
    List<Backup> there = lived(USUAL, 3 * 365);

    Map<Kind, Long> counts =
        kinds(there).stream().collect(Collectors.groupingBy(k -> k, Collectors.counting()));
    long weeksAmongTheDays = 5; // 30 days hold four or five Mondays
    assertThat(counts.get(Kind.DAILY)).isBetween(25L, 26L);
    assertThat(counts.get(Kind.WEEKLY)).isEqualTo(12);
    assertThat(counts.get(Kind.DAILY) + weeksAmongTheDays).isBetween(30L, 31L);
    assertThat(counts.get(Kind.MONTHLY)).isEqualTo(24);
  }

  @Test
  void what_somebody_asked_for_stays() {
    List<Backup> there = lived(new Rotation(2, 0, 0), 5);
    Backup asked = backup(Kind.MANUAL, SATURDAY.minusYears(1), 1);
    there.add(asked);

    assertThat(new Rotation(2, 0, 0).dispensable(there, Set.of())).doesNotContain(asked);
  }

  @Test
  void damaged_ones_do_not_count() {
    List<Backup> there = lived(new Rotation(30, 0, 0), 10);
    Set<String> damaged =
        there.subList(5, 10).stream().map(Backup::name).collect(Collectors.toSet());

    List<Backup> dispensable = new Rotation(3, 0, 0).dispensable(there, damaged);

    assertThat(dispensable).containsExactlyElementsOf(there.subList(0, 2));
  }

  @Test
  void the_last_good_one_stays_whatever_the_config_says() {
    Backup month = backup(Kind.MONTHLY, SATURDAY, 3);
    Backup later = backup(Kind.DAILY, SATURDAY.plusDays(1), 4);

    assertThat(new Rotation(1, 0, 0).dispensable(List.of(month), Set.of())).isEmpty();
    assertThat(new Rotation(1, 0, 0).dispensable(List.of(month, later), Set.of(later.name())))
        .isEmpty();
    assertThat(new Rotation(1, 0, 0).dispensable(List.of(month, later), Set.of()))
        .containsExactly(month);
  }

  @Test
  void a_clock_that_goes_back_or_a_ledger_that_counts_anew_costs_no_new_one() {
    List<Backup> there = lived(new Rotation(3, 0, 0), 10);
    Backup clockWentBack = backup(Kind.DAILY, SATURDAY.minusYears(1), 100);
    Backup countedAnew = backup(Kind.DAILY, SATURDAY.plusYears(1), 2);
    there.add(clockWentBack);
    there.add(countedAnew);

    assertThat(new Rotation(3, 0, 0).dispensable(there, Set.of()))
        .doesNotContain(clockWentBack, countedAnew);
  }

  @Test
  void each_workstation_keeps_its_own_local_ones() {
    List<Backup> there = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      there.add(backup(Kind.LOCAL, SATURDAY.plusDays(day), 1));
      there.add(backup(Kind.DAILY, SATURDAY.plusDays(day), 1));
    }

    assertThat(kinds(new Rotation(3, 0, 0).dispensable(there, Set.of())))
        .containsExactlyInAnyOrder(Kind.LOCAL, Kind.DAILY);
  }

  @Test
  void whatever_there_is_a_good_one_stays_that_no_other_outdoes() {
    long seed = System.nanoTime();
    LOG.info("seed {}", seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Backup> there = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        Kind kind = Kind.values()[random.nextInt(4)];
        there.add(
            backup(
                kind, SATURDAY.plus(Duration.ofHours(random.nextInt(2000))), random.nextInt(20)));
      }
      Set<String> damaged =
          there.stream()
              .filter(b -> random.nextInt(3) == 0)
              .map(Backup::name)
              .collect(Collectors.toSet());
      Rotation rotation = new Rotation(1 + random.nextInt(3), random.nextInt(3), random.nextInt(3));

      List<Backup> left = new ArrayList<>(there);
      left.removeAll(rotation.dispensable(there, damaged));

      boolean hadGood = there.stream().anyMatch(b -> !damaged.contains(b.name()));
      assertThat(left.stream().anyMatch(b -> !damaged.contains(b.name())))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(hadGood);
    }
  }
}
