package tidemark.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.RowKey;

/**
 * An edit that is written here and has yet to stand in the ledger.
 *
 * @param sent the key under which the program knows the row
 * @param key the one it has here
 * @param token of the edit
 * @param record the token the row was born with
 * @param created there was no such row
 * @param deleted there is none any more
 * @param known the program knew the row as it was
 */
record Mine(
    String table,
    RowKey sent,
    RowKey key,
    String token,
    String record,
    boolean created,
    boolean deleted,
    boolean known) {

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("table", table);
    members.put("sent", Json.keyText(sent));
    members.put("key", Json.keyText(key));
    members.put("token", token);
    members.put("record", record);
    members.put("created", created);
    members.put("deleted", deleted);
    members.put("known", known);
    return members;
  }

  static Mine of(Map<?, ?> members) {
    return new Mine(
        String.valueOf(members.get("table")),
        Json.key(String.valueOf(members.get("sent"))),
        Json.key(String.valueOf(members.get("key"))),
        String.valueOf(members.get("token")),
        String.valueOf(members.get("record")),
        Boolean.TRUE.equals(members.get("created")),
        Boolean.TRUE.equals(members.get("deleted")),
        Boolean.TRUE.equals(members.get("known")));
  }
}
