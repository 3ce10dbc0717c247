package tidemark.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.app.PathCheck;
import tidemark.app.Tried;
import tidemark.change.Failure;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.config.SettingsEdit;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsList;
import tidemark.config.SettingsWatcher;
import tidemark.config.Surroundings;
import tidemark.control.ConfigDesk;
import tidemark.control.SettingsWish;
import tidemark.say.InDatabase;
import tidemark.say.SyncWish;
import tidemark.settle.Overruled;

/** The config of the running daemon: what is changed here is in force at once. */
final class RunningConfig implements ConfigDesk {
  private final SettingsFile file;
  private final SettingsWatcher watcher;
  private final Surroundings surroundings;
  private final ConfigInForce config;
  private final Consumer<SettingsWatcher.Look> taking;

  /**
   * @param taking takes up what was changed
   */
  RunningConfig(
      SettingsFile file,
      SettingsWatcher watcher,
      Surroundings surroundings,
      ConfigInForce config,
      Consumer<SettingsWatcher.Look> taking) {
    this.file = file;
    this.watcher = watcher;
    this.surroundings = surroundings;
    this.config = config;
    this.taking = taking;
  }

  @Override
  public Path file() {
    return file.own();
  }

  @Override
  public List<SettingsList.Setting> settings() {
    return new SettingsList(watcher.inForce()).all();
  }

  @Override
  public void change(SettingsWish wish) {
    edit().setAll(wish.values());
    taking.accept(watcher.takeUp());
  }

  /** Writes `sync.every`; null is by hand only. */
  void every(@Nullable Duration every) {
    edit().set("sync.every", every == null ? "manual" : Durations.text(every));
    taking.accept(watcher.takeUp());
  }

  @Override
  public List<InDatabase<Overruled>> overruled(SettingsWish wish) {
    Settings settings = edit().tried(wish.values()).settings();
    return config.workstation().by(settings).overruled(SyncWish.ALL);
  }

  private SettingsEdit edit() {
    return new SettingsEdit(file, surroundings);
  }

  @Override
  public Tested test(SettingsWish wish) {
    Settings settings;
    try {
      settings = edit().tried(wish.values()).settings();
    } catch (Failure wrong) {
      return new Tested(List.of(wrong.told()), List.of());
    }
    return new Tested(
        List.of(),
        new PathCheck(settings, surroundings)
            .all().stream()
                .map(
                    found ->
                        new TestedPath(
                            found.key(), found.path(), found.exitCode() == 0, words(found)))
                .toList());
  }

  private static String words(Tried found) {
    return found.hint().isEmpty() ? found.what() : found.what() + ". " + found.hint();
  }
}
