package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.config.Settings;
import tidemark.config.Surroundings;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.http.Calls;
import tidemark.ledger.http.Client;
import tidemark.ledger.http.HttpLedger;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;

/**
 * Tries out a place that a server lends: whether it answers, whose the key is, and what it may. One
 * request, which changes nothing there or here.
 */
final class ServerCheck {
  private final Settings settings;
  private final Surroundings surroundings;

  ServerCheck(Settings settings, Surroundings surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
  }

  /**
   * Tries it.
   *
   * @param key as in the config
   */
  Tried check(String key, Place.Server server) {
    try {
      HttpLedger ledger = ledger(server);
      return ledger.info().isEmpty()
          ? result(key, server, 0, "answers; its ledger is begun by the first sync", "")
          : known(key, server, ledger);
    } catch (Failure failure) {
      if (failure.movedTo() != null) { // what that means is told of the database
        return result(key, server, 0, "was moved to " + failure.movedTo(), "");
      }
      return result(key, server, failure.exitCode(), failure.whatFailed(), failure.hint());
    }
  }

  private Tried known(String key, Place.Server server, HttpLedger ledger) {
    String whose = ledger.user();
    String may = ledger.canOnlyBeRead() ? "may only read" : "may write";
    String said = "answers; the key is " + whose + "'s and " + may;
    return ledger.canOnlyBeRead() || whose.equals(settings.user())
        ? result(key, server, 0, said, "")
        : result(
            key,
            server,
            Failure.USAGE,
            said + ", but `user:` is " + settings.user() + ", whose entries it would refuse",
            "Set `user: " + whose + "`, or use a key of " + settings.user() + "'s.");
  }

  /** Nothing is kept by a look. */
  private HttpLedger ledger(Place.Server server) {
    Path nowhere = settings.state().resolve("check");
    return new HttpLedger(
        server,
        new KeptEntries(nowhere),
        nowhere,
        Calls.Sending.by(Client.of(server, settings.sync().shareTimeout(), surroundings::variable)),
        settings.sync().shareTimeout(),
        Clock.systemUTC(),
        Pace.REAL,
        Bandwidth.UNLIMITED);
  }

  private static Tried result(
      String key, Place.Server server, int exitCode, String what, String hint) {
    return new Tried(key, server.toString(), exitCode, what, hint);
  }
}
