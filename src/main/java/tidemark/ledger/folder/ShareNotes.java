package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.ledger.Room;
import tidemark.share.Removal;
import tidemark.share.ShareClock;
import tidemark.share.ShareFiles;

/**
 * Small files on the share that say how things stand: one per workstation, and one of the last
 * fold. Written aside and renamed; nothing rests on them. Threading: may be shared.
 */
final class ShareNotes {
  private static final long LIMIT = 1 << 20;
  private static final String NAME = "[A-Za-z0-9_-]{1,80}";
  private static final String SUFFIX = ".json";

  private static final int TRIES = 5;
  private static final long PAUSE = 50;

  private static final String LEFT = NAME + "\\.json\\." + ShareFiles.RANDOM + "\\.part";

  private final ShareFiles files;
  private final Path workstations;
  private final Path fold;
  private final Path master;

  ShareNotes(ShareFiles files, Path ledger) {
    this.files = files;
    this.workstations = ledger.resolve("workstations");
    this.fold = ledger.resolve("fold");
    this.master = fold.resolve("master.json");
  }

  Optional<Ledger.MasterState> masterState() throws IOException {
    try {
      return masterState(Json.object(text(master)));
    } catch (NoSuchFileException | Failure e) {
      return Optional.empty(); // as if never folded: the next fold looks at the master itself
    }
  }

  private static Optional<Ledger.MasterState> masterState(Map<String, @Nullable Object> fields) {
    return fields.get("number") instanceof Long number
            && fields.get("hash") instanceof String hash
            && fields.get("size") instanceof Long size
            && fields.get("modified") instanceof Long modified
            && fields.get("changes") instanceof Long changes
            && fields.get("foldedAt") instanceof Long foldedAt
        ? Optional.of(
            new Ledger.MasterState(
                new Position(number, hash),
                size,
                modified,
                changes,
                foldedAt,
                held(fields.get("held"))))
        : Optional.empty();
  }

  private static List<Ledger.HeldBack> held(@Nullable Object told) {
    return told instanceof List<?> all
        ? all.stream()
            .map(
                one ->
                    one instanceof List<?> words
                            && words.size() == 3
                            && words.get(0) instanceof String table
                            && words.get(1) instanceof String what
                            && words.get(2) instanceof String why
                        ? new Ledger.HeldBack(table, what, why)
                        : null)
            .filter(Objects::nonNull)
            .toList()
        : List.of();
  }

  void masterState(Ledger.MasterState state) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", state.position().number());
    fields.put("hash", state.position().hash());
    fields.put("size", state.size());
    fields.put("modified", state.modified());
    fields.put("changes", state.changes());
    fields.put("foldedAt", state.foldedAt());
    if (!state.held().isEmpty()) {
      fields.put(
          "held",
          state.held().stream().map(one -> List.of(one.table(), one.what(), one.why())).toList());
    }
    put(master, Json.objectText(fields));
  }

  void publish(String workstationId, String json) throws IOException {
    put(file(workstationId), json);
  }

  private Path file(String workstationId) {
    if (!workstationId.matches(NAME)) {
      throw new IllegalArgumentException("a workstation's id is a plain word: " + workstationId);
    }
    return workstations.resolve(workstationId + SUFFIX);
  }

  @Nullable String published(String workstationId) throws IOException {
    Path file = file(workstationId);
    return files.absent(file) ? null : onceReplaced(file);
  }

  boolean unpublish(String workstationId) throws IOException {
    Path file = file(workstationId);
    if (files.absent(file)) {
      return false;
    }
    files.delete(file);
    return true;
  }

  /** Of all files together no more than memory has room for; those beyond it are empty. */
  Map<String, String> published(long since) throws IOException {
    long room = Room.part(32);
    Map<String, String> states = new LinkedHashMap<>();
    for (Path file : files.list(workstations)) {
      String name = file.getFileName().toString();
      if (name.matches(NAME + "\\.json") && isWrittenSince(since, file)) {
        String text = onceReplaced(file);
        if (text != null) {
          room -= text.length();
          String id = name.substring(0, name.length() - SUFFIX.length());
          states.put(id, room < 0 ? "" : text);
        }
      }
    }
    return states;
  }

  private boolean isWrittenSince(long moment, Path file) throws IOException {
    if (moment == Long.MIN_VALUE) {
      return true; // all are wanted, and asking each costs
    }
    try {
      long written = files.stat(file).lastModifiedTime().toMillis();
      return written >= moment || !ShareClock.wasSet(written); // nobody knows when
    } catch (NoSuchFileException e) {
      return true; // being replaced just now
    }
  }

  /** Where a rename over a file is two steps, it is missing for a moment. Null if it stays so. */
  private @Nullable String onceReplaced(Path file) throws IOException {
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        return text(file);
      } catch (Failure e) {
        return ""; // longer than any Tidemark writes: as good as damaged
      } catch (NoSuchFileException e) {
        files.pace().pause(PAUSE);
      }
    }
    return null;
  }

  private void put(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      files.replace(file, bytes);
    } catch (NoSuchFileException e) {
      files.ensureDirectory(file.resolveSibling(""));
      files.replace(file, bytes);
    }
  }

  /** Deletes what was never finished, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    Removal removal = new Removal(files, LEFT);
    removal.sweep(workstations, name -> name.matches(LEFT), writtenBefore);
    removal.sweep(fold, name -> name.matches(LEFT), writtenBefore);
  }

  private String text(Path file) throws IOException {
    return new String(files.read(file, LIMIT), StandardCharsets.UTF_8);
  }
}
