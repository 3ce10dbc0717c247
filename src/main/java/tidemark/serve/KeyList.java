package tidemark.serve;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;

/**
 * The keys as they stand in their file. Immutable.
 *
 * <p>Guarantee: members that are not known here are kept. What is not understood of a key spoils
 * the whole list: to pass over a word that was meant to narrow it would open more than somebody
 * wanted.
 */
final class KeyList {
  /** A later version raises it where a key means less than this one would take it for. */
  private static final long FORMAT = 1;

  private static final String KEYS = "keys";
  private static final Pattern ID = Pattern.compile("[0-9a-z]{8}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, @Nullable Object> members;
  private final List<?> entries;
  private final Map<String, AccessKey> keys = new LinkedHashMap<>();

  /** None yet. */
  KeyList() {
    this(Map.of("format", FORMAT, KEYS, List.of()));
  }

  private KeyList(Map<String, ? extends @Nullable Object> members) {
    this.members = new LinkedHashMap<>(members);
    if (!(members.get("format") instanceof Long format) || format < 1) {
      throw spoilt("it does not say its format");
    }
    if (format > FORMAT) {
      throw spoilt("it was written by a later version of Tidemark");
    }
    if (!(members.get(KEYS) instanceof List<?> list)) {
      throw spoilt("it has no list of keys");
    }
    this.entries = list;
    for (Object entry : list) {
      AccessKey key = key(entry);
      if (keys.put(key.id(), key) != null) {
        throw spoilt("two keys are called " + key.id());
      }
    }
  }

  /** Throws with what is wrong, without the name of the file. */
  static KeyList of(String text) {
    Map<String, @Nullable Object> members;
    try {
      members = Json.object(text);
    } catch (Failure e) {
      throw new Failure(Failure.REFUSED, "it is no JSON object", "", e);
    }
    return new KeyList(members);
  }

  /** By id, in the order in which they were made. */
  Map<String, AccessKey> keys() {
    return keys;
  }

  /** This one where its id is another's. */
  KeyList with(AccessKey key) {
    if (keys.containsKey(key.id())) {
      return this;
    }
    List<@Nullable Object> all = new ArrayList<>(entries);
    all.add(entry(key));
    return changed(all);
  }

  /** This one where there is none of this id. */
  KeyList without(String id) {
    if (!keys.containsKey(id)) {
      return this;
    }
    List<@Nullable Object> all = new ArrayList<>(entries);
    all.removeIf(entry -> key(entry).id().equals(id));
    return changed(all);
  }

  private KeyList changed(List<@Nullable Object> all) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(members);
    changed.put(KEYS, all);
    return new KeyList(changed);
  }

  String text() {
    return Json.objectText(members) + "\n";
  }

  private static Map<String, @Nullable Object> entry(AccessKey key) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("id", key.id());
    entry.put("user", key.user());
    entry.put("may", key.may().word());
    entry.put("databases", List.copyOf(key.databases()));
    entry.put("tables", List.copyOf(key.tables()));
    entry.put("created", key.created().toString());
    entry.put("expires", key.expires() == null ? null : key.expires().toString());
    entry.put("sha256", key.sha256());
    return entry;
  }

  private static AccessKey key(@Nullable Object entry) {
    if (!(entry instanceof Map<?, ?> said)) {
      throw spoilt("one of its keys is none");
    }
    String id = text(said, "id", "");
    if (!ID.matcher(id).matches()) {
      throw spoilt("a key has the id '" + id + "'");
    }
    String hash = text(said, "sha256", id);
    if (!SHA_256.matcher(hash).matches()) {
      throw misread(id, "sha256");
    }
    return new AccessKey(
        id,
        text(said, "user", id),
        AccessKey.Right.parse(text(said, "may", id)).orElseThrow(() -> misread(id, "may")),
        names(said, "databases", id),
        names(said, "tables", id),
        moment(said, "created", id),
        said.containsKey("expires") && said.get("expires") == null
            ? null
            : moment(said, "expires", id),
        hash);
  }

  private static String text(Map<?, ?> said, String name, String id) {
    if (said.get(name) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw misread(id, name);
  }

  private static Set<String> names(Map<?, ?> said, String name, String id) {
    if (!(said.get(name) instanceof List<?> list)) {
      throw misread(id, name);
    }
    Set<String> names = new LinkedHashSet<>();
    for (Object one : list) {
      if (!(one instanceof String text)) {
        throw misread(id, name);
      }
      names.add(text);
    }
    return names;
  }

  private static Instant moment(Map<?, ?> said, String name, String id) {
    try {
      return Instant.parse(text(said, name, id));
    } catch (DateTimeParseException e) {
      throw misread(id, name);
    }
  }

  private static Failure misread(String id, String name) {
    return spoilt("`" + name + "` of the key " + (id.isEmpty() ? "without one" : id) + " is wrong");
  }

  private static Failure spoilt(String why) {
    return new Failure(Failure.REFUSED, why, "");
  }
}
