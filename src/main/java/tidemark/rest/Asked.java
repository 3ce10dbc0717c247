package tidemark.rest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.serve.Question;
import tidemark.serve.RefusedException;
import tidemark.serve.Reply;
import tidemark.serve.Visit;

/**
 * What a program asks of a database.
 *
 * @param words of the path behind the database, decoded
 * @param from where they begin in the path
 */
record Asked(Visit visit, Question question, String database, List<String> words, int from) {
  /** So many rows or records at once. */
  static final int MOST = 10_000;

  private static final Pattern LOST_PLUS = Pattern.compile("(.*\\d) (\\d\\d:?\\d\\d)");

  /**
   * As the path says; a slash at its end makes no difference.
   *
   * @param first the database of paths that name none
   */
  static Asked of(Visit visit, String first) {
    Question question = visit.question();
    int from = question.word(0).equals("api") ? 1 : 0;
    String database = first;
    if (from == 1 && question.word(1).equals("db")) {
      database = question.word(2);
      from = 3;
    }
    List<String> all = question.words();
    List<String> words = all.subList(Math.min(from, all.size()), all.size());
    boolean slash = words.size() > 1 && words.get(words.size() - 1).isEmpty();
    return new Asked(
        visit, question, database, slash ? words.subList(0, words.size() - 1) : words, from);
  }

  Reply reply() {
    return visit.reply();
  }

  String word(int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** The same as it stands in the address. */
  String raw(int at) {
    return question.raw(from + at);
  }

  boolean is(String method, String... path) {
    return question.method().equals(method) && words.equals(List.of(path));
  }

  RefusedException notSo(String instead) {
    return RefusedException.with(
        405, "this cannot be asked by " + Shown.of(question.method()), instead);
  }

  static RefusedException noTable(String name) {
    return RefusedException.with(
        404, "there is no table " + Shown.of(name), "See /api/openapi.json for those there are.");
  }

  // ---- parameters

  boolean flag(String name) {
    String text = question.parameter(name).orElse("false");
    if (!List.of("true", "false", "1", "0", "").contains(text)) {
      throw RefusedException.wrong(
          "the parameter " + name + " is neither true nor false", "Leave it out, or write true.");
    }
    return text.equals("true") || text.equals("1");
  }

  Optional<String> cursor() {
    return question.parameter("cursor");
  }

  Optional<Integer> limit() {
    return question.parameter("limit").map(Asked::limit);
  }

  private static int limit(String text) {
    long limit = Question.numberOf(text, "the parameter limit");
    if (limit < 1) {
      throw RefusedException.wrong("the parameter limit is below 1", "Ask for one row or more.");
    }
    return (int) Math.min(limit, MOST);
  }

  @Nullable Long moment(String name) {
    return question.parameter(name).map(text -> moment(name, text)).orElse(null);
  }

  /** A plus sign that nobody encoded comes as a space. */
  private static long moment(String name, String text) {
    Long moment = ChangeTime.read(text.strip());
    if (moment == null) {
      moment = ChangeTime.read(LOST_PLUS.matcher(text.strip()).replaceFirst("$1+$2"));
    }
    if (moment == null) {
      throw RefusedException.wrong(
          name + " is no time: '" + Shown.of(text) + "'", "As in 2026-11-29T16:40:56Z.");
    }
    return moment;
  }

  /** The version that the row must have, which somebody wants to change; null: any. */
  @Nullable String wantedVersion() {
    return question
        .header("If-Match")
        .map(text -> text.strip().replaceFirst("^W/", "").replace("\"", ""))
        .filter(text -> !text.equals("*"))
        .orElse(null);
  }
}
