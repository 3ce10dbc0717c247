package tidemark.config;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import tidemark.change.SqlName;

/** Reads one file against the known keys; whatever does not fit becomes a problem. */
final class LayerReader {
  private static final KeyTree TREE = KeyTree.of(AllKeys.ALL);

  private final Surroundings surroundings;
  private final Problems problems;

  LayerReader(Surroundings surroundings, Problems problems) {
    this.surroundings = surroundings;
    this.problems = problems;
  }

  Layer read(LayerKind kind, Path file, byte[] content, Rights rights) {
    Layer layer = Layer.empty(kind, file, rights);
    Optional<Node> root = YamlText.parse(file, content, problems);
    if (root.isPresent() && !isEmpty(root.get())) {
      section(layer, root.get(), TREE, "");
      checkLocks(layer);
      checkPermissions(layer);
    }
    return layer;
  }

  private void section(Layer layer, Node node, KeyTree tree, String path) {
    if (isEmpty(node)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(
          place(layer, node),
          path,
          "has one value, where keys are accepted: " + below(layer, tree));
      return;
    }
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Whereabouts place = place(layer, tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(place, path, "has a key that is no plain text");
        continue;
      }
      String word = word(path, keyNode.getValue());
      String key = path.isEmpty() ? word : path + "." + word;
      Integer before = seen.putIfAbsent(word, place.line());
      if (before != null) {
        problems.add(place, key, "stands here a second time (first in line " + before + ")");
        continue;
      }
      layer.places().put(key, place);
      entry(layer, tree, path, word, tuple.getValueNode());
    }
  }

  /** SQLite's table names know no case. */
  static String word(String section, String written) {
    return section.equals("tables") ? SqlName.folded(written) : written;
  }

  private void entry(Layer layer, KeyTree tree, String path, String word, Node node) {
    String key = path.isEmpty() ? word : path + "." + word;
    Optional<KeyTree> found = tree.below(word);
    if (found.isEmpty()) {
      unknown(layer, tree, key, word);
      return;
    }
    if (tree.named()) {
      checkName(layer, path, word, key);
      layer.name(path, word);
    }
    Optional<Key<?>> known = found.get().key();
    boolean isSection = node instanceof MappingNode && !found.get().words().isEmpty();
    if (known.isPresent() && !isSection) {
      value(layer, known.get(), key, node);
    } else {
      section(layer, node, found.get(), key);
    }
  }

  private void unknown(Layer layer, KeyTree tree, String key, String word) {
    Optional<String> near = NearMiss.of(word, tree.words());
    String prefix = key.substring(0, key.length() - word.length());
    String meant =
        near.map(found -> prefix + found)
            .or(() -> elsewhere(word))
            .map(found -> "; did you mean " + found + "?")
            .orElse(".");
    problems.add(
        placeOf(layer, key), key, "is no known key" + meant + " Accepted: " + below(layer, tree));
  }

  /** A key that is right, but stands in the wrong section. */
  private static Optional<String> elsewhere(String word) {
    return AllKeys.ALL.stream().filter(key -> key.word().equals(word)).map(Key::path).findFirst();
  }

  private void checkName(Layer layer, String section, String name, String key) {
    if (!name.matches(AllKeys.namesIn(section))) {
      problems.add(
          placeOf(layer, key), key, "is no usable name. Accepted: letters, digits, _ and -");
    }
  }

  private void value(Layer layer, Key<?> key, String path, Node node) {
    Optional<String> refusal = layer.kind().refusal(key);
    if (refusal.isPresent()) {
      problems.add(placeOf(layer, path), path, refusal.get());
      return;
    }
    Optional<String> missing = layer.rights().missing(key, path);
    if (missing.isPresent()) {
      layer.untaken().put(path, missing.get());
      return;
    }
    String accepted = ". Accepted: " + key.type().accepted();
    if (isEmpty(node)) {
      problems.add(placeOf(layer, path), path, "has no value" + accepted);
      return;
    }
    Whereabouts place = place(layer, node);
    Optional<RawValue> raw = raw(layer, key, path, node, accepted);
    if (raw.isEmpty()) {
      return;
    }
    try {
      key.type().read(raw.get());
      layer.entries().put(path, new Layer.Entry(key, raw.get(), place));
    } catch (BadValue bad) {
      String shown = Secrets.shown(key, raw.get());
      String meant = NearMiss.hint(shown, key.type().words());
      String end = meant.isEmpty() ? accepted : meant + accepted.substring(1);
      problems.add(place, path, "'" + shown + "' " + bad.reason() + end);
    }
  }

  /** The value with its variables put in; empty, and a problem, where there is none. */
  private Optional<RawValue> raw(Layer layer, Key<?> key, String path, Node node, String accepted) {
    boolean isList = node instanceof SequenceNode;
    List<Node> nodes = node instanceof SequenceNode list ? list.getValue() : List.of(node);
    Variables variables = new Variables(surroundings, layer.rights());
    List<String> texts = new ArrayList<>();
    for (Node item : nodes) {
      if (!(item instanceof ScalarNode scalar)) {
        String what = isList ? "has an item that is no plain value" : "is no plain value";
        problems.add(place(layer, item), path, what + accepted);
        return Optional.empty();
      }
      try {
        texts.add(variables.expand(scalar.getValue()));
      } catch (Variables.NotAllowed variable) {
        layer.untaken().put(path, Rights.variable(variable.name()));
        return Optional.empty();
      } catch (BadValue bad) {
        String shown = Secrets.shown(key, scalar.getValue());
        problems.add(place(layer, item), path, "'" + shown + "' " + bad.reason());
        return Optional.empty();
      }
    }
    Path folder = Optional.ofNullable(layer.file().getParent()).orElse(layer.file());
    return Optional.of(new RawValue(List.copyOf(texts), isList, folder, surroundings));
  }

  private void checkLocks(Layer layer) {
    Collection<String> paths = AllKeys.ALL.stream().map(Key::path).toList();
    for (String lock : layer.locked()) {
      if (!TREE.knows(lock)) {
        problems.add(
            placeOf(layer, AllKeys.LOCKED.path()),
            AllKeys.LOCKED.path(),
            "'" + lock + "' is no known key" + NearMiss.hint(lock, paths));
      }
    }
  }

  private void checkPermissions(Layer layer) {
    String path = AllKeys.INCLUDE_ALLOW.path();
    for (String permission : layer.find(AllKeys.INCLUDE_ALLOW).orElse(List.of())) {
      if (!Rights.isOne(permission)) {
        String meant = NearMiss.hint(permission, Rights.all());
        problems.add(
            placeOf(layer, path),
            path,
            "'"
                + permission
                + "' is nothing to allow"
                + (meant.isEmpty() ? "." : meant)
                + " Accepted: "
                + GuardedKeys.ACCEPTED);
      }
    }
  }

  /** What this kind of file may have there. */
  private static String below(Layer layer, KeyTree tree) {
    return tree.named()
        ? "names of your choice, with keys below them"
        : tree.words().stream().filter(word -> accepts(layer, tree, word)).collect(joining(", "));
  }

  private static boolean accepts(Layer layer, KeyTree tree, String word) {
    return tree.below(word)
        .flatMap(KeyTree::key)
        .flatMap(key -> layer.kind().refusal(key))
        .isEmpty();
  }

  private static boolean isEmpty(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static Whereabouts placeOf(Layer layer, String key) {
    return layer.places().getOrDefault(key, new Whereabouts(layer.file(), 1));
  }

  private static Whereabouts place(Layer layer, Node node) {
    return new Whereabouts(layer.file(), node.getStartMark().getLine() + 1);
  }
}
