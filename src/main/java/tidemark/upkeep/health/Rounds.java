package tidemark.upkeep.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;

/**
 * The doctor's rounds: what is due is examined, and what is news is told once.
 *
 * <p>What each workstation has to look at for itself is remembered in its state folder. What is the
 * same for all is remembered beside the ledger, so that one workstation of the fleet looks at it
 * and one tells of it. Guarantee: a record that is lost or spoilt means that everything is due and
 * told again, no more. Commit points: the move of each record over the former one. Threading: one
 * thread.
 */
public final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final String NAME = "health.json";
  private static final int LIMIT = 4 << 20;

  private final Subject subject;
  private final Doctor doctor;
  private final ShareFiles share;
  private final Path ownFile;

  /** Null where a server, and not each workstation, looks after what is everybody's. */
  private final @Nullable Path everybodysFile;

  private final String me;

  /**
   * @param state the folder of this database's state
   */
  public Rounds(Subject subject, Path state) {
    this.subject = subject;
    this.doctor = new Doctor(subject);
    this.share = subject.plan().share();
    this.ownFile = state.resolve(NAME);
    this.everybodysFile =
        subject.plan().place().file().map(m -> Path.of(m + "-ledger").resolve(NAME)).orElse(null);
    this.me = subject.plan().author().replica();
  }

  /** What the last rounds found, from this machine's disk. */
  public Health last() {
    HealthRecord own = own();
    return new Health(own.at(), own.everything());
  }

  /** Examines everything, with what is remembered of sizes; remembers nothing. */
  public List<Finding> examine() {
    HealthRecord own = own();
    return doctor.examine(own.sizes, own.everybodysSizes);
  }

  /** Examines what is due; says what is to be told. */
  public List<HealthChange> make() {
    long now = subject.now().toEpochMilli();
    HealthRecord own = own();
    look(own, doctor.own(own.sizes), now);
    List<HealthChange> news = new ArrayList<>();
    boolean there = ShareChecks.isThere(own.findings());
    if (there) {
      try {
        if (everybodysFile != null) {
          news.addAll(everybodys(own, everybodysFile, now));
        }
      } catch (Failure e) {
        LOG.warn(
            "{}: the fleet's health is not looked at: {}", subject.plan().name(), e.whatFailed());
      }
    }
    boolean silent = !there && !own.by.isEmpty() && !own.by.equals(me);
    news.addAll(HealthChange.of(own, silent ? withoutTheShare(own.findings()) : own.findings()));
    save(own);
    return news;
  }

  /** That the share is away, the one who last looked at it for all tells for all. */
  private static List<Finding> withoutTheShare(List<Finding> findings) {
    Set<String> known = Set.of("share", "last sync");
    return findings.stream().filter(finding -> !known.contains(finding.check())).toList();
  }

  private static boolean look(HealthRecord record, List<Check> checks, long now) {
    boolean any = false;
    for (Check check : checks) {
      if (record.isDue(check, now)) {
        record.examine(check, now);
        any = true;
      }
    }
    record.keepOnly(checks.stream().map(Check::name).collect(Collectors.toSet()));
    return any;
  }

  private List<HealthChange> everybodys(HealthRecord own, Path file, long now) {
    HealthRecord seen = everybodys(file);
    boolean any = look(seen, doctor.everybodys(seen.sizes), now);
    List<HealthChange> news = List.of();
    if (any) {
      HealthRecord latest = everybodys(file); // another may have told it meanwhile
      latest.take(seen);
      news = HealthChange.of(latest, latest.findings());
      latest.by = me;
      save(latest, file);
      seen = latest;
    }
    own.by = seen.by;
    own.everybodys(seen);
    return news;
  }

  private HealthRecord everybodys(Path file) {
    return share.reach(
        "read the fleet's health",
        file,
        () -> {
          try {
            return parsed(new String(share.read(file, LIMIT), UTF_8), file);
          } catch (NoSuchFileException e) {
            return new HealthRecord();
          }
        });
  }

  private void save(HealthRecord record, Path file) {
    share.reach(
        "write the fleet's health",
        file,
        () -> {
          share.replace(file, record.text().getBytes(UTF_8));
          return file;
        });
  }

  private HealthRecord own() {
    try {
      return parsed(Files.readString(ownFile), ownFile);
    } catch (NoSuchFileException e) {
      return new HealthRecord();
    } catch (IOException e) {
      LOG.warn("{} cannot be read, so all is examined anew: {}", ownFile, e.toString());
      return new HealthRecord();
    }
  }

  private static HealthRecord parsed(String text, Path file) {
    try {
      return HealthRecord.parse(text);
    } catch (Failure e) {
      LOG.warn("{} is spoilt, so all is examined anew: {}", file, e.whatFailed());
      return new HealthRecord();
    }
  }

  private void save(HealthRecord own) {
    Path fresh = ownFile.resolveSibling(NAME + ".new");
    try {
      Files.createDirectories(ownFile.resolveSibling(""));
      Files.writeString(fresh, own.text());
      Files.move(
          fresh, ownFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          ownFile + " cannot be written: " + e,
          "Make it writable for this user, or name another folder under `state:` in the config.",
          e);
    }
  }
}
