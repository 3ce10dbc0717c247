package tidemark.alert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.OwnerAlone;
import tidemark.config.AlertSettings;

/**
 * All ways to people that the config names.
 *
 * <p>Guarantee: what does not arrive is kept in the state folder and tried again, way by way, for a
 * week; nothing here fails the caller. Commit point: the move of the file of what is to be sent
 * over the former one, before the first is sent. Threading: one thread.
 */
public final class Alerts {
  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MOST = 200;

  private final List<Way> ways = new ArrayList<>();
  private final Path file;

  /**
   * @param state the folder in which what has not arrived is kept
   */
  public Alerts(AlertSettings settings, Path state, boolean windows) {
    this(settings, state, windows, PATIENCE);
  }

  Alerts(AlertSettings settings, Path state, boolean windows, Duration patience) {
    this.file = state.resolve("alerts.json");
    settings.command().ifPresent(command -> ways.add(new CommandWay(command, windows, patience)));
    settings.webhook().ifPresent(address -> ways.add(new WebhookWay(address, patience)));
    if (!settings.email().isEmpty()) {
      settings.smtp().ifPresent(smtp -> ways.add(new MailWay(settings.email(), smtp, patience)));
    }
  }

  /** One message that is to go one way. */
  private record Unsent(String way, long since, Alert alert) {}

  /** How a message went one way; a failure where it did not arrive. */
  public record Attempt(String way, Optional<Failure> failure) {}

  /** Sends these, and what did not arrive before. */
  public void tell(List<Alert> alerts, Instant now) {
    List<Unsent> unsent = kept();
    for (Alert alert : alerts) {
      ways.forEach(way -> unsent.add(new Unsent(way.name(), now.toEpochMilli(), alert)));
    }
    if (unsent.isEmpty()) {
      return;
    }
    List<Unsent> left = new ArrayList<>(unsent);
    left.removeIf(one -> now.toEpochMilli() - one.since() > WEEK.toMillis() || way(one).isEmpty());
    while (left.size() > MOST) {
      left.remove(0);
    }
    keep(left);
    Set<String> deaf = new HashSet<>();
    for (Unsent one : List.copyOf(left)) {
      if (!deaf.contains(one.way())) {
        if (sent(one)) {
          left.remove(one);
          keep(left);
        } else {
          deaf.add(one.way()); // the next would only take as long
        }
      }
    }
  }

  private Optional<Way> way(Unsent unsent) {
    return ways.stream().filter(way -> way.name().equals(unsent.way())).findFirst();
  }

  private boolean sent(Unsent unsent) {
    try {
      way(unsent).orElseThrow().send(unsent.alert());
      return true;
    } catch (Failure e) {
      LOG.warn("not told, and tried again later: {}: {}", unsent.alert().subject(), e.whatFailed());
      return false;
    }
  }

  /** Sends this all ways, now; tells how it went. */
  public List<Attempt> test(Alert alert) {
    List<Attempt> attempts = new ArrayList<>();
    for (Way way : ways) {
      try {
        way.send(alert);
        attempts.add(new Attempt(way.name(), Optional.empty()));
      } catch (Failure e) {
        attempts.add(new Attempt(way.name(), Optional.of(e)));
      }
    }
    return attempts;
  }

  private List<Unsent> kept() {
    List<Unsent> unsent = new ArrayList<>();
    try {
      if (Json.object(Files.readString(file)).get("unsent") instanceof List<?> list) {
        for (Object item : list) {
          if (item instanceof Map<?, ?> fields
              && fields.get("way") instanceof String way
              && fields.get("since") instanceof Long since
              && fields.get("alert") instanceof Map<?, ?> alert) {
            unsent.add(new Unsent(way, since, Alert.of(alert)));
          }
        }
      }
    } catch (NoSuchFileException e) {
      return unsent;
    } catch (IOException | Failure e) {
      LOG.warn("{} cannot be read; what was not told yet stays untold: {}", file, e.toString());
    }
    return unsent;
  }

  private void keep(List<Unsent> unsent) {
    List<JsonObject> list = new ArrayList<>();
    for (Unsent one : unsent) {
      list.add(
          new JsonObject()
              .put("way", one.way())
              .put("since", one.since())
              .put("alert", one.alert().fields()));
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(
          OwnerAlone.fresh(fresh), new JsonObject().put("unsent", list).text() + "\n");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("{} cannot be written; what does not arrive now is lost: {}", file, e.toString());
    }
  }
}
