package tidemark.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.testing.Folders;
import tidemark.testing.JavaProcess;
import tidemark.testing.SettableClock;

/** The certificate that a server makes for itself. */
class OwnCertificateTest {
  @TempDir static Path once;
  private static Credential made;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Path state;

  /** One of two processes. */
  static final class Maker {
    public static void main(String[] args) {
      OwnCertificate own =
          new OwnCertificate(Path.of(args[0]), "tide", List.of(), Clock.systemUTC());
      System.out.println(own.read().fingerprint());
    }
  }

  /** It costs the start of a Java. */
  @BeforeAll
  static void make() {
    made = own(once.resolve("tls"), new SettableClock()).read();
  }

  @BeforeEach
  void copy() throws IOException {
    state = folder.resolve("tls");
    Folders.copy(once.resolve("tls"), state);
  }

  private static OwnCertificate own(Path state, Clock clock, String... names) {
    return new OwnCertificate(state, "tide", List.of(names), clock);
  }

  private OwnCertificate own(String... names) {
    return own(state, clock, names);
  }

  private static List<String> names(Credential credential) throws Exception {
    return credential.certificate().getSubjectAlternativeNames().stream()
        .map(name -> String.valueOf(name.get(1)))
        .toList();
  }

  @Test
  void it_is_made_once_and_kept() throws Exception {
    OwnCertificate own = own();
    Credential read = own.read();

    assertThat(read).isEqualTo(made);
    assertThat(Files.readString(own.forWorkstations())).isEqualTo(made.pem());
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(made.certificate().getEncoded());
    assertThat(read.fingerprint())
        .matches("([0-9A-F]{2}:){31}[0-9A-F]{2}")
        .isEqualTo(HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash));
    assertThat(own.warnings(read)).isEmpty();
  }

  @Test
  void it_is_for_this_machine_and_valid_for_two_years() throws Exception {
    assertThat(names(made))
        .containsExactlyInAnyOrder("localhost", "tide", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(Duration.between(made.validFrom(), made.validUntil()))
        .isEqualTo(Duration.ofDays(825));
    // also by a clock that is behind
    assertThat(made.validFrom()).isBefore(Instant.now().minus(Duration.ofHours(23)));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nobody_else_can_read_it() throws IOException {
    Path there = once.resolve("tls");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(there)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(there)) {
      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("own.p12", "tide.pem", "own.lock");
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(there.resolve("own.p12"))))
        .isEqualTo("rw-------");
  }

  @Test
  void of_two_processes_at_once_one_makes_it() throws Exception {
    Path shared = folder.resolve("shared");
    try (JavaProcess one = new JavaProcess(folder, Maker.class, shared.toString());
        JavaProcess other = new JavaProcess(folder, Maker.class, shared.toString())) {
      assertThat(one.ended(90)).as(one.err()).isZero();
      assertThat(other.ended(90)).as(other.err()).isZero();
      assertThat(one.out()).isNotBlank().isEqualTo(other.out());
    }
  }

  @Test
  void a_month_before_its_end_it_is_renewed_with_its_key() {
    OwnCertificate own = own();
    own.read();
    String stamp = own.stamp();
    clock.setError(Duration.ofDays(793));
    assertThat(own.stamp()).isEqualTo(stamp);

    clock.setError(Duration.ofDays(795));
    assertThat(own.stamp()).isNotEqualTo(stamp);
    Credential renewed = own.read();
    assertThat(renewed.validUntil()).isAfter(made.validUntil().plus(Duration.ofDays(790)));
    assertThat(renewed.certificate().getPublicKey()).isEqualTo(made.certificate().getPublicKey());
    assertThat(own().read()).isEqualTo(renewed);
    assertThat(own.forWorkstations()).hasContent(renewed.pem());
  }

  @Test
  void another_name_is_added() throws Exception {
    Credential read = own("tide.example.com", "192.168.1.20", "2001:DB8::20").read();
    assertThat(names(read))
        .contains("tide", "tide.example.com", "192.168.1.20", "2001:db8:0:0:0:0:0:20");
    assertThat(read.certificate().getPublicKey()).isEqualTo(made.certificate().getPublicKey());
    // fewer names need no other one
    assertThat(own("tide.example.com").read()).isEqualTo(read);
  }

  @Test
  void what_cannot_be_a_name_is_refused() {
    for (String name :
        List.of("", "a,dns:bank.example", "a b", "-a", "a..b", "999.1.1.1", "1:2", "a:b", "ä")) {
      assertThatThrownBy(() -> own(name))
          .as(name)
          .isInstanceOf(Failure.class)
          .hasMessageContaining("\"" + name + "\" is no host name or address");
    }
    // a machine may be called so, and nobody asked for it
    assertThat(new HostNames("Anna's PC", List.of()).extension())
        .isEqualTo("dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1");
  }

  @Test
  void whoever_was_ended_in_the_middle_hinders_nobody() throws IOException {
    Files.delete(state.resolve("tide.pem"));
    Files.createDirectory(state.resolve("making"));
    Files.writeString(state.resolve("making").resolve("own.p12"), "half");
    Files.writeString(state.resolve("own.p12.new"), "half");

    Credential read = own("tide.example.com").read();
    assertThat(state.resolve("tide.pem")).hasContent(read.pem());
    assertThat(state.resolve("making")).doesNotExist();
  }

  @Test
  void one_that_is_damaged_is_refused_and_left() throws IOException {
    Files.writeString(state.resolve("own.p12"), "rubbish");
    assertThatThrownBy(() -> own().read())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.whatFailed())
                  .isEqualTo(
                      state.resolve("own.p12") + ", the server's own certificate, is damaged");
              assertThat(failure.hint()).contains("delete it");
            });
    assertThat(state.resolve("own.p12")).hasContent("rubbish");
  }

  @Test
  void a_java_without_keytool_is_said_and_the_old_one_still_does() {
    KeyTool none = new KeyTool(folder);
    assertThatThrownBy(() -> none.make(folder.resolve("x"), "x", "dns:x", Instant.now(), 1))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("cannot be made: ")
        .hasMessageContaining("is not there");

    clock.setError(Duration.ofDays(800));
    OwnCertificate own = new OwnCertificate(state, "tide", List.of(), clock, none);
    Credential read = own.read();
    assertThat(read).isEqualTo(made);
    assertThat(own.warnings(read)).singleElement().asString().contains("cannot be made");
    clock.setError(Duration.ofDays(830));
    assertThatThrownBy(own::read).isInstanceOf(Failure.class);
  }
}
