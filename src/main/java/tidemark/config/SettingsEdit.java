package tidemark.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;

/**
 * Changes values in the user's config and nothing else in that file.
 *
 * <p>Guarantee: a config that is wrong, locked or not to be understood is not touched; what is
 * written was read and compared before, and differs in these settings alone: in all of them or in
 * none. Commit point: the rename of the whole file. Threading: several at once, also in several
 * processes, take turns.
 */
public final class SettingsEdit {
  private static final String MARK = "\uFEFF";
  private static final int TRIES = 10;

  private final SettingsFile file;
  private final Surroundings surroundings;

  public SettingsEdit(SettingsFile file, Surroundings surroundings) {
    this.file = file;
    this.surroundings = surroundings;
  }

  /**
   * What became of it.
   *
   * @param before what was in force; empty if there was nothing
   * @param file the config that says so now
   */
  public record Changed(
      Optional<SettingInForce> before, Optional<SettingInForce> after, Path file) {}

  /**
   * Sets a key.
   *
   * @param path of a key with one value, such as {@code sync.every}
   * @param value as it may stand in the file, variables included
   */
  public Changed set(String path, String value) {
    String key = String.join(".", known(path));
    Applied applied = inTurn(Map.of(path, value));
    return new Changed(found(applied.before(), key), found(applied.after(), key), file.own());
  }

  /**
   * Sets all of these, or none.
   *
   * @param values by path: a text, a list of texts, or null to go back to the default
   */
  public void setAll(Map<String, ? extends @Nullable Object> values) {
    inTurn(values);
  }

  /** What would be in force; nothing is written. */
  public SettingsInForce tried(Map<String, ? extends @Nullable Object> values) {
    SettingsInForce before = file.read();
    return values.isEmpty() ? before : tried(before, content(), values).inForce();
  }

  private record Applied(SettingsInForce before, SettingsInForce after) {}

  private record Draft(byte[] bytes, SettingsInForce inForce) {}

  private Applied inTurn(Map<String, ? extends @Nullable Object> values) {
    synchronized (SettingsEdit.class) { // the lock below is one of processes, not of threads
      try (FileChannel turn = turn(file.read().settings().state())) {
        turn.lock();
        return apply(values);
      } catch (IOException e) {
        throw notWritten(e);
      }
    }
  }

  /** On a local disk, and gone with the process. */
  private static FileChannel turn(Path state) throws IOException {
    Files.createDirectories(state);
    return FileChannel.open(
        OwnerAlone.file(state.resolve("config.lock")), StandardOpenOption.WRITE);
  }

  private Applied apply(Map<String, ? extends @Nullable Object> values) {
    for (int i = 0; i < TRIES; i++) {
      SettingsInForce before = file.read();
      byte[] old = content();
      Draft draft = tried(before, old, values);
      if (Arrays.equals(old, draft.bytes()) || replaced(old, draft.bytes())) {
        return new Applied(before, draft.inForce());
      }
    }
    throw new Failure(
        Failure.BUSY, file.own() + " is being changed by somebody else", "Try again.");
  }

  private Draft tried(
      SettingsInForce before, byte[] old, Map<String, ? extends @Nullable Object> values) {
    byte[] edited = old;
    Set<String> keys = new LinkedHashSet<>();
    for (Map.Entry<String, ? extends @Nullable Object> each : values.entrySet()) {
      List<String> words = known(each.getKey());
      String key = String.join(".", words);
      requireOpen(before, key);
      edited = edited(words, each.getValue(), edited);
      keys.add(key);
    }
    SettingsInForce after = meaning(edited, values);
    requireNothingElse(before, after, keys);
    return new Draft(edited, after);
  }

