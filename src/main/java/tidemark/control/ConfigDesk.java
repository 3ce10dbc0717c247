package tidemark.control;

import java.nio.file.Path;
import java.util.List;
import tidemark.config.SettingsList;
import tidemark.say.InDatabase;
import tidemark.settle.Overruled;

/** Where the config is read and changed while the daemon runs. */
public interface ConfigDesk {
  Path file();

  /** What is in force. */
  List<SettingsList.Setting> settings();

  /** Writes it into the file, with all its comments kept, and goes by it: all of it or nothing. */
  void change(SettingsWish wish);

  /** Conflicts that wait for a person, and that the next run would settle if this were so. */
  List<InDatabase<Overruled>> overruled(SettingsWish wish);

  /** What would come of it, tried out on the real paths; nothing is written. */
  Tested test(SettingsWish wish);

  /** What is wrong with a config, and what was found at its paths. */
  record Tested(List<String> problems, List<TestedPath> paths) {}

  record TestedPath(String key, String path, boolean ok, String what) {}
}
