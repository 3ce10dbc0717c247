package tidemark.control;

import java.nio.file.Path;
import java.util.List;
import tidemark.config.SettingsList;
import tidemark.say.InDatabase;
import tidemark.settle.Overruled;

/** An endpoint with no config behind it. */
final class NoConfig implements ConfigDesk {
  @Override
  public Path file() {
    return Path.of("tidemark.yml");
  }

  @Override
  public List<SettingsList.Setting> settings() {
    return List.of();
  }

  @Override
  public void change(SettingsWish wish) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<InDatabase<Overruled>> overruled(SettingsWish wish) {
    return List.of();
  }

  @Override
  public Tested test(SettingsWish wish) {
    return new Tested(List.of(), List.of());
  }
}
