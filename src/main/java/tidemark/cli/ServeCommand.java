package tidemark.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Demo;
import tidemark.app.Lending;
import tidemark.app.OpenSecrets;
import tidemark.app.Workstation;
import tidemark.config.SettingsFile;
import tidemark.config.SettingsInForce;
import tidemark.config.Surroundings;
import tidemark.daemon.DaemonProcess;
import tidemark.serve.AccessKey.Right;
import tidemark.serve.AccessKeys;

/** `serve`: the daemon, and beside it the server that lends its places to others. */
@Command(
    name = "serve",
    description = {
      "Runs the daemon, and lends this config's databases to other workstations over HTTPS.",
      "They need the address, a key (`tidemark key create`), and to trust the certificate."
    })
final class ServeCommand extends SettingsCommand {
  @Option(
      names = "--demo",
      description = "Serves sample data from a temporary folder, with a workstation to try it.")
  private boolean demo;

  ServeCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (demo) {
      return runDemo();
    }
    return run(settingsFile(), start.surroundings().get(), said -> {});
  }

  /** What else is told once it serves. */
  private interface Tale {
    void tell(Lending.Said said);
  }

  private int run(SettingsFile file, Surroundings surroundings, Tale tale) {
    SettingsInForce inForce = read(file);
    DaemonProcess process =
        new DaemonProcess(file, inForce, surroundings, start.clock(), start.version());
    Runtime.getRuntime().addShutdownHook(new Thread(process::stopAndWait, "signal"));
    List<String> open = OpenSecrets.logged(inForce);
    process.run(
        (workstation, news) -> {
          DaemonProcess.Companion.Ending ending = lend(workstation, news, tale);
          open.forEach(this::warn);
          return ending;
        },
        this::greet);
    return 0;
  }

  private DaemonProcess.Companion.Ending lend(Workstation workstation, Runnable news, Tale tale) {
    Lending lending = Lending.start(workstation, start.clock(), news);
    Lending.Said said = lending.said();
    for (String name : said.names()) {
      out().println("Lends " + name + " at " + said.address() + "/" + name);
    }
    if (!said.fingerprint().isEmpty()) {
      out().println("Certificate, SHA-256: " + said.fingerprint());
    }
    if (!said.trust().isEmpty()) {
      out().println("Workstations trust it by this file, at `trust:`: " + said.trust());
    }
    said.warnings().forEach(this::warn);
    tale.tell(said);
    return lending::close;
  }

  private void warn(String sentence) {
    out().println("Note: " + sentence);
  }

  private void greet(@Nullable Integer port) {
    out().println("Ctrl-C ends it.");
    out().flush();
  }

  /** A server in front of a folder, and Ben, who meets the others at it alone. */
  private int runDemo() {
    Path folder = DemoTale.folder();
    Demo sample = new Demo(folder, start.surroundings().get(), start.clock());
    Demo.Desk anna = sample.desk("anna");
    sample.fill(anna);
    sample.sync(anna);
    Demo.Desk server = sample.serverDesk();
    SettingsFile file = sample.settingsFile(server);
    AccessKeys keys = new AccessKeys(file.read().settings().serve().keys(), start.clock());
    String program = DemoTale.program(start);
    String key = keys.create("ben", Right.WRITE, Set.of(), Set.of(), null).text();
    return run(
        file,
        sample.surroundings(),
        said -> {
          Path config =
              sample.remoteDesk("ben", said.address() + "/" + Demo.DATABASE, key, said.trust());
          out().println("A folder with a master, in " + sample.share());
          out().println("Ben works from home; in another window:");
          List.of("sync", "status", "fleet")
              .forEach(word -> out().println("  " + program + " " + word + " --config " + config));
          out().println("Any program may ask with his key, too:");
          out()
              .println(
                  "  curl --cacert "
                      + said.trust()
                      + " -H 'Authorization: Bearer "
                      + key
                      + "' "
                      + said.address()
                      + "/api/customers");
        });
  }
}
