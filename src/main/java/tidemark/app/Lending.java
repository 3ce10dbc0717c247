package tidemark.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import tidemark.change.Failure;
import tidemark.config.ServeSettings;
import tidemark.config.Settings;
import tidemark.ledger.LentLedger;
import tidemark.rest.RestDoor;
import tidemark.serve.AccessKeys;
import tidemark.serve.CertificateSource;
import tidemark.serve.Certificates;
import tidemark.serve.OwnCertificate;
import tidemark.serve.PemFiles;
import tidemark.serve.PlaceServer;
import tidemark.serve.Programs;

/**
 * A workstation that lends its places to others over HTTP: built here, by hand, from the settings.
 *
 * <p>Threading: may be shared.
 */
public final class Lending implements AutoCloseable {
  private final PlaceServer server;
  private final Said said;

  private Lending(PlaceServer server, Said said) {
    this.server = server;
    this.said = said;
  }

  /**
   * What whoever starts it wants to know.
   *
   * @param address what workstations name, up to the name of the database
   * @param fingerprint of the certificate; empty without TLS
   * @param trust the file that workstations need; empty where the authority is known to them
   */
  public record Said(
      String address,
      String fingerprint,
      String trust,
      List<String> names,
      List<String> warnings) {}

  /**
   * Starts it.
   *
   * @param news is told when somebody has written
   */
  public static Lending start(Workstation workstation, Clock clock, Runnable news) {
    Settings settings = workstation.settings();
    ServeSettings serve = settings.serve();
    Map<String, LentLedger> places = workstation.lent();
    if (places.isEmpty() && !serve.rest()) {
      throw new Failure(
          Failure.USAGE,
          "there is nothing to lend: no database of this config has a path as its master",
          "Name a folder of this machine, or of a share, under databases.*.master.");
    }
    OwnCertificate own =
        new OwnCertificate(folder(settings), settings.workstation(), List.of(), clock);
    boolean encrypted = serve.pem().isPresent() || serve.tls() == ServeSettings.Tls.OWN;
    Certificates certificates =
        encrypted
            ? new Certificates(
                serve
                    .pem()
                    .<CertificateSource>map(
                        pem -> new PemFiles(pem.certificate(), pem.key(), clock))
                    .orElse(own))
            : null;
    Programs programs =
        serve.rest() ? new RestDoor(workstation.stocks(), clock, news) : Programs.NONE;
    ServeSettings.Listen listen = serve.listen();
    PlaceServer server =
        PlaceServer.start(
            new PlaceServer.At(
                new InetSocketAddress(listen.host(), listen.port()),
                certificates,
                !encrypted && serve.tls() == ServeSettings.Tls.PROXY),
            places,
            programs,
            new AccessKeys(serve.keys(), clock),
            clock,
            news);
    return new Lending(
        server,
        new Said(
            address(settings, encrypted, server.port()),
            certificates == null ? "" : certificates.current().fingerprint(),
            encrypted && serve.pem().isEmpty() ? own.forWorkstations().toString() : "",
            List.copyOf(places.keySet()),
            certificates == null ? List.of() : certificates.warnings()));
  }

  private static String address(Settings settings, boolean encrypted, int port) {
    String host = settings.serve().listen().host();
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    return (encrypted ? "https://" : "http://")
        + (everywhere ? settings.workstation() : host)
        + ":"
        + port;
  }

  /** Where it keeps a certificate of its own. */
  public static Path folder(Settings settings) {
    return settings.state().resolve("serve");
  }

  public Said said() {
    return said;
  }

  @Override
  public void close() {
    server.close();
  }
}
