package tidemark.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;
import tidemark.change.Conflict.Version;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.serve.AccessKey.Right;

/**
 * All commands by name. Only the one that is asked for is made, since reading the annotations of
 * all of them would cost every start a tenth of a second; help and misspelt names see them all.
 */
public final class Commands {
  private final Start start;
  private final Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();

  public Commands(Start start) {
    this.start = start;
    add("run", () -> new RunCommand(start));
    add("serve", () -> new ServeCommand(start));
    add("sync", () -> new SyncCommand(start));
    add("status", () -> new StatusCommand(start));
    add("history", () -> new HistoryCommand(start));
    add(
        "conflicts",
        () -> new ConflictsCommand(start),
        Map.of(
            "list", () -> new ConflictsCommand(start),
            "show", () -> new ConflictsOne.Show(start),
            "resolve", () -> new ConflictsOne.Resolve(start),
            "restore", () -> new ConflictsOne.Restore(start)));
    add("feed", () -> new FeedCommand(start));
    add("fleet", () -> new FleetCommand(start));
    add("forget", () -> new ForgetCommand(start));
    add(
        "key",
        () -> new KeyCommand(),
        Map.of(
            "create", () -> new KeyCommand.Create(start),
            "list", () -> new KeyCommand.Listing(start),
            "revoke", () -> new KeyCommand.Revoke(start)));
    add("verify", () -> new VerifyCommand(start));
    add("doctor", () -> new DoctorCommand(start));
    add("restore", () -> new RestoreCommand(start));
    add(
        "backup",
        () -> new BackupCommand(start),
        Map.of(
            "now", () -> new BackupCommand.Now(start),
            "list", () -> new BackupCommand.Listing(start),
            "verify", () -> new BackupCommand.Verify(start),
            "prune", () -> new BackupCommand.Prune(start)));
    add("report", () -> new ReportCommand(start));
    add("migrate", () -> new MigrateCommand(start));
    add("maintain", () -> new MaintainCommand(start));
    add("archive", () -> new ArchiveCommand(start));
    add(
        "ledger",
        () -> new LedgerCommand(),
        Map.of("rebuild", () -> new LedgerCommand.Rebuild(start)));
    add(
        "schema",
        () -> new SchemaCommand(),
        Map.of("accept", () -> new SchemaCommand.Accept(start)));
    add("init", () -> new InitCommand(start));
    add(
        "config",
        () -> new ConfigCommand(),
        Map.of(
            "check", () -> new ConfigCommand.Check(start),
            "schema", () -> new ConfigCommand.Schema(start)));
    add("logs", () -> new LogsCommand(start));
    add("interval", () -> new IntervalCommand(start));
    add(
        "service",
        () -> new ServiceCommand(),
        Map.of(
            "install", () -> new ServiceInstall(start),
            "uninstall", () -> new ServiceCommand.Uninstall(start),
            "status", () -> new ServiceCommand.Status(start)));
    add("pause", () -> new RunningCommand.Pause(start));
    add("resume", () -> new RunningCommand.Resume(start));
    add("open", () -> new RunningCommand.Open(start));
    add("stop", () -> new RunningCommand.Stop(start));
    add("detach", () -> new DetachCommand(start));
  }

  private void add(String name, Supplier<Object> command) {
    add(name, command, Map.of());
  }

  private void add(String name, Supplier<Object> command, Map<String, Supplier<Object>> below) {
    all.put(
        name,
        () -> {
          CommandLine line = new CommandLine(command.get());
          new TreeMap<>(below).forEach((sub, made) -> line.addSubcommand(sub, made.get()));
          return line;
        });
  }

  public void addTo(CommandLine root, String... args) {
    String asked = args.length == 0 ? "" : args[0];
    if (all.containsKey(asked)) {
      root.addSubcommand(asked, all.get(asked).get());
    } else {
      all.forEach((name, command) -> root.addSubcommand(name, command.get()));
    }
    root.registerConverter(Instant.class, new Moments(start.clock()));
    root.registerConverter(
        Direction.class, word -> known(word, Direction.parse(lower(word)), Direction.values()));
    root.registerConverter(
        Version.class, word -> known(word, Version.parse(lower(word)), Version.values()));
    root.registerConverter(
        Right.class, word -> known(word, Right.parse(lower(word)), Right.values()));
    root.registerConverter(
        ConflictRule.class,
        word -> known(word, ConflictRule.parse(lower(word)), ConflictRule.values()));
  }

  private static <T> T known(String word, Optional<T> meant, Object[] accepted) {
    return meant.orElseThrow(
        () ->
            new TypeConversionException(
                "'" + word + "' is none of " + lower(List.of(accepted).toString())));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
