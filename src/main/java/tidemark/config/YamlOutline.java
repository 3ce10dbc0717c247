package tidemark.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Where everything stands in a YAML text, to the character; aliases are seen as such. Immutable.
 *
 * @param root absent where the text says nothing
 * @param end where what the text says ends: before `...`, or at its last character
 * @param scalars all of them, aliases too
 */
record YamlOutline(Optional<Part> root, int end, List<Part> scalars) {

  /**
   * A value, a section or a list.
   *
   * @param from its first character, that of an anchor or tag if it has one
   * @param to behind its last character
   * @param column of its first character
   * @param text null for sections and lists
   * @param style null for what is no scalar
   * @param anchor given to it, or referred to by an alias
   * @param entries of a section
   */
  record Part(
      Kind kind,
      int from,
      int to,
      int column,
      @Nullable String text,
      @Nullable ScalarStyle style,
      @Nullable String anchor,
      boolean flow,
      List<Entry> entries) {

    Optional<Entry> entry(Predicate<String> name) {
      return entries.stream()
          .filter(entry -> entry.key().text() != null && name.test(entry.key().text()))
          .findFirst();
    }

    boolean isNull() {
      return kind == Kind.SCALAR
          && style == ScalarStyle.PLAIN
          && text != null
          && text.matches("|~|null|Null|NULL");
    }
  }

  record Entry(Part key, Part value) {}

  enum Kind {
    SCALAR,
    SECTION,
    LIST,
    ALIAS
  }

  /** For text without a byte order mark that was parsed before. */
  static YamlOutline of(String text) {
    return new Reading(text).outline();
  }

  private static final class Reading {
    private final String text;
    private final Iterator<Event> events;
    private final List<Part> scalars = new ArrayList<>();
    private int end;

    Reading(String text) {
      this.text = text;
      this.end = text.length();
      this.events = new Yaml().parse(new StringReader(text)).iterator();
    }

    YamlOutline outline() {
      Optional<Part> root = Optional.empty();
      while (events.hasNext()) {
        Event event = events.next();
        if (event instanceof NodeEvent node) {
          root = Optional.of(part(node));
        } else if (event instanceof DocumentEndEvent last && last.getExplicit()) {
          end = offset(last.getStartMark());
        }
      }
      return new YamlOutline(root, end, List.copyOf(scalars));
    }

    private Part part(NodeEvent event) {
      if (event instanceof CollectionStartEvent start) {
        return collection(start);
      }
      int from = offset(event.getStartMark());
      int column = event.getStartMark().getColumn();
      int to = offset(event.getEndMark());
      Part part;
      if (event instanceof ScalarEvent scalar) {
        part =
            new Part(
                Kind.SCALAR,
                from,
                withoutSpace(from, to),
                column,
                scalar.getValue(),
                scalar.getScalarStyle(),
                scalar.getAnchor(),
                false,
                List.of());
      } else {
        String anchor = ((AliasEvent) event).getAnchor();
        part = new Part(Kind.ALIAS, from, to, column, null, null, anchor, false, List.of());
      }
      scalars.add(part);
      return part;
    }

    private Part collection(CollectionStartEvent start) {
      boolean isSection = start instanceof MappingStartEvent;
      List<Entry> entries = new ArrayList<>();
      int from = offset(start.getStartMark());
      int to = from;
      Event next = events.next();
      while (next instanceof NodeEvent node) {
        Part first = part(node);
        Part last = first;
        if (isSection) {
          last = part((NodeEvent) events.next());
          entries.add(new Entry(first, last));
        }
        to = last.to();
        next = events.next();
      }
      boolean flow = start.getFlowStyle() == FlowStyle.FLOW;
      return new Part(
          isSection ? Kind.SECTION : Kind.LIST,
          from,
          flow ? offset(next.getEndMark()) : to, // a block's end is told where the next one begins
          start.getStartMark().getColumn(),
          null,
          null,
          start.getAnchor(),
          flow,
          List.copyOf(entries));
    }

    /** A block scalar takes the empty lines behind it along. */
    private int withoutSpace(int from, int to) {
      int last = to;
      while (last > from && Character.isWhitespace(text.charAt(last - 1))) {
        last--;
      }
      return last;
    }

    /** Marks count characters of Unicode. */
    private int offset(Mark mark) {
      return text.offsetByCodePoints(0, mark.getIndex());
    }
  }
}
