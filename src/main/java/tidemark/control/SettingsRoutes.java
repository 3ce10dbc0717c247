package tidemark.control;

import java.util.ArrayList;
import java.util.List;
import tidemark.say.InDatabase;
import tidemark.say.Overruling;
import tidemark.settle.Overruled;

/** What can be asked about the config, and changed in it. */
final class SettingsRoutes {
  private final ConfigDesk desk;

  SettingsRoutes(ConfigDesk desk) {
    this.desk = desk;
  }

  List<Route> all() {
    return List.of(
        Route.get("/api/settings", List.of(), none -> inForce()),
        Route.sending("PUT", "/api/settings", List.of("settling"), this::change),
        Route.sending(
            "POST",
            "/api/settings/test",
            body -> SettingsJson.text(desk.test(SettingsWish.read(body)))));
  }

  private String inForce() {
    return SettingsJson.text(desk.file(), desk.settings(), desk.overruled(SettingsWish.NOTHING));
  }

  /** Who asks for it is told of what would be settled instead, before anything is written. */
  private String change(Parameters asked, String body) {
    SettingsWish wish = SettingsWish.read(body);
    if ("ask".equals(asked.oneOf("settling", List.of("ask", "now")))) {
      List<InDatabase<Overruled>> more = new ArrayList<>(desk.overruled(wish));
      more.removeAll(desk.overruled(SettingsWish.NOTHING));
      if (!more.isEmpty()) {
        throw Problem.settling(Overruling.sentence(more));
      }
    }
    desk.change(wish);
    return inForce();
  }
}
