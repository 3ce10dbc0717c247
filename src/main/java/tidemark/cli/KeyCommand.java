package tidemark.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.config.Durations;
import tidemark.config.Settings;
import tidemark.say.Moment;
import tidemark.say.TextTable;
import tidemark.serve.AccessKey;
import tidemark.serve.AccessKey.Right;
import tidemark.serve.AccessKeys;

/** `key`: who may come in at the server. */
@Command(name = "key", description = "The keys that open this config's databases at its server.")
final class KeyCommand extends Group {
  /** What all of them begin with. */
  abstract static class OnKeys extends SettingsCommand {
    @Option(names = "--json", description = "Tells it as JSON.")
    protected boolean json;

    OnKeys(Start start) {
      super(start);
    }

    abstract int run(Settings settings, AccessKeys keys);

    @Override
    final int run() {
      Settings settings = read().settings();
      return run(settings, new AccessKeys(settings.serve().keys(), start.clock()));
    }

    protected final String shown(Instant moment) {
      return Moment.shown(moment.toEpochMilli(), start.clock().getZone());
    }

    protected static String listed(Set<String> names) {
      return names.isEmpty() ? "all" : String.join(", ", names);
    }

    protected final JsonObject told(AccessKey key) {
      return new JsonObject()
          .put("id", key.id())
          .put("user", key.user())
          .put("may", key.may().word())
          .put("databases", List.copyOf(key.databases()))
          .put("tables", List.copyOf(key.tables()))
          .time("created", key.created())
          .time("expires", key.expires())
          .put("expired", !key.isValidAt(start.clock().instant()));
    }
  }

  /** `key create`. */
  @Command(
      name = "create",
      description = {
        "Makes a key and prints it, this once. A user may have several: make the new one,",
        "put it into use, then revoke the old one."
      })
  static final class Create extends OnKeys {
    /** No longer than anybody's plans, and a year that every program can read. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365L);

    @Option(
        names = "--user",
        required = true,
        paramLabel = "NAME",
        description = "Whose key it is: the author of all that is written with it.")
    private String user = "";

    @Option(
        names = "--may",
        paramLabel = "RIGHT",
        description = "read (the default), or write, which is to read as well.")
    private Right may = Right.READ;

    @Option(
        names = "--db",
        paramLabel = "NAME",
        description = "Only for this database; may be given several times.")
    private List<String> databases = new ArrayList<>();

    @Option(
        names = "--table",
        paramLabel = "T",
        description = "Only for this table; may be given several times.")
    private List<String> tables = new ArrayList<>();

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "Opens nothing any more after this time: 30d, 1y. Default: never.")
    private @Nullable String lasts;

    Create(Start start) {
      super(start);
    }

    @Override
    int run(Settings settings, AccessKeys keys) {
      String who = user.strip();
      if (who.isEmpty() || who.chars().anyMatch(Character::isISOControl)) {
        throw wrong("--user '" + user + "' is no name; accepted: one line that is not empty");
      }
      if (tables.stream().anyMatch(String::isBlank)) {
        throw wrong("--table '' is no table; leave it out for all tables");
      }
      databases.forEach(settings::database); // throws with those there are
      Duration time = lasts == null ? null : time(lasts);
      AccessKeys.Created made =
          keys.create(who, may, new LinkedHashSet<>(databases), new LinkedHashSet<>(tables), time);
      if (json) {
        JsonObject all = new JsonObject().put("key", made.text());
        out().println(all.putAll(Json.object(told(made.key()).text())).text());
      } else {
        print(made);
      }
      return 0;
    }

    private void print(AccessKeys.Created made) {
      AccessKey key = made.key();
      Instant expires = key.expires();
      out().println(made.text());
      out().println("for:    " + key.user());
      out()
          .println(
              "may:    "
                  + (key.mayWrite() ? "read and write" : "read")
                  + "; databases: "
                  + listed(key.databases())
                  + "; tables: "
                  + listed(key.tables()));
      out().println("until:  " + (expires == null ? "it is revoked" : shown(expires)));
      out()
          .println(
              "It is shown only now; what is kept here is no way back to it. Its end is `tidemark"
                  + " key revoke "
                  + key.id()
                  + "`.");
    }

    private Duration time(String text) {
      return Durations.parse(text.strip())
          .filter(time -> !time.isZero() && time.compareTo(LONGEST) <= 0)
          .orElseThrow(
              () ->
                  wrong("--expires '" + text + "' is no time; accepted: 12h, 30d, 1y, up to 100y"));
    }

    private ParameterException wrong(String what) {
      return new ParameterException(spec().commandLine(), what);
    }
  }

  /** `key list`. */
  @Command(name = "list", description = "Tells which keys there are, and what each opens.")
  static final class Listing extends OnKeys {
    Listing(Start start) {
      super(start);
    }

    @Override
    int run(Settings settings, AccessKeys keys) {
      List<AccessKey> all = keys.list();
      if (json) {
        out().println(Json.treeText(all.stream().map(this::told).toList()));
      } else if (all.isEmpty()) {
        out().println("There is no key yet; `tidemark key create --user NAME` makes one.");
      } else {
        print(all);
      }
      return 0;
    }

    private void print(List<AccessKey> all) {
      TextTable table =
          new TextTable("id", "user", "may", "databases", "tables", "created", "expires");
      for (AccessKey key : all) {
        table.row(
            key.id(),
            key.user(),
            key.may().word(),
            listed(key.databases()),
            listed(key.tables()),
            shown(key.created()),
            end(key));
      }
      table.print(out(), "");
    }

    private String end(AccessKey key) {
      Instant expires = key.expires();
      if (expires == null) {
        return "never";
      }
      return key.isValidAt(start.clock().instant()) ? shown(expires) : "expired";
    }
  }

  /** `key revoke`. */
  @Command(
      name = "revoke",
      description = "Ends a key. A running server refuses it from then on, within a second.")
  static final class Revoke extends OnKeys {
    private static final String START = "tmk_";

    @Parameters(paramLabel = "ID", description = "As `tidemark key list` tells it.")
    private String id = "";

    Revoke(Start start) {
      super(start);
    }

    @Override
    int run(Settings settings, AccessKeys keys) {
      String meant = id(id.strip());
      if (!keys.revoke(meant)) {
        throw new Failure(
            Failure.USAGE, "There is no key " + meant, "`tidemark key list` lists them all.");
      }
      if (json) {
        out().println(new JsonObject().put("success", true).put("id", meant).text());
      } else {
        out().println("The key " + meant + " is revoked: it opens nothing any more.");
      }
      return 0;
    }

    /** Of a key that was found lying about its id, and its secret is not repeated. */
    private static String id(String typed) {
      return typed.startsWith(START) ? typed.substring(START.length()).split("_", 2)[0] : typed;
    }
  }
}
