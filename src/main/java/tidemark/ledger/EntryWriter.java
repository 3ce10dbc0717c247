package tidemark.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowKey;

/**
 * Writes an entry's lines, or a part of them, leaving out what repeats the line before. Threading:
 * one thread.
 */
final class EntryWriter {
  private final JsonGenerator json;
  private final Author author;
  private final long written;
  private String table = "";
  private @Nullable Columns columns;
  private List<List<String>> references = List.of();
  private String by;
  private long at;

  EntryWriter(JsonGenerator json, Author author, long written) {
    this.json = json;
    this.author = author;
    this.written = written;
    this.by = author.user();
    this.at = written;
  }

  /** Goes on where another writer wrote this change last. */
  void goOnAfter(Change change) {
    Row row = change.row();
    table = change.table();
    columns = row == null ? null : row.columns();
    references = change.parents().references();
    by = change.by();
    at = change.at();
  }

  void writeHeader(long number, String id, String previous, List<Definition> definitions)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("format", EntryFile.FORMAT);
    json.writeNumberField("number", number);
    json.writeStringField("id", id);
    json.writeStringField("previous", previous);
    json.writeNumberField("at", written);
    json.writeStringField("user", author.user());
    json.writeStringField("workstation", author.workstation());
    json.writeStringField("replica", author.replica());
    json.writeEndObject();
    for (Definition definition : definitions) {
      write(definition);
    }
  }

  void writeChanges(List<Change> changes) throws IOException {
    for (Change change : changes) {
      write(change);
    }
  }

  void writeConflicts(List<Conflict> conflicts) throws IOException {
    for (Conflict conflict : conflicts) {
      write(conflict);
    }
  }

  private void write(Definition definition) throws IOException {
    json.writeStartObject();
    json.writeStringField("define", definition.table());
    if (!definition.isTable()) {
      json.writeStringField("column", definition.column());
    }
    write("ddl", definition.ddl());
    write("columns", definition.columns());
    write("key", definition.key());
    json.writeNumberField("generation", definition.generation());
    if (definition.isRekeyed()) {
      json.writeNumberField("after", definition.after());
    }
    if (definition.whole()) {
      json.writeBooleanField("whole", true);
    }
    if (!definition.added().isEmpty()) {
      write("added", definition.added());
    }
    json.writeEndObject();
  }

  private void write(String field, List<? extends @Nullable String> words) throws IOException {
    json.writeFieldName(field);
    words(words);
  }

  private void words(List<? extends @Nullable String> words) throws IOException {
    json.writeStartArray();
    for (String word : words) {
      json.writeString(word); // null is written as such
    }
    json.writeEndArray();
  }

  private void write(Change change) throws IOException {
    Row row = change.row();
    context(change.table(), row == null ? null : row.columns(), change.parents().references());
    json.writeStartObject();
    json.writeFieldName(row == null ? "delete" : "put");
    Json.writeKey(json, change.key());
    if (change.at() != at) {
      at = change.at();
      json.writeNumberField("at", at);
    }
    if (!change.by().equals(by)) {
      by = change.by();
      json.writeStringField("by", by);
    }
    if (!change.first().equals(change.token())) {
      json.writeStringField("first", change.first());
    }
    json.writeStringField("token", change.token());
    if (change.born()) {
      json.writeBooleanField("born", true);
    }
    RowKey from = change.from();
    if (from != null) {
      json.writeFieldName("from");
      Json.writeKey(json, from);
    }
    if (row != null) {
      json.writeArrayFieldStart("row");
      for (Object value : row.values()) {
        Json.write(json, value);
      }
      json.writeEndArray();
    }
    if (!change.parents().births().isEmpty()) {
      write("parents", change.parents().births());
    }
    json.writeEndObject();
  }

  /** Declares table and columns of the lines that follow, where they differ from those before. */
  private void context(
      String nextTable, @Nullable Columns nextColumns, List<List<String>> nextReferences)
      throws IOException {
    boolean sameTable = nextTable.equals(table);
    boolean sameRows = Objects.equals(nextColumns, columns) && nextReferences.equals(references);
    if (sameTable && (nextColumns == null || sameRows)) {
      return;
    }
    table = nextTable;
    columns = nextColumns;
    references = nextReferences;
    json.writeStartObject();
    json.writeStringField("table", table);
    if (nextColumns != null) {
      write("columns", nextColumns.names());
    }
    if (!references.isEmpty()) {
      json.writeArrayFieldStart("references");
      for (List<String> one : references) {
        words(one);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void write(Conflict conflict) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("conflict");
    json.writeStringField("id", conflict.id());
    json.writeNumberField("timestamp", conflict.timestamp());
    json.writeStringField("table", conflict.table());
    json.writeStringField("key", conflict.key());
    json.writeStringField("kind", conflict.kind());
    write("localData", conflict.localData());
    write("remoteData", conflict.remoteData());
    write("localBy", conflict.localBy());
    write("remoteBy", conflict.remoteBy());
    write("localAt", conflict.localAt());
    write("remoteAt", conflict.remoteAt());
    write("winner", conflict.winner());
    json.writeStringField("workstation", conflict.workstation());
    json.writeBooleanField("resolved", conflict.resolved());
    write("resolution", conflict.resolution());
    write("resolvedBy", conflict.resolvedBy());
    write("resolvedAt", conflict.resolvedAt());
    json.writeStringField("localToken", conflict.localToken());
    json.writeNumberField("remoteEntry", conflict.remoteEntry());
    write("givenData", conflict.givenData());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void write(String field, @Nullable String text) throws IOException {
    if (text != null) {
      json.writeStringField(field, text);
    }
  }

  private void write(String field, @Nullable Long number) throws IOException {
    if (number != null) {
      json.writeNumberField(field, number);
    }
  }
}
