package tidemark.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;

/** `schema`: what IT says about the shape of tables. */
@Command(name = "schema", description = "For IT: the shape of tables.")
final class SchemaCommand extends Group {
  /** `schema accept`. */
  @Command(
      name = "accept",
      description = {
        "Accepts a table as it is now: with columns dropped or renamed, another key,",
        "or without the rows that vanished while nobody looked."
      })
  static final class Accept extends SettingsCommand {
    @Option(names = "--table", paramLabel = "T", required = true, description = "The table.")
    private String table = "";

    @Option(
        names = "--db",
        paramLabel = "NAME",
        description = "The database; needed where the config has several.")
    private String name = "";

    Accept(Start start) {
      super(start);
    }

    @Override
    int run() {
      Daemon daemon = daemon();
      List<Database> databases = daemon.databases(name.isEmpty() ? List.of() : List.of(name));
      if (databases.size() != 1) {
        throw new ParameterException(
            spec().commandLine(),
            "several databases; say which with --db: "
                + String.join(", ", daemon.settings().databases().keySet()));
      }
      databases.get(0).acceptSchema(table);
      out().println(databases.get(0).name() + ": " + table + " is accepted as it is now.");
      out().println("  The next sync carries that to everybody.");
      return 0;
    }
  }
}
