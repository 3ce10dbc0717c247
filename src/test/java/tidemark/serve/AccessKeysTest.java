package tidemark.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.serve.AccessKey.Right;
import tidemark.serve.AccessKeys.Created;
import tidemark.testing.Folders;
import tidemark.testing.JavaProcess;

class AccessKeysTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final StillClock clock = new StillClock();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(AccessKeys.class);
  private Path file;
  private AccessKeys keys;

  @BeforeEach
  void nobodyHasAKey() {
    file = folder.resolve("state").resolve("keys.json");
    keys = new AccessKeys(file, clock);
    log.start();
    logger.setLevel(Level.INFO); // whatever other tests made of the log
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  @Test
  void a_key_opens_what_it_was_made_for() {
    Created made =
        keys.create("anna", Right.WRITE, Set.of("server"), Set.of("Quotes"), Duration.ofDays(30));

    AccessKey key = keys.check(made.text()).orElseThrow();
    assertThat(key).isEqualTo(made.key());
    assertThat(key.user()).isEqualTo("anna");
    assertThat(key.mayWrite()).isTrue();
    assertThat(key.opens("server")).isTrue();
    assertThat(key.opens("other")).isFalse();
    assertThat(key.sees("qUOTES")).isTrue();
    assertThat(key.sees("customers")).isFalse();
    assertThat(key.created()).isEqualTo(clock.instant());
    assertThat(key.expires()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
  }

  @Test
  void one_without_names_opens_all_and_for_ever_and_one_to_read_does_not_write() {
    AccessKey key = keys.check(made("ben").text()).orElseThrow();

    assertThat(key.mayWrite()).isFalse();
    assertThat(key.opens("any")).isTrue();
    assertThat(key.sees("any")).isTrue();
    assertThat(key.expires()).isNull();
    assertThat(key.isValidAt(Instant.parse("9999-12-31T00:00:00Z"))).isTrue();
  }

  @Test
  void it_has_an_id_that_may_be_seen_and_a_secret_as_hard_to_guess_as_32_bytes() {
    Set<String> secrets = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Created made = made("anna");
      assertThat(made.text()).matches("tmk_[0-9a-z]{8}_[0-9a-zA-Z]{43}");
      assertThat(made.text()).startsWith("tmk_" + made.key().id() + "_");
      secrets.add(secret(made));
    }
    assertThat(secrets).hasSize(20);
    assertThat(Math.pow(62, 43)).isGreaterThan(Math.pow(2, 256));
  }

  @Test
  void the_secret_is_nowhere_but_in_what_was_printed() throws Exception {
    Created made = made("anna");

    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(one, StandardCharsets.ISO_8859_1)).doesNotContain(secret(made));
      }
    }
    assertThat(Folders.in(file.getParent())).containsExactly("keys.json", "keys.json.lock");
    assertThat(made.toString() + made.key() + KeyText.of(made.text()))
        .contains(made.key().id())
        .doesNotContain(secret(made))
        .doesNotContain(made.key().sha256());
  }

  @Test
  void nobody_but_its_owner_reads_the_file_also_where_it_was_open_to_all_before() throws Exception {
    made("anna");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    made("ben");

    for (String name : Folders.in(file.getParent())) {
      Path one = file.resolveSibling(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void every_wrong_answer_is_empty() {
    Created anna = made("anna");
    Created ben = made("ben");
    String id = anna.key().id();

    for (String wrong :
        List.of(
            "",
            "tmk_",
            "tmk__",
            "_",
            "rubbish",
            "\0\n\u2028",
            "\ud800",
            id,
            secret(anna),
            "tmk_" + id,
            "tmk_" + id + "_",
            "tmk_" + id + "_" + secret(ben),
            "tmk_" + id + "_" + anna.key().sha256(),
            "tmk_" + id.toUpperCase(Locale.ROOT) + "_" + secret(anna),
            "tmk_nobody00_" + secret(anna),
            "TMK_" + id + "_" + secret(anna),
            " " + anna.text(),
            anna.text() + " ",
            anna.text() + "x",
            anna.text().substring(0, anna.text().length() - 1),
            anna.text() + "x".repeat(1_000_000))) {
      assertThat(keys.check(wrong)).as(wrong).isEmpty();
    }
    assertThat(keys.check(anna.text())).isPresent();
  }

  @Test
  void it_expires_at_its_moment() {
    Created made = keys.create("anna", Right.READ, Set.of(), Set.of(), Duration.ofHours(1));

    clock.pass(Duration.ofHours(1).minusMillis(1));
    assertThat(keys.check(made.text())).isPresent();
    assertThat(keys.stands(made.key())).isTrue();
    clock.pass(Duration.ofMillis(1));
    assertThat(keys.check(made.text())).isEmpty();
    assertThat(keys.stands(made.key())).isFalse();
    assertThat(keys.list()).containsExactly(made.key());
  }

  @Test
  void several_keys_of_one_user_hold_until_each_is_revoked() {
    Created old = made("anna");
    Created fresh = made("anna");
    assertThat(keys.check(old.text())).isPresent();
    assertThat(keys.check(fresh.text())).isPresent();

    assertThat(keys.revoke(old.key().id())).isTrue();

    assertThat(keys.check(old.text())).isEmpty();
    assertThat(keys.check(fresh.text())).isPresent();
    assertThat(keys.list()).containsExactly(fresh.key());
    assertThat(keys.revoke(old.key().id())).isFalse();
    assertThat(keys.revoke("")).isFalse();
  }

  @Test
  void what_another_process_does_holds_within_a_second() {
    AccessKeys others = new AccessKeys(file, clock);
    Created made = others.create("anna", Right.READ, Set.of(), Set.of(), null);
    assertThat(keys.check(made.text())).isPresent();

    others.revoke(made.key().id());
    Created second = others.create("anna", Right.READ, Set.of(), Set.of(), null);
    clock.pass(A_SECOND);

    assertThat(keys.check(made.text())).isEmpty();
    assertThat(keys.check(second.text())).isPresent();

    others.revoke(second.key().id());
    clock.pass(A_SECOND);
    assertThat(keys.stands(second.key())).isFalse();
  }

  @Test
  void a_clock_that_is_set_back_does_not_keep_it_from_looking() {
    AccessKeys others = new AccessKeys(file, clock);
    Created made = others.create("anna", Right.READ, Set.of(), Set.of(), null);
    assertThat(keys.check(made.text())).isPresent();

    others.revoke(made.key().id());
    clock.pass(Duration.ofDays(-1));

    assertThat(keys.check(made.text())).isEmpty();
  }

  @Test
  void the_file_is_looked_at_now_and_then_and_not_for_every_request() throws Exception {
    Created made = made("anna");
    assertThat(keys.check(made.text())).isPresent();

    Files.delete(file);
    clock.pass(Duration.ofMillis(299));
    assertThat(keys.check(made.text())).isPresent();
    clock.pass(Duration.ofMillis(1));
    assertThat(keys.check(made.text())).isEmpty();
    assertThat(told()).containsExactly(file + " is gone, so no key opens anything");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"format\":1}",
        "{\"format\":0,\"keys\":[]}",
        "{\"format\":2,\"keys\":[]}",
        "{\"format\":1,\"keys\":{}}",
        "{\"format\":1,\"keys\":[7]}",
        "{\"format\":1,\"keys\":[null]}",
        "{\"format\":1,\"keys\":[{}]}",
        "{\"format\":1,\"keys\":[]} and more",
        "{\"format\":99999999999999999999,\"keys\":[]}"
      })
  void a_damaged_file_opens_nothing_and_is_told_of_once(String text) throws Exception {
    Created made = made("anna");
    String whole = Files.readString(file);
    assertThat(keys.check(made.text())).isPresent();

    Files.writeString(file, text);
    for (int i = 0; i < 5; i++) {
      clock.pass(A_SECOND);
      assertThat(keys.check(made.text())).isEmpty();
      assertThat(keys.stands(made.key())).isFalse();
    }
    assertThat(told()).hasSize(1);
    assertThat(told().get(0)).contains(file.toString(), "damaged", "tidemark key create");
    assertRefused();
    assertThat(Files.readString(file)).isEqualTo(text);

    Files.writeString(file, whole);
    clock.pass(A_SECOND);
    assertThat(keys.check(made.text())).isPresent();
    assertThat(told()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"may\":\"read\" \"may\":\"rule\"",
        "\"may\":\"read\" \"may\":7",
        "\"user\":\"anna\" \"user\":\"\"",
        "\"databases\":[\"server\"] \"databases\":\"server\"",
        "\"databases\":[\"server\"] \"databases\":null",
        "\"databases\":[\"server\"] \"base\":[\"server\"]",
        "\"tables\":[\"quotes\"] \"tables\":[1]",
        "\"expires\":\"2026- \"expires\":\"soon2026-",
        "\"expires\" \"ends\"",
        "\"created\":\"2026- \"created\":\"2026+",
        "\"sha256\":\" \"sha256\":\"0",
        "\"id\":\" \"id\":\"x"
      })
  void what_is_not_understood_of_a_key_never_opens_more(String change) throws Exception {
    Created made =
        keys.create("anna", Right.READ, Set.of("server"), Set.of("quotes"), Duration.ofDays(1));
    String text = Files.readString(file);
    String changed = text.replace(change.split(" ")[0], change.split(" ")[1]);
    assertThat(changed).isNotEqualTo(text);

    Files.writeString(file, changed);

    assertThat(keys.check(made.text())).isEmpty();
    assertRefused();
  }

  @Test
  void two_keys_of_one_id_are_damage() throws Exception {
    Created made = made("anna");
    String text = Files.readString(file);
    String entry = text.substring(text.indexOf('[') + 1, text.lastIndexOf(']'));

    Files.writeString(file, text.replace(entry, entry + "," + entry));

    assertThat(keys.check(made.text())).isEmpty();
    assertRefused();
  }

  private void assertRefused() {
    assertThatThrownBy(() -> keys.list())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED);
              assertThat(failure.whatFailed()).contains(file.toString());
              assertThat(failure.hint()).contains("backup", "tidemark key create");
            });
    assertThatThrownBy(() -> made("ben")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> keys.revoke("any")).isInstanceOf(Failure.class);
  }

  @Test
  void a_file_that_cannot_be_read_opens_nothing_and_does_again_once_it_can() throws Exception {
    Created made = made("anna");
    assertThat(keys.check(made.text())).isPresent();
    Path aside = Files.move(file, folder.resolve("aside"));
    Files.createDirectory(file); // no file for anybody, root included

    for (int i = 0; i < 3; i++) {
      clock.pass(A_SECOND);
      assertThat(keys.check(made.text())).isEmpty();
    }
    assertThat(told()).hasSize(1);
    assertThat(told().get(0)).contains(file + " cannot be read", "Make it readable");
    assertThatThrownBy(() -> keys.list()).hasMessageContaining("cannot be read");

    Files.delete(file);
    Files.move(aside, file);
    clock.pass(A_SECOND);
    assertThat(keys.check(made.text())).isPresent();
  }

  @Test
  void what_a_later_version_noted_stays() throws Exception {
    Created made = made("anna");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replace("\"format\"", "\"team\":{\"a\":[1,null,true]},\"format\"")
            .replace("\"user\"", "\"note\":\"shop\",\"user\""));

    made("ben");
    keys.revoke(made("cara").key().id());

    assertThat(Files.readString(file))
        .contains("\"team\":{\"a\":[1,null,true]}", "\"note\":\"shop\",\"user\":\"anna\"", "ben")
        .doesNotContain("cara");
    assertThat(keys.check(made.text())).isPresent();
  }

  @Test
  void a_link_stays_one() throws Exception {
    Path real = Files.createDirectories(folder.resolve("shared")).resolve("team.json");
    made("anna");
    Files.move(file, real);
    Files.createSymbolicLink(file, real);

    Created made = made("ben");
    clock.pass(A_SECOND);

    assertThat(file).isSymbolicLink();
    assertThat(keys.check(made.text())).isPresent();
    assertThat(new AccessKeys(real, clock).list()).hasSize(2);
  }

  @Test
  void keys_made_at_once_in_threads_and_processes_are_all_there() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (JavaProcess one = new JavaProcess(folder, Making.class, file.toString(), "one");
        JavaProcess other = new JavaProcess(folder, Making.class, file.toString(), "other")) {
      one.said("made");
      other.said("made");
      List<Future<List<String>>> all = new ArrayList<>();
      for (String user : List.of("anna", "ben")) {
        all.add(threads.submit(() -> Making.make(new AccessKeys(file, clock), user)));
      }
      List<String> texts = new ArrayList<>();
      for (Future<List<String>> made : all) {
        texts.addAll(made.get());
      }
      assertThat(one.ended(60)).as(one.err()).isZero();
      assertThat(other.ended(60)).as(other.err()).isZero();
      texts.addAll(one.out().lines().filter(line -> line.startsWith("tmk_")).toList());
      texts.addAll(other.out().lines().filter(line -> line.startsWith("tmk_")).toList());

      assertThat(texts).hasSize(4 * Making.MANY);
      clock.pass(A_SECOND);
      assertThat(texts).allSatisfy(text -> assertThat(keys.check(text)).isPresent());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Somebody who makes one key after the other. */
  static final class Making {
    static final int MANY = 40;

    public static void main(String[] args) {
      AccessKeys keys = new AccessKeys(Path.of(args[0]), Clock.systemUTC());
      System.out.println("made"); // the first are about to be
      make(keys, args[1]).forEach(System.out::println);
    }

    static List<String> make(AccessKeys keys, String user) {
      List<String> made = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        made.add(keys.create(user, Right.READ, Set.of(), Set.of(), null).text());
      }
      return made;
    }
  }

  private Created made(String user) {
    return keys.create(user, Right.READ, Set.of(), Set.of(), null);
  }

  private static String secret(Created made) {
    return made.text().substring(made.text().lastIndexOf('_') + 1);
  }

  private List<String> told() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Stands still until a test lets time pass. */
  private static final class StillClock extends Clock {
    private Instant now = Instant.parse("2026-11-30T12:00:00.123Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
