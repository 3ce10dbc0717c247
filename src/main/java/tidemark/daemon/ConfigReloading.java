package tidemark.daemon;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.config.Settings;
import tidemark.config.SettingsWatcher;
import tidemark.log.ProgramLog;

/** A changed config is taken up while the daemon runs; a wrong one is told of. */
final class ConfigReloading {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloading.class);

  private final ConfigInForce config;
  private final Keeper keeper;
  private final LookedAfter lookedAfter;
  private final Consumer<Settings> taken;
  private final Settings first;

  /**
   * @param taken is told what holds from now on
   */
  ConfigReloading(
      ConfigInForce config, Keeper keeper, LookedAfter lookedAfter, Consumer<Settings> taken) {
    this.config = config;
    this.keeper = keeper;
    this.lookedAfter = lookedAfter;
    this.taken = taken;
    this.first = config.settings();
  }

  /** The config may have changed; what cannot be changed while it runs is said. */
  synchronized void take(SettingsWatcher.Look look) {
    if (look instanceof SettingsWatcher.Look.Wrong wrong) {
      config.refuse(wrong.problem().whatFailed());
    } else if (look instanceof SettingsWatcher.Look.Changed changed) {
      changed.inForce().warnings().forEach(LOG::warn);
      try {
        take(changed.inForce().settings());
      } catch (Failure failure) {
        config.refuse(failure.whatFailed());
      }
    }
  }

  private void take(Settings settings) {
    Workstation remade = config.workstation().by(settings);
    lookedAfter.add(remade);
    keeper.take(remade);
    lookedAfter.keepOnly(remade);
    taken.accept(settings);
    ProgramLog.level(settings.log().level().name());
    if (!settings.state().equals(first.state()) || !settings.control().equals(first.control())) {
      LOG.warn("`state` and `control` take effect when the daemon is started again");
    }
  }
}
