package tidemark.config;

import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tidemark.change.WorkingHours;

/** The keys about health and who is told of it. */
final class HealthKeys {
  static final Key<Duration> SYNC_AGE =
      Key.standard(
          "health.syncAge",
          ValueType.duration("1m", "1y"),
          "4h",
          "no sync for so long in working hours is worth telling");
  static final Key<WorkingHours> WORKING_HOURS =
      Key.standard(
          "health.workingHours", WorkingHoursType.hours(), "08:00-18:00", "when people work");
  static final Key<Set<DayOfWeek>> WORKING_DAYS =
      Key.standard(
          "health.workingDays", WorkingHoursType.days(), "mon-fri", "and on which days: one span");
  static final Key<Integer> CONFLICT_SHARE =
      Key.standard(
          "health.conflictShare",
          ValueType.number(1, 100),
          "5",
          "conflicts in over so many percent of the last week's runs");
  static final Key<Integer> FAILURE_SHARE =
      Key.standard(
          "health.failureShare",
          ValueType.number(1, 100),
          "10",
          "failures in over so many percent of the last week's runs");
  static final Key<Integer> GROWTH_PER_DAY =
      Key.standard(
          "health.growthPerDay",
          ValueType.number(1, 10_000),
          "50",
          "a file that grew by so many percent in a day");
  static final Key<Long> GROWTH_PER_YEAR =
      Key.standard(
          "health.growthPerYear", ValueType.size(), "500MB", "a file that grows so much in a year");
  static final Key<Duration> SILENT_AFTER =
      Key.standard(
          "health.silentAfter",
          ValueType.duration("1h", "1y"),
          "7d",
          "a workstation that was not heard of for so long");
  static final Key<Long> FREE_SPACE =
      Key.standard(
          "health.freeSpace", ValueType.size(), "1GB", "less is left on the share or the disk");
  static final Key<Duration> CLOCK_SKEW =
      Key.standard(
          "health.clockSkew",
          ValueType.duration("1s", "1d"),
          "60s",
          "this clock and the share's differ by more");
  static final Key<Duration> BACKUP_AGE =
      Key.standard(
          "health.backupAge",
          ValueType.duration("1h", "1y"),
          "36h",
          "the last good backup is older");

  static final Key<String> COMMAND =
      Key.optional(
          "alert.command",
          ValueType.text(),
          "'/opt/it/page-me'",
          "run once for each finding, which it gets as JSON; not in a fleet file");
  static final Key<URI> WEBHOOK =
      Key.optional(
          "alert.webhook",
          WebAddress.type(),
          "https://chat.example.com/hooks/it",
          "gets each finding as JSON, once");
  static final Key<List<String>> EMAIL =
      Key.optional(
          "alert.email",
          ValueType.addresses(),
          "it@example.com",
          "or a list; one message for each finding, through:");

  static final Key<String> SMTP_SERVER =
      Key.optional(
          "smtp.server", ValueType.server(), "mail.example.com:587", "the server that takes mail");
  static final Key<String> SMTP_FROM =
      Key.optional(
          "smtp.from", ValueType.address(), "tidemark@example.com", "who the mail comes from");
  static final Key<String> SMTP_USER =
      Key.optional("smtp.user", ValueType.text(), "tidemark", "where the server wants a login");
  static final Key<String> SMTP_PASSWORD =
      Key.optional(
          "smtp.password",
          ValueType.text(),
          "'${TIDEMARK_SMTP_PASSWORD}'",
          "best from the environment; never shown");
  static final Key<AlertSettings.Tls> SMTP_TLS =
      Key.standard(
          "smtp.tls",
          ValueType.oneOf(AlertSettings.Tls.values()),
          "starttls",
          "starttls, tls (from the beginning, port 465), none");

  static final List<Key<?>> ALL =
      List.of(
          SYNC_AGE,
          WORKING_HOURS,
          WORKING_DAYS,
          CONFLICT_SHARE,
          FAILURE_SHARE,
          GROWTH_PER_DAY,
          GROWTH_PER_YEAR,
          SILENT_AFTER,
          FREE_SPACE,
          CLOCK_SKEW,
          BACKUP_AGE,
          COMMAND,
          WEBHOOK,
          EMAIL,
          SMTP_SERVER,
          SMTP_FROM,
          SMTP_USER,
          SMTP_PASSWORD,
          SMTP_TLS);

  private HealthKeys() {}
}
