package tidemark.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tidemark.config.SettingInForce;
import tidemark.config.SettingsEdit;
import tidemark.config.SettingsFile;

/** `interval`: how often the daemon syncs. */
@Command(
    name = "interval",
    description = "Tells how often the daemon syncs, or sets it in the config file.")
final class IntervalCommand extends SettingsCommand {
  private static final String KEY = "sync.every";

  @Parameters(
      arity = "0..1",
      paramLabel = "DURATION",
      description = "From 1m to 24h, such as 60m, or `manual`.")
  private String duration = "";

  IntervalCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (duration.isEmpty()) {
      read().list().stream()
          .filter(setting -> setting.key().equals(KEY))
          .forEach(every -> out().println(KEY + " is " + shown(every)));
      return 0;
    }
    SettingsFile file = settingsFile();
    SettingsEdit.Changed changed =
        new SettingsEdit(file, start.surroundings().get()).set(KEY, duration);
    out()
        .println(
            KEY + " is " + changed.after().map(SettingInForce::value).orElse(duration) + " now");
    Optional<SettingInForce> before = changed.before();
    before.ifPresent(every -> out().println("  before: " + shown(every)));
    out().println("  in " + changed.file() + file.why());
    out().println("  A running daemon takes it up by itself.");
    return 0;
  }

  private static String shown(SettingInForce setting) {
    return setting.value() + " (" + setting.origin() + ")";
  }
}
