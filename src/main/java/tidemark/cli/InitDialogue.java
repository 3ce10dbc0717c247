package tidemark.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import tidemark.change.Failure;

/**
 * The questions of `init`. Each answer is tried at once, and asked for again where it will not do.
 */
final class InitDialogue {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final Person person;
  private final PrintWriter out;

  InitDialogue(Person person, PrintWriter out) {
    this.person = person;
    this.out = out;
  }

  /** What is the matter with an answer, in one line or two; empty if nothing. */
  interface Trial extends Function<String, Optional<String>> {}

  boolean mayReplace(Path config) {
    out.println("There is a config already: " + config);
    return agrees("Replace it? It is kept as a copy. yes or no");
  }

  boolean mayBeginEmpty(String what) {
    out.println(what + ".");
    return agrees("Begin with an empty database? If the path is wrong, say no. yes or no");
  }

  private boolean agrees(String question) {
    String answer =
        ask(
            question,
            "no",
            given ->
                isYes(given) || isNo(given) ? Optional.empty() : Optional.of("Say yes or no."));
    return isYes(answer);
  }

  private static boolean isYes(String answer) {
    return "yes".startsWith(answer.toLowerCase(Locale.ROOT));
  }

  private static boolean isNo(String answer) {
    return "no".startsWith(answer.toLowerCase(Locale.ROOT));
  }

  /**
   * The paths of the databases to be synced.
   *
   * @param folder where the application has its own
   * @param found what is there
   */
  List<String> databases(Path folder, List<Path> found, Trial trial) {
    if (found.isEmpty()) {
      out.println("No database was found in " + folder + ".");
      return paths(ask("The application's database (a path)", "", trial), trial);
    }
    out.println("Databases in " + folder + ":");
    for (int i = 0; i < found.size(); i++) {
      out.println("  " + (i + 1) + "  " + found.get(i).getFileName());
    }
    String answer =
        ask(
            "Which are to be synced? Their numbers, or the path of another one",
            "all",
            given ->
                isNumbers(given)
                    ? outside(given, found.size())
                    : given.equals("all") ? Optional.empty() : trial.apply(given));
    if (answer.equals("all")) {
      return found.stream().map(InitDialogue::literally).toList();
    }
    return isNumbers(answer)
        ? numbers(answer).stream().map(number -> literally(found.get(number - 1))).toList()
        : paths(answer, trial);
  }

  private static boolean isNumbers(String answer) {
    return answer.matches("[0-9]{1,4}([\\s,]+[0-9]{1,4})*[\\s,]*");
  }

  private static SortedSet<Integer> numbers(String answer) {
    SortedSet<Integer> numbers = new TreeSet<>();
    NUMBER
        .matcher(answer)
        .results()
        .forEach(number -> numbers.add(Integer.parseInt(number.group())));
    return numbers;
  }

  private static Optional<String> outside(String answer, int last) {
    SortedSet<Integer> numbers = numbers(answer);
    return numbers.first() < 1 || numbers.last() > last
        ? Optional.of("Numbers from 1 to " + last + ".")
        : Optional.empty();
  }

  /** A path that was not typed has no variables in it. */
  private static String literally(Path path) {
    return path.toString().replace("%", "%%").replace("$", "$$");
  }

  private List<String> paths(String first, Trial trial) {
    List<String> paths = new ArrayList<>(List.of(first));
    while (true) {
      String next =
          ask(
              "Another one, or `done`",
              "done",
              given -> given.equals("done") ? Optional.empty() : trial.apply(given));
      if (next.equals("done")) {
        return paths;
      }
      paths.add(next);
    }
  }

  String share(Trial trial) {
    return ask("The folder on the share where the masters are, or will be", "", trial);
  }

  String interval(Trial trial) {
    return ask("Sync how often? 1m to 24h, or manual", "120m", trial);
  }

  /**
   * Asks until an answer will do.
   *
   * @param standard what an empty answer means; empty if there has to be one
   */
  private String ask(String question, String standard, Trial trial) {
    while (true) {
      out.flush();
      String typed =
          person.ask(question + (standard.isEmpty() ? "" : " [" + standard + "]") + ": ");
      if (typed == null) {
        out.println();
        throw new Failure(
            Failure.USAGE, "init was not finished", "Nothing was written; start it again.");
      }
      String answer = unquoted(typed.strip());
      if (answer.isEmpty()) {
        answer = standard;
      }
      if (answer.isEmpty()) {
        out.println("  There has to be one; Ctrl-C ends this.");
        continue;
      }
      Optional<String> objection = trial.apply(answer);
      if (objection.isEmpty()) {
        return answer;
      }
      objection.get().lines().forEach(line -> out.println("  " + line));
    }
  }

  /** As the Explorer copies paths. */
  private static String unquoted(String text) {
    boolean quoted =
        text.length() > 1
            && (text.startsWith("\"") || text.startsWith("'"))
            && text.endsWith(text.substring(0, 1));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
