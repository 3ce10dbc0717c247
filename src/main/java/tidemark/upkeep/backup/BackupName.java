package tidemark.upkeep.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import tidemark.upkeep.backup.Backup.Kind;

/**
 * What a backup is called, so that a file browser tells when it was made (UTC), up to which entry
 * it goes and what it is: `2026-11-21T020005Z-e42-daily`.
 */
final class BackupName {
  static final String ZIP = ".zip";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final String FORM =
      "\\d{4}-\\d\\d-\\d\\dT\\d{6}Z-e\\d+-(daily|weekly|monthly|manual|local-[\\p{L}\\p{N}_-]+)(\\.zip)?";

  private static final Pattern WHOLE = Pattern.compile(FORM);
  private static final Pattern STAGED = Pattern.compile(FORM + "\\.[0-9a-f]{32}\\.part");

  private BackupName() {}

  static String of(Kind kind, long at, long entry, String workstation) {
    return STAMP.format(Instant.ofEpochMilli(at))
        + "-e"
        + entry
        + "-"
        + kind.word()
        + (kind == Kind.LOCAL ? "-" + workstation.replaceAll("[^\\p{L}\\p{N}_-]", "_") : "")
        + (kind == Kind.MONTHLY ? ZIP : "");
  }

  static boolean fits(String name) {
    return WHOLE.matcher(name).matches();
  }

  /** Of one that is being made, or whose making was cut off. */
  static boolean isStaged(String name) {
    return STAGED.matcher(name).matches();
  }
}
