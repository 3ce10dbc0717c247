package tidemark.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import tidemark.config.YamlOutline.Entry;
import tidemark.config.YamlOutline.Kind;
import tidemark.config.YamlOutline.Part;

/**
 * Sets or takes out one value in a YAML text and leaves every other character as it is: comments,
 * order, line ends. Where the key is missing it is added, below its default in a comment if there
 * is one.
 */
public final class YamlEdit {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9/._-]*");
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  private final String text;
  private final YamlOutline outline;
  private final String lineEnd;

  /** What is to be set is written as it is to stand. */
  private boolean isYaml;

  private YamlEdit(String text) {
    this.text = text;
    this.outline = YamlOutline.of(text);
    this.lineEnd = LINE_END.matcher(text).results().findFirst().map(e -> e.group()).orElse("\n");
  }

  /**
   * The text with this value.
   *
   * @param text valid YAML, without a byte order mark
   * @param path the words of the key, from the outermost section on
   * @param value plain text
   * @throws BadValue if it cannot be done without changing more
   */
  static String set(String text, List<String> path, String value) throws BadValue {
    return new YamlEdit(text).set(path, value);
  }

  /**
   * The text with this list of names.
   *
   * @throws BadValue if it cannot be done without changing more
   */
  static String set(String text, List<String> path, List<String> names) throws BadValue {
    YamlEdit edit = new YamlEdit(text);
    edit.isYaml = true;
    return edit.set(
        path, names.stream().map(YamlEdit::quoted).collect(Collectors.joining(", ", "[", "]")));
  }

  /**
   * The text without this key.
   *
   * @throws BadValue if it cannot be done without changing more
   */
  static String remove(String text, List<String> path) throws BadValue {
    return new YamlEdit(text).remove(path);
  }

  /** Quoted unless it is plainly a word, so that no sign of it means anything to YAML. */
  public static String quoted(String value) {
    boolean plain = PLAIN.matcher(value).matches() && !value.equalsIgnoreCase("null");
    return plain ? value : "'" + value.replace("'", "''") + "'";
  }

  private String set(List<String> path, String value) throws BadValue {
    if (outline.root().isEmpty() || outline.root().get().isNull()) {
      return inserted(outline.end(), lines(path, value, 0));
    }
    Part section = outline.root().get();
    Entry holder = new Entry(section, section);
    boolean flow = section.flow();
    for (int i = 0; i < path.size(); i++) {
      Optional<Entry> found = find(section, path, i);
      List<String> missing = path.subList(i, path.size());
      if (found.isEmpty()) {
        return flow ? addedInFlow(section, missing, value) : added(holder, missing, value, i > 0);
      }
      holder = found.get();
      section = holder.value();
      requireNoAlias(section, i < path.size() - 1);
      flow |= section.flow();
    }
    return replaced(section, value);
  }

  /** SQLite's table names know no case. */
  private static Optional<Entry> find(Part section, List<String> path, int i) {
    String word = path.get(i);
    boolean caseless = i == 1 && path.get(0).equals("tables");
    return section.entry(
        name ->
            caseless
                ? name.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))
                : name.equals(word));
  }

  private void requireNoAlias(Part part, boolean isSection) throws BadValue {
    if (part.kind() == Kind.ALIAS && isSection) {
      throw new BadValue("stands in a section that is only referred to (*" + part.anchor() + ")");
    }
    boolean referredTo =
        outline.scalars().stream()
            .anyMatch(
                other ->
                    other.kind() == Kind.ALIAS
                        && part.anchor() != null
                        && part.anchor().equals(other.anchor()));
    if (part.kind() != Kind.ALIAS && referredTo) {
      throw new BadValue("has an anchor (&" + part.anchor() + ") that other keys refer to");
    }
  }

  // ---- a key that is there

  private String replaced(Part old, String value) throws BadValue {
    if (old.kind() == Kind.SECTION || (old.kind() == Kind.LIST && !old.flow())) {
      throw new BadValue("has more than one value");
    }
    if (old.style() == ScalarStyle.LITERAL || old.style() == ScalarStyle.FOLDED) {
      return replacedBlock(old, value);
    }
    return text.substring(0, old.from()) + like(old.style(), value) + text.substring(old.to());
  }

  /** The lines of a block scalar go; a comment behind its sign stays. */
  private String replacedBlock(Part old, String value) throws BadValue {
    if ("|>".indexOf(text.charAt(old.from())) < 0) {
      throw new BadValue("has an anchor or a tag before lines of text");
    }
    int firstLine = lineBehind(old.from());
    int sign = old.from() + 1;
    while ("0123456789+-".indexOf(text.charAt(sign)) >= 0) {
      sign++;
    }
    String behind = text.substring(old.to());
    String line = text.substring(0, old.from()) + written(value) + text.substring(sign, firstLine);
    return LINE_END.matcher(behind).lookingAt() ? line.stripTrailing() + behind : line;
  }

  private String written(String value) {
    return isYaml ? value : quoted(value);
  }

  private String like(@Nullable ScalarStyle style, String value) {
    if (isYaml) {
      return value;
    }
    String plain = quoted(value);
    boolean needsNone = plain.equals(value);
    if (needsNone && style == ScalarStyle.SINGLE_QUOTED) {
      return "'" + value + "'";
    }
    return needsNone && style == ScalarStyle.DOUBLE_QUOTED ? "\"" + value + "\"" : plain;
  }

  // ---- a key that goes

  private String remove(List<String> path) throws BadValue {
    Optional<Part> section = outline.root();
    Optional<Entry> found = Optional.empty();
    for (int i = 0; i < path.size() && section.isPresent(); i++) {
      found = find(section.get(), path, i);
      if (found.isPresent()) {
        requireNoAlias(found.get().value(), i < path.size() - 1);
      }
      if (i < path.size() - 1) {
        section = found.map(Entry::value);
      }
    }
    if (section.isEmpty() || found.isEmpty()) {
      return text;
    }
    return section.get().flow()
        ? withoutInFlow(section.get(), found.get())
        : withoutLine(found.get());
  }

  private static String withoutComma(String before) {
    String stripped = before.stripTrailing();
    return stripped.endsWith(",") ? stripped.substring(0, stripped.length() - 1) : before;
  }

  private String withoutInFlow(Part section, Entry gone) {
    int place = section.entries().indexOf(gone);
    boolean isLast = place == section.entries().size() - 1;
    String before = text.substring(0, gone.key().from());
    return isLast
        ? withoutComma(before) + text.substring(gone.value().to())
        : before + text.substring(section.entries().get(place + 1).key().from());
  }

  private String withoutLine(Entry gone) throws BadValue {
    int from = gone.key().from() - gone.key().column();
    int to = lineBehind(gone.value().to());
    Part value = gone.value();
    boolean isBlock =
        value.style() == ScalarStyle.LITERAL
            || value.style() == ScalarStyle.FOLDED
            || value.kind() == Kind.SECTION
            || value.kind() == Kind.LIST;
    if ((isBlock && !value.flow()) || !text.substring(from, gone.key().from()).isBlank()) {
      throw new BadValue("has more than one line");
    }
    return text.substring(0, from) + text.substring(to);
  }

  // ---- a key that is not there yet

  private String addedInFlow(Part section, List<String> missing, String value) {
    String last = quoted(missing.get(missing.size() - 1)) + ": " + written(value);
    for (int i = missing.size() - 2; i >= 0; i--) {
      last = quoted(missing.get(i)) + ": {" + last + "}";
    }
    if (section.kind() != Kind.SECTION) { // it says nothing yet
      String gap = section.from() > 0 && text.charAt(section.from() - 1) == ':' ? " " : "";
      return text.substring(0, section.from())
          + gap
          + "{"
          + last
          + "}"
          + text.substring(section.to());
    }
    boolean isFirst = section.entries().isEmpty();
    int at = isFirst ? text.indexOf('{', section.from()) + 1 : lastOf(section).value().to();
    return text.substring(0, at) + (isFirst ? "" : ", ") + last + text.substring(at);
  }

  /**
   * @param holder the section, and the key it stands under
   * @param nested false for the outermost one
   */
  private String added(Entry holder, List<String> missing, String value, boolean nested) {
    Part section = holder.value();
    boolean isEmpty = section.kind() != Kind.SECTION;
    int keyColumn = nested ? holder.key().column() : -1;
    int column = isEmpty ? keyColumn + indent() : firstColumn(section);
    int first = nested ? lineBehind(isEmpty ? section.to() : holder.key().to()) : 0;
    int limit = missing.size() > 1 ? first : limit(holder, nested);
    for (int at = first; at < limit; at = lineBehind(at)) {
      int dent = commentedOut(at, missing.get(0));
      if (dent > keyColumn && (isEmpty || dent == column) && isBetween(section, lineBehind(at))) {
        return withoutNull(section, lineBehind(at), lines(missing, value, dent));
      }
    }
    int inside = isEmpty ? first : lineBehind(lastOf(section).value().to());
    return withoutNull(section, nested ? inside : outline.end(), lines(missing, value, column));
  }

  /** Where the next key that is not in this section begins. */
  private int limit(Entry holder, boolean nested) {
    List<Entry> outer = outline.root().map(Part::entries).orElse(List.of());
    return Stream.concat(
            outer.stream(), outer.stream().flatMap(entry -> entry.value().entries().stream()))
        .mapToInt(entry -> entry.key().from())
        .filter(from -> nested && from > holder.value().to() && from > holder.key().to())
        .min()
        .orElse(outline.end());
  }

  private static int firstColumn(Part section) {
    return section.entries().get(0).key().column();
  }

  private static Entry lastOf(Part section) {
    return section.entries().get(section.entries().size() - 1);
  }

  /** A line here would part none of its entries. */
  private static boolean isBetween(Part section, int at) {
    return section.entries().stream()
        .noneMatch(entry -> entry.key().from() < at && at <= entry.value().to());
  }

  /** The column of the comment in this line if it shows this key; -1 if it does not. */
  private int commentedOut(int lineStart, String word) {
    int sign = lineStart;
    while (sign < text.length() && text.charAt(sign) == ' ') {
      sign++;
    }
    boolean isComment =
        text.startsWith("#", sign)
            && outline.scalars().stream()
                .noneMatch(part -> part.from() < lineStart && lineStart < part.to());
    String shown = isComment ? text.substring(sign, lineBehind(sign)).substring(1).strip() : "";
    return shown.startsWith(word + ":") ? sign - lineStart : -1;
  }

  private int indent() {
    return outline.root().stream()
        .flatMap(root -> root.entries().stream())
        .filter(entry -> !entry.value().flow() && !entry.value().entries().isEmpty())
        .mapToInt(entry -> firstColumn(entry.value()) - entry.key().column())
        .findFirst()
        .orElse(2);
  }

  private String lines(List<String> missing, String value, int column) {
    StringBuilder lines = new StringBuilder();
    int dent = column;
    for (String word : missing) {
      lines.append(lines.isEmpty() ? "" : lineEnd).append(" ".repeat(dent)).append(quoted(word));
      lines.append(":");
      dent += indent();
    }
    return lines + " " + written(value);
  }

  /** An explicit `null` or `~` would not go with keys below it. */
  private String withoutNull(Part section, int at, String lines) {
    String whole = inserted(at, lines);
    return section.isNull() && section.to() <= at
        ? whole.substring(0, section.from()).stripTrailing() + whole.substring(section.to())
        : whole;
  }

  private String inserted(int at, String lines) {
    boolean atLineStart = at == 0 || "\r\n".indexOf(text.charAt(at - 1)) >= 0;
    String before = text.substring(0, at) + (atLineStart ? "" : lineEnd);
    return before + lines + (atLineStart ? lineEnd : "") + text.substring(at);
  }

  /** The first character of the line behind this one; the end of the text if there is none. */
  private int lineBehind(int at) {
    var end = LINE_END.matcher(text).region(at, text.length());
    return end.find() ? end.end() : text.length();
  }
}
