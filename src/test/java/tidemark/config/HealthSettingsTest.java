package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.change.HealthLimits;
import tidemark.change.WorkingHours;

class HealthSettingsTest {
  static final HealthLimits DEFAULT =
      new HealthLimits(
          Duration.ofHours(4),
          new WorkingHours(
              LocalTime.of(8, 0),
              LocalTime.of(18, 0),
              EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY)),
          5,
          10,
          50,
          500_000_000,
          Duration.ofDays(7),
          1_000_000_000,
          Duration.ofSeconds(60),
          Duration.ofHours(36));

  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void desk() {
    desk = new Desk(folder);
  }

  @Test
  void hours_and_days_of_work_are_written_as_people_say_them() {
    WorkingHours hours =
        desk.with("health: { workingHours: '06:30-14:00', workingDays: Sat-mon }")
            .health()
            .workingHours();

    assertThat(hours.from()).isEqualTo(LocalTime.of(6, 30));
    assertThat(hours.days())
        .isEqualTo(Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY));
    assertThat(desk.with("health: { workingDays: wed }").health().workingHours().days())
        .containsExactly(DayOfWeek.WEDNESDAY);
  }

  @Test
  void all_ways_to_tell_somebody_can_be_named() {
    AlertSettings alert =
        desk.with(
                """
                alert:
                  command: /opt/page-me --now
                  webhook: https://chat.example.com/hooks/it?room=1
                  email: [it@example.com, boss@example.com]
                smtp: { server: 'mail.example.com:465', from: nas@example.com, user: u, password: p, tls: tls }
                """)
            .alert();

    assertThat(alert.any()).isTrue();
    assertThat(alert.command()).contains("/opt/page-me --now");
    assertThat(alert.webhook()).contains(URI.create("https://chat.example.com/hooks/it?room=1"));
    assertThat(alert.email()).isEqualTo(List.of("it@example.com", "boss@example.com"));
    assertThat(alert.smtp())
        .contains(
            new AlertSettings.Smtp(
                "mail.example.com:465",
                "nas@example.com",
                Optional.of("u"),
                Optional.of("p"),
                AlertSettings.Tls.TLS));
  }

  @Test
  void a_password_is_shown_nowhere() {
    Settings settings =
        desk.with("smtp: { server: mail, from: nas@example.com, password: geheim }\n");

    assertThat(settings.toString()).doesNotContain("geheim");
    assertThat(desk.read().list().toString()).doesNotContain("geheim").contains("(not shown)");
  }

  @Test
  void a_file_on_the_share_cannot_have_programs_run() throws Exception {
    Path fleet =
        desk.write(
            folder.resolve("share/fleet.yml"),
            "alert: { command: rm, webhook: 'https://x.example.com/' }\n");
    desk.write(desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\n");

    assertThatThrownBy(() -> desk.read())
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.whatFailed() + failure.hint())
                    .contains("alert.command")
                    .contains("in files on this machine only"));
  }
}