  private static List<String> known(String path) {
    return AllKeys.SETTINGS.stream()
        .flatMap(key -> words(key, path).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    Failure.USAGE,
                    path
                        + " is no known key"
                        + NearMiss.hint(path, AllKeys.SETTINGS.stream().map(Key::path).toList()),
                    "`tidemark config check` lists the keys."));
  }

  /** The key's words, if this is its path; a name in it may have dots. */
  private static Optional<List<String>> words(Key<?> key, String path) {
    if (!key.named()) {
      return key.path().equals(path) ? Optional.of(List.of(path.split("\\."))) : Optional.empty();
    }
    String start = key.section() + ".";
    String end = "." + key.word();
    if (!path.startsWith(start)
        || !path.endsWith(end)
        || path.length() <= start.length() + end.length()) {
      return Optional.empty();
    }
    String name = path.substring(start.length(), path.length() - end.length());
    return Optional.of(List.of(key.section(), LayerReader.word(key.section(), name), key.word()));
  }

  private void requireOpen(SettingsInForce before, String path) {
    if (!file.isThere()) {
      throw file.nothingFound();
    }
    boolean isMachines = file.own().equals(file.machineFile());
    if (before.isLocked(path) && !isMachines) {
      throw new Failure(
          Failure.USAGE,
          path + " is locked by IT" + found(before, path).map(s -> ": " + shown(s)).orElse(""),
          "Ask IT to change it in the file named there, or to unlock it.");
    }
  }

  private static String shown(SettingInForce setting) {
    return setting.value() + " (" + setting.origin() + ")";
  }

  private byte[] content() {
    try {
      return Files.exists(file.own()) ? Files.readAllBytes(file.own()) : new byte[0];
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  private byte[] edited(List<String> words, @Nullable Object value, byte[] old) {
    String key = String.join(".", words);
    String text = new String(old, UTF_8); // known to be UTF-8, since it was read
    String mark = text.startsWith(MARK) ? MARK : "";
    try {
      return (mark + edited(words, key, value, text.substring(mark.length()))).getBytes(UTF_8);
    } catch (BadValue entangled) {
      throw byHand(key, entangled.reason());
    }
  }

  private String edited(List<String> words, String key, @Nullable Object value, String text)
      throws BadValue {
    if (value == null) {
      return YamlEdit.remove(text, words);
    }
    if (value instanceof List<?> list) {
      List<String> names = list.stream().map(String::valueOf).toList();
      requireAccepted(words, key, names, true);
      return YamlEdit.set(text, words, names);
    }
    requireAccepted(words, key, List.of(value.toString()), false);
    return YamlEdit.set(text, words, value.toString());
  }

  /** Throws, with what is accepted, if this key does not take this value. */
  public void requireAccepted(String path, String value) {
    List<String> words = known(path);
    requireAccepted(words, String.join(".", words), List.of(value), false);
  }

  private void requireAccepted(
      List<String> words, String path, List<String> values, boolean isList) {
    Key<?> key =
        AllKeys.SETTINGS.stream()
            .filter(one -> words(one, path).equals(Optional.of(words)))
            .findFirst()
            .orElseThrow();
    ValueType<?> type = key.type();
    try {
      List<String> expanded = new ArrayList<>();
      for (String value : values) {
        expanded.add(new Variables(surroundings, Rights.FULL).expand(value));
      }
      type.read(new RawValue(expanded, isList, surroundings.home(), surroundings));
    } catch (BadValue bad) {
      String value = Secrets.shown(key, values);
      throw new Failure(
          Failure.USAGE,
          path + ": '" + value + "' " + bad.reason() + NearMiss.hint(value, type.words()),
          "Accepted: " + type.accepted() + ".");
    }
  }

  private SettingsInForce meaning(byte[] edited, Map<String, ? extends @Nullable Object> values) {
    try {
      return file.readAs(edited);
    } catch (Failure wrong) {
      String what =
          values.entrySet().stream()
              .map(each -> each.getKey() + " cannot be " + described(each.getValue()))
              .collect(Collectors.joining(", "));
      throw new Failure(
          Failure.USAGE,
          what + ": " + wrong.whatFailed(),
          "Nothing was changed; change it by hand in " + file.own() + ".",
          wrong);
    }
  }

  private static String described(@Nullable Object value) {
    return value == null ? "left out" : "set to '" + value + "'";
  }

  /** Whatever the edit did to the text: it must mean these changes and no other. */
  private void requireNothingElse(SettingsInForce before, SettingsInForce after, Set<String> keys) {
    Map<String, String> was = values(before);
    Map<String, String> is = values(after);
    was.keySet().removeAll(keys);
    is.keySet().removeAll(keys);
    if (!was.equals(is)) {
      throw byHand(String.join(", ", keys), "cannot be changed without changing more");
    }
  }

  private Failure byHand(String path, String why) {
    return new Failure(Failure.USAGE, path + " " + why, "Change it by hand in " + file.own() + ".");
  }

  private static Map<String, String> values(SettingsInForce inForce) {
    Map<String, String> values = new LinkedHashMap<>();
    inForce.list().forEach(setting -> values.put(setting.key(), setting.value()));
    return values;
  }

  private static Optional<SettingInForce> found(SettingsInForce inForce, String path) {
    return inForce.list().stream().filter(setting -> setting.key().equals(path)).findFirst();
  }

  /** False if somebody saved it in an editor meanwhile. */
  private boolean replaced(byte[] old, byte[] edited) {
    try {
      Path own = file.own();
      if (Files.exists(own) && !Files.isWritable(own)) {
        throw new IOException("it is read-only");
      }
      if (!Arrays.equals(content(), old)) {
        return false;
      }
      WholeFile.write(own, edited);
      return true;
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  private Failure notWritten(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the config " + file.own() + " cannot be changed: " + e,
        "Make it and its folder writable for this user.",
        e);
  }
}
