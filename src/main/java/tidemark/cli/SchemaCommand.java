package tidemark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;

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
      Database database = theOne(workstation(), name);
      database.acceptSchema(table);
      out().println(database.name() + ": " + table + " is accepted as it is now.");
      out().println("  The next sync carries that to everybody.");
      return 0;
    }
  }
}
