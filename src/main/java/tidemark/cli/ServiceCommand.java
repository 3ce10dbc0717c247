package tidemark.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.service.Registration;

/** `service`: whether, and how, the daemon is started by the system. */
@Command(name = "service", description = "Starts the daemon at this user's login.")
final class ServiceCommand extends Group {
  /** `service status`. */
  @Command(
      name = "status",
      description = "Tells whether it is installed, for whom, and what is started.")
  static final class Status extends SettingsCommand {
    @Option(names = "--json", description = "Tells it as JSON.")
    private boolean json;

    private final Registrations registrations;

    Status(Start start) {
      super(start);
      registrations = new Registrations(start, () -> {});
    }

    @Override
    int run() {
      List<Registration.Standing> all =
          registrations.all().stream().map(Registration::status).toList();
      boolean installed = all.stream().anyMatch(Registration.Standing::installed);
      List<String> lines =
          all.stream()
              .filter(one -> one.installed() || !installed)
              .flatMap(one -> one.lines().stream())
              .toList();
      if (json) {
        out().println(new JsonObject().put("installed", installed).put("lines", lines).text());
      } else {
        lines.forEach(out()::println);
      }
      return installed ? 0 : Failure.INCOMPLETE;
    }
  }

  /** `service uninstall`. */
  @Command(
      name = "uninstall",
      description = "Ends the daemon and takes it out; config and data stay.")
  static final class Uninstall extends RegistrationCommand {
    Uninstall(Start start) {
      super(start);
    }

    @Override
    List<String> change() {
      return registration().uninstall();
    }
  }
}
