package tidemark.control;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tidemark.change.Json;
import tidemark.config.SettingsList;
import tidemark.say.InDatabase;
import tidemark.say.Overruling;
import tidemark.settle.Overruled;

/** The config as programs read it. */
final class SettingsJson {
  private SettingsJson() {}

  static String text(
      Path file, List<SettingsList.Setting> settings, List<InDatabase<Overruled>> overruled) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("file", file.toString());
          json.writeArrayFieldStart("settings");
          for (SettingsList.Setting setting : settings) {
            write(json, setting);
          }
          json.writeEndArray();
          Overruling.write(json, overruled);
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, SettingsList.Setting setting) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", setting.key());
    json.writeStringField("value", setting.value());
    json.writeStringField("from", setting.from());
    json.writeBooleanField("locked", setting.locked());
    json.writeStringField("kind", setting.kind());
    json.writeArrayFieldStart("choices");
    for (String choice : setting.choices()) {
      json.writeString(choice);
    }
    json.writeEndArray();
    json.writeStringField("accepted", setting.accepted());
    json.writeStringField("about", setting.about());
    json.writeEndObject();
  }

  /** What came of a test. */
  static String text(ConfigDesk.Tested tested) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("problems");
          for (String problem : tested.problems()) {
            json.writeString(problem);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("paths");
          for (ConfigDesk.TestedPath path : tested.paths()) {
            json.writeStartObject();
            json.writeStringField("key", path.key());
            json.writeStringField("path", path.path().toString());
            json.writeBooleanField("ok", path.ok());
            json.writeStringField("what", path.what());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
