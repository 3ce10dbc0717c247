package tidemark.control;

import java.nio.file.Path;
import java.util.List;
import tidemark.change.JsonObject;
import tidemark.config.SettingsList;
import tidemark.say.InDatabase;
import tidemark.say.Overruling;
import tidemark.settle.Overruled;

/** The config as programs read it. */
final class SettingsJson {
  private SettingsJson() {}

  static String text(
      Path file, List<SettingsList.Setting> settings, List<InDatabase<Overruled>> overruled) {
    return new JsonObject()
        .put("file", file.toString())
        .put("settings", settings.stream().map(SettingsJson::json).toList())
        .put("settles", Overruling.json(overruled))
        .text();
  }

  private static JsonObject json(SettingsList.Setting setting) {
    return new JsonObject()
        .put("key", setting.key())
        .put("value", setting.value())
        .put("from", setting.from())
        .put("locked", setting.locked())
        .put("kind", setting.kind())
        .put("choices", setting.choices())
        .put("accepted", setting.accepted())
        .put("about", setting.about());
  }

  /** What came of a test. */
  static String text(ConfigDesk.Tested tested) {
    return new JsonObject()
        .put("problems", tested.problems())
        .put("paths", tested.paths().stream().map(SettingsJson::json).toList())
        .text();
  }

  private static JsonObject json(ConfigDesk.TestedPath path) {
    return new JsonObject()
        .put("key", path.key())
        .put("path", path.path())
        .put("ok", path.ok())
        .put("what", path.what());
  }
}
