package tidemark.serve;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * TLS with a certificate that may be renewed while the server runs.
 *
 * <p>Guarantee: there is always a certificate that fits its key. A renewed one is for connections
 * that begin after it; those that are there go on. Two files of which only one is new yet change
 * nothing.
 *
 * <p>Threading: any.
 */
public final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  /**
   * The program runs by the JVM's quick compiler alone, as its launchers say, which does not use
   * what processors have for AES: so this cipher takes half the work, at both ends.
   */
  private static final Comparator<String> QUICK_FIRST =
      Comparator.comparing(cipher -> !cipher.contains("CHACHA20"));

  private final CertificateSource source;
  private final SslContextFactory.Server factory;
  private Credential current;
  private String stamp;
  private @Nullable String said;

  /** Fails, naming what to do, where there is no certificate that can be used. */
  public Certificates(CertificateSource source) {
    this.source = source;
    this.stamp = source.stamp();
    this.current = source.read();
    this.factory = new SslContextFactory.Server();
    equip(factory, current);
    check(current);
  }

  /** For a connector; it starts and stops with the server. */
  SslContextFactory.Server factory() {
    return factory;
  }

  boolean namesAreKnown() {
    return source.namesAreKnown();
  }

  public synchronized Credential current() {
    return current;
  }

  /** For the start, and for whoever looks once a day. */
  public synchronized List<String> warnings() {
    return source.warnings(current);
  }

  /**
   * To be called now and then: takes up what was renewed.
   *
   * @return whether new connections get another certificate from now on
   */
  public synchronized boolean renewed() {
    try {
      String seen = source.stamp();
      if (seen.equals(stamp)) {
        said = null;
        return false;
      }
      Credential read = source.read();
      boolean other = !read.equals(current);
      if (other) {
        check(read);
        reload(read);
      }
      stamp = seen;
      said = null;
      return other;
    } catch (Failure e) {
      keepOld(e);
      return false;
    }
  }

  /** Once for each reason; whoever writes two files needs a moment. */
  private void keepOld(Failure e) {
    if (!e.told().equals(said)) {
      said = e.told();
      LOG.warn("The certificate stays as it is, the new one cannot be used: {}", said);
    }
  }

  private void reload(Credential read) {
    try {
      factory.reload(same -> equip((SslContextFactory.Server) same, read));
    } catch (Exception e) {
      throw unusable(e);
    }
    current = read;
    LOG.info(
        "The renewed certificate is used for new connections; valid until {}, SHA-256 {}",
        Credential.day(read.validUntil()),
        read.fingerprint());
  }

  /** With one of its own, since what fails while it is reloaded leaves none. */
  private static void check(Credential credential) {
    SslContextFactory.Server trial = new SslContextFactory.Server();
    equip(trial, credential);
    try {
      trial.start();
      trial.stop();
    } catch (Exception e) {
      throw unusable(e);
    }
  }

  private static void equip(SslContextFactory.Server factory, Credential credential) {
    try {
      factory.setKeyStore(credential.store());
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
    factory.setKeyStorePassword(Credential.PASSWORD);
    factory.setKeyManagerPassword(Credential.PASSWORD);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    factory.setCipherComparator(QUICK_FIRST.thenComparing(HTTP2Cipher.COMPARATOR));
    factory.setRenegotiationAllowed(false);
  }

  private static Failure unusable(Exception e) {
    return new Failure(
        Failure.USAGE,
        "the server's certificate cannot be used for TLS: " + e.getMessage(),
        "Use one with an RSA or EC (P-256, P-384) key.",
        e);
  }
}
