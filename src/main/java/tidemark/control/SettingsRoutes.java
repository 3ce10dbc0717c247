package tidemark.control;

import java.util.List;

/** What can be asked about the config, and changed in it. */
final class SettingsRoutes {
  private final ConfigDesk desk;

  SettingsRoutes(ConfigDesk desk) {
    this.desk = desk;
  }

  List<Route> all() {
    return List.of(
        Route.get("/api/settings", List.of(), none -> inForce()),
        Route.sending("PUT", "/api/settings", this::change),
        Route.sending(
            "POST",
            "/api/settings/test",
            body -> SettingsJson.text(desk.test(SettingsWish.read(body)))));
  }

  private String inForce() {
    return SettingsJson.text(desk.file(), desk.settings());
  }

  private String change(String body) {
    desk.change(SettingsWish.read(body));
    return inForce();
  }
}
