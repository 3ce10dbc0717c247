package tidemark.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The known keys as they nest in a file. Immutable once built. */
final class KeyTree {
  private static final String ANY = "*";

  private final Map<String, KeyTree> below = new LinkedHashMap<>();
  private Optional<Key<?>> key = Optional.empty();

  static KeyTree of(Collection<Key<?>> keys) {
    KeyTree root = new KeyTree();
    for (Key<?> key : keys) {
      KeyTree tree = root;
      for (String word : List.of(key.path().split("\\."))) {
        tree = tree.below.computeIfAbsent(word, unseen -> new KeyTree());
      }
      tree.key = Optional.of(key);
    }
    return root;
  }

  /** Present for a key that has a value, empty for a section. */
  Optional<Key<?>> key() {
    return key;
  }

  /** The config chooses the names in this section. */
  boolean named() {
    return below.containsKey(ANY);
  }

  Optional<KeyTree> below(String word) {
    return Optional.ofNullable(below.get(named() ? ANY : word));
  }

  Collection<String> words() {
    return below.keySet();
  }

  /** A key or section by its dotted path; names are taken as they come, dots and all. */
  boolean knows(String path) {
    KeyTree tree = this;
    for (String word : path.split("\\.", -1)) {
      if (tree.named()) {
        return true;
      }
      Optional<KeyTree> next = tree.below(word);
      if (next.isEmpty()) {
        return false;
      }
      tree = next.get();
    }
    return true;
  }
}
