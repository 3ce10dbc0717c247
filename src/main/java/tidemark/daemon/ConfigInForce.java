package tidemark.daemon;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Workstation;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.control.Events;

/**
 * The config that holds now, the workstation built by it, and what is wrong with the file as it is.
 *
 * <p>Threading: may be called from anywhere; who goes on by a workstation that was replaced
 * meanwhile is not disturbed.
 */
final class ConfigInForce {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigInForce.class);

  private final Events events;
  private volatile Workstation workstation;
  private volatile Workstation glance;
  private volatile @Nullable String problem;

  ConfigInForce(Workstation workstation, Events events) {
    this.workstation = workstation;
    this.glance = workstation.forAGlance();
    this.events = events;
  }

  Workstation workstation() {
    return workstation;
  }

  /** The same for a glance: somebody waits for the answer. */
  Workstation glance() {
    return glance;
  }

  Settings settings() {
    return workstation.settings();
  }

  /** Why the file as it is now is not in force; null: it is. */
  @Nullable String problem() {
    return problem;
  }

  void take(Workstation remade) {
    problem = null;
    workstation = remade;
    glance = remade.forAGlance();
  }

  /** Once all go by it. */
  void tellTaken() {
    LOG.info(
        "the config has changed and is in force: {}",
        settings().sync().every().map(every -> "every " + Durations.text(every)).orElse("manual"));
    events.tell("config:changed", Map.of());
  }

  /** The file is wrong now; what was in force still is. */
  void refuse(String why) {
    synchronized (this) {
      if (Objects.equals(why, problem)) {
        return;
      }
      problem = why;
    }
    LOG.warn("the config as it is now is not taken up: {}", why);
    events.tell("config:error", Map.of("message", why));
  }
}
