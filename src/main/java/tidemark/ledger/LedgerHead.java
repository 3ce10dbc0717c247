package tidemark.ledger;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Position;
import tidemark.share.ShareFiles;

/**
 * What stands in `ledger.json`: the ledger's id, its format, and the last entry that was retired.
 * Fields it does not know it hands on.
 */
public record LedgerHead(String id, int format, Position floor, Map<String, @Nullable Object> all) {
  private static final String MOVED = "moved";

  public static LedgerHead begin() {
    return new LedgerHead(
        ShareFiles.random(), EntryFile.FORMAT, Position.START, new LinkedHashMap<>());
  }

  /** Null where this is no ledger.json, or only a part of one. */
  public static @Nullable LedgerHead parse(byte[] bytes, Object where) {
    Map<String, @Nullable Object> all;
    try {
      all = Json.object(new String(bytes, StandardCharsets.UTF_8));
    } catch (Failure e) {
      return null;
    }
    if (all.get("format") instanceof Long format && format > EntryFile.FORMAT) {
      throw EntryRules.newer("the ledger at " + where, format);
    }
    if (all.get("id") instanceof String id
        && all.get("format") instanceof Long format
        && all.get("floor") instanceof Long floor
        && floor >= 0) {
      String hash = all.get("floorHash") instanceof String text ? text : "";
      LedgerHead head = new LedgerHead(id, format.intValue(), new Position(floor, hash), all);
      return head.sum().equals(all.getOrDefault("sum", head.sum())) ? head : null;
    }
    return null;
  }

  public static Failure damaged(Object where, @Nullable Throwable cause) {
    return new Failure(
        Failure.REFUSED,
        "the ledger's " + where + " is missing or damaged",
        "Restore this file from a backup of the share, or run `tidemark ledger rebuild`.",
        cause);
  }

  public LedgerHead raised(Position newFloor) {
    return new LedgerHead(id, format, newFloor, all);
  }

  /** Of a ledger that is carried here: with what that one is known by. */
  public static LedgerHead arriving(String id, Position floor) {
    return new LedgerHead(id, EntryFile.FORMAT, floor, new LinkedHashMap<>());
  }

  /** The same, with a sign for those who come by where it went. */
  public LedgerHead movedTo(@Nullable String place) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(all);
    fields.remove(MOVED);
    if (place != null) {
      fields.put(MOVED, place);
    }
    return new LedgerHead(id, format, floor, fields);
  }

  private @Nullable String movedTo() {
    return all.get(MOVED) instanceof String place ? place : null;
  }

  public byte[] bytes() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(all);
    fields.put("id", id);
    fields.put("format", (long) format);
    fields.put("floor", floor.number());
    fields.put("floorHash", floor.hash());
    fields.put("sum", sum());
    return (Json.objectText(fields) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A floor or an id with a flipped bit would still look like one. */
  private String sum() {
    String said = String.join(" ", id, format + "", floor.number() + "", floor.hash());
    byte[] digest = EntryFile.sha256().digest(said.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  public Ledger.Info info() {
    return new Ledger.Info(id, format, floor.number(), movedTo());
  }
}
