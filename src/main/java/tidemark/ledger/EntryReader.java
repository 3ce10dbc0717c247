package tidemark.ledger;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowKey;

/**
 * Reads the lines {@link EntryWriter} wrote; fields and kinds of lines it does not know it passes
 * over. Threading: for one entry.
 */
final class EntryReader {
  private final JsonParser json;
  private final Room room = new Room();
  private final List<Definition> definitions = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Conflict> conflicts = new ArrayList<>();
  private String table = "";
  private @Nullable Columns columns;
  private List<List<String>> references = List.of();
  private String by = "";
  private long at;

  private EntryReader(JsonParser json) {
    this.json = json;
  }

  static Entry read(InputStream lines, String hash) {
    try (lines;
        JsonParser json = Json.FACTORY.createParser(lines)) {
      return new EntryReader(json).entry(hash);
    } catch (IOException e) {
      throw new Failure(
          Failure.REFUSED,
          "an entry of the ledger is not written as entries are: " + e.getMessage(),
          "Find out who wrote it; restore the ledger's folder from before that.",
          e);
    }
  }

  /**
   * Says so where the first line is of a newer format, and nothing where it is no header at all.
   */
  static void refuseNewer(InputStream lines) {
    try (lines;
        JsonParser json = Json.FACTORY.createParser(lines)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        refuseNewer(new EntryReader(json).scalars());
      }
    } catch (IOException e) {
      return; // no header: damaged, as the caller says already
    }
  }

  private static void refuseNewer(Map<String, Object> header) {
    if (header.get("format") instanceof Long format && format > EntryFile.FORMAT) {
      throw EntryRules.newer("an entry of the ledger", format);
    }
  }

  private Entry entry(String hash) throws IOException {
    json.nextToken();
    Map<String, Object> header = scalars();
    refuseNewer(header);
    Author author =
        new Author(word(header, "user"), word(header, "workstation"), word(header, "replica"));
    by = author.user();
    long written = number(header, "at");
    at = written;
    for (int lines = 0; json.nextToken() != null; lines++) {
      EntryRules.lines(lines / 2); // each change may bring a line that declares its columns
      line();
    }
    return new Entry(
        number(header, "number"),
        word(header, "id"),
        word(header, "previous"),
        hash,
        written,
        author,
        definitions,
        changes,
        conflicts);
  }

  /** The first field tells what a line is. */
  private void line() throws IOException {
    expect(JsonToken.START_OBJECT);
    String kind = json.nextFieldName();
    if (kind == null) {
      return;
    }
    json.nextToken();
    switch (kind) {
      case "put" -> change(true);
      case "delete" -> change(false);
      case "table" -> context();
      case "define" -> definition();
      case "conflict" -> {
        conflict();
        passOver();
      }
      default -> {
        json.skipChildren();
        passOver();
      }
    }
  }

  private void passOver() throws IOException {
    while (json.nextFieldName() != null) {
      json.nextToken();
      json.skipChildren();
    }
  }

  private void context() throws IOException {
    table = EntryRules.table(text());
    columns = null;
    references = List.of();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "columns" -> {
          columns = new Columns(EntryRules.columns(words()));
          room.takeList(10 * columns.size());
        }
        case "references" -> references = references();
        default -> json.skipChildren();
      }
    }
  }

  private List<List<String>> references() throws IOException {
    expect(JsonToken.START_ARRAY);
    List<List<String>> read = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      read.add(List.copyOf(words()));
      room.takeList(10);
    }
    return EntryRules.references(read);
  }

  private void change(boolean put) throws IOException {
    RowKey key = key();
    String first = null;
    String token = null;
    boolean born = false;
    RowKey from = null;
    Row row = null;
    List<@Nullable String> births = List.of();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "at" -> at = json.getLongValue();
        case "by" -> by = text();
        case "first" -> first = text();
        case "token" -> token = text();
        case "born" -> born = json.getBooleanValue();
        case "from" -> from = Json.readKey(json);
        case "row" -> row = row();
        case "parents" -> births = births();
        default -> json.skipChildren();
      }
    }
    if (table.isEmpty() || token == null || put != (row != null)) {
      throw new JsonParseException(json, "a change lacks its table, its token or its row");
    }
    room.takeList(10);
    changes.add(
        EntryRules.change(
            new Change(
                table,
                key,
                row,
                at,
                by,
                born,
                first == null ? token : first,
                token,
                from,
                births.isEmpty() ? Parents.UNTOLD : new Parents(references, births))));
  }

  private List<@Nullable String> births() throws IOException {
    expect(JsonToken.START_ARRAY);
    List<@Nullable String> births = new ArrayList<>(references.size());
    room.takeList(references.size());
    while (json.nextToken() != JsonToken.END_ARRAY) {
      births.add(json.currentToken() == JsonToken.VALUE_NULL ? null : text());
    }
    if (births.size() != references.size()) {
      throw new JsonParseException(json, "parents of references that were not declared");
    }
    return births;
  }

  private RowKey key() throws IOException {
    RowKey key = Json.readKey(json);
    room.takeList(key.size());
    for (Object part : key.parts()) {
      room.value(part);
    }
    return key;
  }

  private Row row() throws IOException {
    Columns named = columns;
    if (named == null) {
      throw new JsonParseException(json, "a row whose columns were not declared");
    }
    expect(JsonToken.START_ARRAY);
    room.takeList(named.size());
    @Nullable Object[] values = new Object[named.size()];
    for (int i = 0; i < values.length; i++) {
      json.nextToken();
      values[i] = room.value(Json.read(json));
    }
    json.nextToken();
    expect(JsonToken.END_ARRAY);
    return new Row(named, values);
  }

  private void definition() throws IOException {
    String defined = text();
    String column = "";
    List<String> ddl = List.of();
    List<String> names = List.of();
    List<String> key = List.of();
    int generation = 0;
    long after = Definition.SAME_KEY;
    boolean whole = false;
    List<String> added = List.of();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "column" -> column = text();
        case "ddl" -> ddl = words();
        case "columns" -> names = words();
        case "key" -> key = words();
        case "generation" -> generation = json.getIntValue();
        case "after" -> after = json.getLongValue();
        case "whole" -> whole = json.getBooleanValue();
        case "added" -> added = words();
        default -> json.skipChildren();
      }
    }
    definitions.add(
        EntryRules.check(
            new Definition(defined, column, ddl, names, key, generation, after, whole, added)));
  }

  private void conflict() throws IOException {
    expect(JsonToken.START_OBJECT);
    Map<String, Object> fields = scalars();
    conflicts.add(
        EntryRules.check(
            new Conflict(
                word(fields, "id"),
                number(fields, "timestamp"),
                word(fields, "table"),
                text(fields, "key"),
                word(fields, "kind"),
                optionalText(fields, "localData"),
                optionalText(fields, "remoteData"),
                optionalText(fields, "localBy"),
                optionalText(fields, "remoteBy"),
                optionalNumber(fields, "localAt"),
                optionalNumber(fields, "remoteAt"),
                optionalText(fields, "winner"),
                word(fields, "workstation"),
                Boolean.TRUE.equals(fields.get("resolved")),
                optionalText(fields, "resolution"),
                optionalText(fields, "resolvedBy"),
                optionalNumber(fields, "resolvedAt"),
                word(fields, "localToken"),
                number(fields, "remoteEntry"),
                optionalText(fields, "givenData"))));
  }

  /**
   * The members of the object that begins here, as far as they are text, whole numbers or truths.
   */
  private Map<String, Object> scalars() throws IOException {
    expect(JsonToken.START_OBJECT);
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      room.take(name.length() + 100L);
      switch (json.nextToken()) {
        case VALUE_STRING -> members.put(name, room.text(json.getText()));
        case VALUE_NUMBER_INT -> members.put(name, json.getLongValue());
        case VALUE_TRUE -> members.put(name, true);
        default -> json.skipChildren();
      }
    }
    return members;
  }

  private String word(Map<String, Object> members, String name) throws IOException {
    return EntryRules.word(name, text(members, name));
  }

  private String text(Map<String, Object> members, String name) throws IOException {
    String text = optionalText(members, name);
    if (text == null) {
      throw new JsonParseException(json, name + " is missing");
    }
    return text;
  }

  private long number(Map<String, Object> members, String name) throws IOException {
    Long number = optionalNumber(members, name);
    if (number == null) {
      throw new JsonParseException(json, name + " is missing");
    }
    return number;
  }

  private static @Nullable String optionalText(Map<String, Object> members, String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  private static @Nullable Long optionalNumber(Map<String, Object> members, String name) {
    return members.get(name) instanceof Long number ? number : null;
  }

  private String text() throws IOException {
    expect(JsonToken.VALUE_STRING);
    return room.text(json.getText());
  }

  private List<String> words() throws IOException {
    expect(JsonToken.START_ARRAY);
    List<String> words = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      words.add(text());
    }
    return words;
  }

  private void expect(JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new JsonParseException(json, token + " expected, found " + json.currentToken());
    }
  }
}
