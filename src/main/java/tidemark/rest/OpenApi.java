package tidemark.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.JsonObject;
import tidemark.replica.TableShape.Column;

/** What there is to ask, as OpenAPI 3.1 has it, for the tables that are there. No state. */
final class OpenApi {
  private static final String REF = "$ref";
  private static final String SCHEMAS = "#/components/schemas/";

  private OpenApi() {}

  static JsonObject of(List<TableView> tables, String database) {
    Map<String, @Nullable Object> paths = new LinkedHashMap<>();
    Map<String, @Nullable Object> schemas = new LinkedHashMap<>();
    paths.put("/health", path("get", operation("Whether the server works", List.of(), "Health")));
    paths.put(
        "/changes",
        path(
            "get",
            operation(
                "What changed, in the order in which it came; all rows first without a cursor",
                List.of(
                    query("cursor", "string"), query("limit", "integer"), query("wait", "integer")),
                "Changes")));
    schemas.put("Health", object(Map.of("status", TEXT, "message", TEXT, "timestamp", TEXT)));
    schemas.put("Changes", changes());
    schemas.put("Written", written());
    schemas.put("Several", object(Map.of("success", TRUTH, "results", list(ref("Written")))));
    schemas.put("Refused", object(Map.of("error", TEXT, "hint", TEXT)));
    for (TableView table : tables) {
      table(table, paths, schemas);
    }
    return new JsonObject()
        .put("openapi", "3.1.0")
        .put(
            "info",
            new JsonObject()
                .put("title", "Tidemark: " + database)
                .put("version", "1")
                .put("description", "Rows of the tables that are synced. See docs/REST.md."))
        .put("servers", List.of(new JsonObject().put("url", "/api/db/" + database)))
        .put("security", List.of(Map.of("bearer", List.of()), Map.of("apiKey", List.of())))
        .put("paths", paths)
        .put(
            "components",
            new JsonObject()
                .put("schemas", schemas)
                .put(
                    "securitySchemes",
                    new JsonObject()
                        .put("bearer", Map.of("type", "http", "scheme", "bearer"))
                        .put(
                            "apiKey",
                            new JsonObject()
                                .put("type", "apiKey")
                                .put("in", "header")
                                .put("name", "x-api-key"))));
  }

  private static final Map<String, Object> TEXT = Map.of("type", "string");
  private static final Map<String, Object> NUMBER = Map.of("type", "integer");
  private static final Map<String, Object> TRUTH = Map.of("type", "boolean");
  private static final Map<String, Object> TEXT_OR_NULL = Map.of("type", List.of("string", "null"));

  /** SQLite keeps any value in any column, but for STRICT tables. */
  private static final Map<String, Object> VALUE =
      Map.of("type", List.of("string", "number", "null"));

  private static void table(
      TableView table, Map<String, @Nullable Object> paths, Map<String, @Nullable Object> schemas) {
    String name = table.name();
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    for (Column column : table.columns(false)) {
      columns.put(
          column.name(),
          new JsonObject()
              .put("type", List.of("string", "number", "null"))
              .put("description", column.type().isEmpty() ? "any value" : column.type()));
    }
    schemas.put(
        name,
        new JsonObject()
            .put("type", "object")
            .put("properties", columns)
            .put("additionalProperties", false));
    schemas.put(
        name + "Page",
        object(
            Map.of(
                "records", list(ref(name)),
                "count", NUMBER,
                "nextCursor", TEXT_OR_NULL,
                "timestamp", TEXT,
                "deleted", list(Map.of("type", "object")))));
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put(
        "get",
        operation(
            "Rows of " + name,
            List.of(
                query("updatedSince", "string"),
                query("limit", "integer"),
                query("cursor", "string"),
                query("deleted", "boolean"),
                query("sync", "boolean")),
            name + "Page"));
    JsonObject post = operation("Writes one record, or several", List.of(), "Written");
    post.put(
        "requestBody",
        Map.of(
            "required",
            true,
            "content",
            Map.of(
                "application/json",
                Map.of("schema", Map.of("oneOf", List.of(ref(name), list(ref(name))))))));
    all.put("post", post);
    paths.put("/" + name, all);
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    JsonObject id =
        new JsonObject()
            .put("name", "id")
            .put("in", "path")
            .put("required", true)
            .put("description", "Values of " + table.table().shape().key() + ", with commas")
            .put("schema", TEXT);
    one.put("parameters", List.of(id));
    one.put("get", operation("One row", List.of(), name));
    one.put("delete", operation("Deletes it", List.of(), "Written"));
    paths.put("/" + name + "/{id}", one);
  }

  private static JsonObject operation(String summary, List<Object> parameters, String answer) {
    Map<String, Object> answers = new LinkedHashMap<>();
    Object schema =
        answer.equals("Written")
            ? Map.of("oneOf", List.of(ref("Written"), ref("Several")))
            : ref(answer);
    answers.put("200", content("What was asked for", schema));
    answers.put("default", content("Why it was not done", ref("Refused")));
    return new JsonObject()
        .put("summary", summary)
        .put("parameters", parameters)
        .put("responses", answers);
  }

  private static Map<String, Object> content(String description, Object schema) {
    return Map.of(
        "description",
        description,
        "content",
        Map.of("application/json", Map.of("schema", schema)));
  }

  private static Map<String, @Nullable Object> path(String method, JsonObject operation) {
    Map<String, @Nullable Object> path = new LinkedHashMap<>();
    path.put(method, operation);
    return path;
  }

  private static Object query(String name, String type) {
    return new JsonObject()
        .put("name", name)
        .put("in", "query")
        .put("required", false)
        .put("schema", Map.of("type", type));
  }

  private static Map<String, Object> ref(String name) {
    return Map.of(REF, SCHEMAS + name);
  }

  private static Map<String, Object> list(Map<String, Object> of) {
    return Map.of("type", "array", "items", of);
  }

  private static JsonObject object(Map<String, Object> members) {
    return new JsonObject().put("type", "object").put("properties", members);
  }

  private static JsonObject changes() {
    Map<String, Object> change = new LinkedHashMap<>();
    change.put("table", TEXT);
    change.put("key", list(VALUE));
    change.put("op", Map.of("enum", List.of("put", "delete")));
    change.put("row", Map.of("type", List.of("object", "null")));
    change.put("by", TEXT_OR_NULL);
    change.put("at", TEXT_OR_NULL);
    return object(
        Map.of(
            "changes", list(Map.of("type", "object", "properties", change)), "nextCursor", TEXT));
  }

  private static JsonObject written() {
    return object(
        Map.of(
            "success",
            TRUTH,
            "id",
            VALUE,
            "action",
            Map.of("enum", List.of("created", "updated", "deleted", "unchanged", "conflict")),
            "version",
            TEXT_OR_NULL));
  }
}
