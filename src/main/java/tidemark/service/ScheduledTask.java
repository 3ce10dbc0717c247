package tidemark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.change.Failure;
import tidemark.service.Tools.Answer;

/**
 * The daemon as a scheduled task of Windows: at this user's logon, which needs no administrator, or
 * at everybody's.
 *
 * <p>Commit point: `schtasks /create`, which replaces a former task as a whole.
 */
public final class ScheduledTask implements Registration {
  private static final Pattern VARIABLE = Pattern.compile("%[^%\\\\]+%");

  private final Tools tools;
  private final Program program;
  private final String name;
  private final TaskXml xml;
  private final String whose;
  private final boolean startable;
  private final Runnable stopDaemon;

  private ScheduledTask(Tools tools, Program program, Owner owner, Runnable stopDaemon) {
    this.tools = tools;
    this.program = program;
    this.name = owner.name;
    this.xml = owner.xml;
    this.whose = owner.whose;
    this.startable = owner.startable;
    this.stopDaemon = stopDaemon;
  }

  private record Owner(String name, TaskXml xml, String whose, boolean startable) {}

  /**
   * The task of one user.
   *
   * @param user `DOMAIN\name`; all users' tasks lie in one folder, so the name says whose it is
   * @param stopDaemon ends the user's running daemon, if there is one, in good order
   */
  public static ScheduledTask ofUser(
      Tools tools, Program program, String user, Runnable stopDaemon) {
    String name = "Tidemark - " + user.replaceAll("[\\\\/:*?\"<>|]", " - ");
    return new ScheduledTask(
        tools, program, new Owner(name, TaskXml.ofUser(user), user, true), stopDaemon);
  }

  public static ScheduledTask ofEverybody(Tools tools, Program program) {
    return new ScheduledTask(
        tools,
        program,
        new Owner("Tidemark", TaskXml.ofEverybody(), "everybody who logs on here", false),
        () -> {});
  }

  @Override
  public List<String> install(boolean start) {
    String command = tools.name(program.windowless());
    String arguments = Quoting.windows(program.javaArguments(tools));
    String folder = tools.name(program.home());
    refuseVariables(command + " " + arguments + " " + folder);
    create(TaskXml.bytes(xml.text(command, arguments, folder)));
    List<String> told = new ArrayList<>();
    told.add("The task '" + name + "' starts Tidemark at the logon of " + whose + ".");
    if (start && startable) {
      stopDaemon.run(); // a former one would keep the new one out
      told.add(started());
    } else {
      told.add("It starts at the next logon.");
    }
    return told;
  }

  /** The scheduler knows no way to write such a name otherwise. */
  private static void refuseVariables(String text) {
    Matcher variable = VARIABLE.matcher(text);
    if (variable.find()) {
      throw new Failure(
          Failure.USAGE,
          "Windows would take " + variable.group() + " in a path for a variable",
          "Install Tidemark in a folder with one percent sign at most in its path.");
    }
  }

  private void create(byte[] task) {
    try {
      Path file = Files.createTempFile("tidemark", ".xml");
      try {
        Files.write(file, task);
        Answer answer =
            tools.run("schtasks", "/create", "/tn", name, "/xml", tools.name(file), "/f");
        require(answer, "Windows did not take the task '" + name + "'");
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the task cannot be written to the temporary folder: " + e,
          "Make room there, or let TEMP name another folder.",
          e);
    }
  }

  private String started() {
    Answer answer = tools.run("schtasks", "/run", "/tn", name);
    return answer.well()
        ? "It was started."
        : "It starts at the next logon: it could not be started now: " + answer.inWords();
  }

  @Override
  public List<String> uninstall() {
    Answer task = tools.run("schtasks", "/query", "/tn", name);
    if (!task.well()) {
      requireNone(task);
      return List.of("There is no task '" + name + "'.");
    }
    stopDaemon.run();
    tools.run("schtasks", "/end", "/tn", name); // whatever did not stop by itself
    require(
        tools.run("schtasks", "/delete", "/tn", name, "/f"),
        "Windows did not delete the task '" + name + "'");
    return List.of("The task '" + name + "' is gone.");
  }

  /** The scheduler ends alike where there is none and where it cannot tell: its list decides. */
  private void requireNone(Answer answer) {
    Answer all = tools.run("schtasks", "/query", "/fo", "csv", "/nh");
    boolean listed = all.text().contains("\"\\" + name + "\"");
    require(
        all.well() && listed ? answer : all,
        "Windows does not tell whether there is a task '" + name + "'");
  }

  private static void require(Answer answer, String otherwise) {
    if (!answer.well()) {
      throw new Failure(
          Failure.INCOMPLETE,
          otherwise + ": " + answer.inWords(),
          "What concerns all users takes an administrator: run it from an elevated prompt.");
    }
  }

  @Override
  public Standing status() {
    Answer task = tools.run("schtasks", "/query", "/tn", name, "/xml");
    if (!task.well()) {
      requireNone(task);
    }
    if (!task.well() || !task.text().contains("<Exec>")) {
      return Standing.none("There is no task '" + name + "'.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("The task '" + name + "' starts Tidemark at the logon of " + whose + ".");
    lines.add("program: " + element(task.text(), "Command"));
    lines.add("with: " + element(task.text(), "Arguments"));
    Answer last = tools.run("schtasks", "/query", "/tn", name, "/v", "/fo", "csv", "/nh");
    lastRun(last.text()).ifPresent(lines::add);
    return new Standing(true, lines);
  }

  private static String element(String xml, String name) {
    Matcher matcher = Pattern.compile("<" + name + ">(.*?)</" + name + ">").matcher(xml);
    return matcher.find()
        ? matcher
            .group(1)
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
        : "";
  }

  /** Told by place: the headings are in the language of the system. */
  static Optional<String> lastRun(String csv) {
    List<String> cells = new ArrayList<>();
    Matcher cell = Pattern.compile("\"([^\"]*)\"(?:,|\\s*$)", Pattern.MULTILINE).matcher(csv);
    while (cell.find() && cells.size() < 7) {
      cells.add(cell.group(1));
    }
    return cells.size() < 7
        ? Optional.empty()
        : Optional.of("last start: " + cells.get(5) + ", " + result(cells.get(6)));
  }

  private static String result(String code) {
    return switch (code.strip()) {
      case "0" -> "ended well";
      case "267009" -> "runs now";
      case "267011" -> "has not run yet";
      case "267014" -> "was ended by somebody";
      default -> "ended with " + code.strip();
    };
  }
}
