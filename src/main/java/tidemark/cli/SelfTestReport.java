package tidemark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import tidemark.app.SelfTest;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;
import tidemark.config.Settings;
import tidemark.upkeep.health.Finding;

/** `doctor --windows-selftest`: prints what the self test found, and keeps it in a file. */
final class SelfTestReport {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Start start;
  private final PrintWriter out;

  SelfTestReport(Start start, PrintWriter out) {
    this.start = start;
    this.out = out;
  }

  int make(Settings settings) {
    if (!start.surroundings().get().windows()) {
      throw new Failure(
          Failure.USAGE,
          "the self test is for Windows, and this is " + start.surroundings().get().osName(),
          "`tidemark doctor` examines share, ledger and databases everywhere.");
    }
    List<Finding> findings = new SelfTest(settings, start.clock(), holding()).run();
    StringWriter text = new StringWriter();
    FindingsText.print(new PrintWriter(text, true), findings);
    out.print(text);
    Path report =
        settings.state().resolve("selftest-" + MOMENT.format(start.clock().instant()) + ".txt");
    try {
      Files.writeString(OwnerAlone.fresh(report), text.toString());
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the report cannot be written: " + e,
          "What was found stands above; make `state` writable for this user.",
          e);
    }
    out.println("The report is " + report);
    return findings.stream().anyMatch(finding -> finding.health() == Finding.Health.BAD)
        ? Failure.INCOMPLETE
        : 0;
  }

  /** This very program once more, as a second process. */
  private static List<String> holding() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of("tidemark.Tidemark", "doctor", "--hold-lock"));
    return command;
  }
}
