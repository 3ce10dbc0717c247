package tidemark.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Json;
import tidemark.change.RawText;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.testing.Forgery;

/** Entries to test with. */
public final class Samples {
  public static final Author JOHN = new Author("john.doe", "PC-7", "4f1c2a");
  public static final Author JANE = new Author("jane.roe", "PC-9", "9b0d31");
  static final Columns QUOTES = new Columns(List.of("quoteId", "customer", "total"));
  public static final long AT = 1_736_937_000_000L; // 2025-01-15 10:30 UTC

  private Samples() {}

  static Change put(String id, String customer, Object total) {
    Row row = new Row(QUOTES, new Object[] {id, customer, total});
    return new Change("quotes", RowKey.of(id), row, AT, "john.doe", true, "t-" + id, "t-" + id);
  }

  static Change delete(String id) {
    return new Change("quotes", RowKey.of(id), null, AT, "john.doe", false, "t-" + id, "d-" + id);
  }

  public static Draft draft(Change... changes) {
    return new Draft(List.of(), List.of(changes), List.of());
  }

  public static Draft draft(String id) {
    return draft(put(id, "ACME", 1250.5));
  }

  /** All kinds of lines there are. */
  static Draft rich() {
    Definition table =
        new Definition(
            "quotes",
            "",
            List.of("CREATE TABLE quotes (quoteId TEXT PRIMARY KEY, customer TEXT, total REAL)"),
            List.of("quoteId", "customer", "total"),
            List.of("quoteId"),
            1);
    Definition column =
        new Definition(
            "quotes",
            "note",
            List.of("note TEXT"),
            List.of("quoteId", "customer", "total", "note"),
            List.of("quoteId"),
            1);
    Change wider =
        new Change(
            "quotes",
            RowKey.of("Q3"),
            new Row(
                new Columns(List.of("quoteId", "customer", "total", "note")),
                new Object[] {"Q3", "Müller", -0.0, new byte[] {1, 2, 3}}),
            AT + 500,
            "jane.roe",
            false,
            "00000000000000aa",
            "00000000000000ab");
    Conflict conflict =
        new Conflict(
            "c-1",
            AT + 600,
            "quotes",
            "[\"Q3\"]",
            "update",
            "{\"quoteId\":\"Q3\",\"customer\":\"Müller\"}",
            null,
            "jane.roe",
            "john.doe",
            AT + 500,
            null,
            "local",
            "PC-7",
            true,
            "newest",
            null,
            AT + 600,
            "00000000000000ab",
            3,
            "{\"quoteId\":\"Q3\",\"customer\":\"Müller & Co\"}");
    return new Draft(
        List.of(table, column),
        List.of(
            put("Q1", "ACME", 1250.5),
            put("Q2", null, Double.POSITIVE_INFINITY),
            delete("Q0"),
            wider),
        List.of(conflict));
  }

  /** A conflict with places for its key, the name of one version, and that version. */
  static String conflictLine() {
    return "{\"conflict\":{\"id\":\"c\",\"timestamp\":1,\"table\":\"t\",\"key\":%s,\"kind\":\"update\",\"%s\":%s,\"workstation\":\"PC\",\"resolved\":true,\"localToken\":\"a\",\"remoteEntry\":1}}";
  }

  static String quoted(String text) {
    return Json.text(json -> json.writeString(text));
  }

  static Draft random(Random random) {
    List<Change> changes = new ArrayList<>();
    int number = random.nextInt(40);
    for (int i = 0; i < number; i++) {
      int width = 1 + random.nextInt(5);
      List<String> names = new ArrayList<>();
      Object[] values = new Object[width];
      for (int j = 0; j < width; j++) {
        names.add("column \"" + j);
        values[j] = value(random);
      }
      Row row = random.nextInt(4) == 0 ? null : new Row(new Columns(names), values);
      String token = Long.toHexString(random.nextLong());
      changes.add(
          new Change(
              random.nextBoolean() ? "quotes" : "Größe order",
              RowKey.of((long) i, text(random)),
              row,
              AT + random.nextInt(3),
              random.nextBoolean() ? "john.doe" : "jane.roe",
              random.nextBoolean(),
              random.nextBoolean() ? token : "first",
              token));
    }
    return new Draft(List.of(), changes, List.of());
  }

  private static Object value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> null;
      case 1 -> random.nextLong();
      case 2 -> (long) random.nextInt(100);
      case 3 -> real(random);
      case 4 -> random.nextInt(1000) / 10.0;
      case 5 -> blob(random);
      case 6 -> new RawText(blob(random));
      case 7 -> random.nextBoolean() ? Double.NEGATIVE_INFINITY : -0.0;
      default -> text(random);
    };
  }

  private static Double real(Random random) {
    double real = Double.longBitsToDouble(random.nextLong());
    return Double.isNaN(real) ? Double.MIN_VALUE : real;
  }

  private static byte[] blob(Random random) {
    byte[] blob = new byte[random.nextInt(50)];
    random.nextBytes(blob);
    return blob;
  }

  private static String text(Random random) {
    int[] points = new int[random.nextInt(20)];
    for (int i = 0; i < points.length; i++) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
      points[i] = point >= 0xd800 && point < 0xe000 ? '\0' : point;
    }
    return new String(points, 0, points.length);
  }

  public static EntryFile.Packed pack(long number, String previous, Draft draft) {
    return EntryFile.encode(number, "id-" + number, previous, AT, JOHN, draft);
  }

  /** An entry file with these lines before its trailer. */
  static byte[] packLines(String... lines) {
    byte[] body = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    String trailer = "{\"sha256\":\"" + HexFormat.of().formatHex(Forgery.sha256(body)) + "\"}\n";
    byte[] all =
        (new String(body, StandardCharsets.UTF_8) + trailer).getBytes(StandardCharsets.UTF_8);
    return pack(all);
  }

  static String header(int format) {
    return "{\"format\":"
        + format
        + ",\"number\":1,\"id\":\"x\",\"previous\":\"\",\"at\":1,\"user\":\"u\","
        + "\"workstation\":\"w\",\"replica\":\"r\"}";
  }

  public static byte[] pack(byte[] bytes) {
    Bytes whole = new Bytes(bytes.length);
    whole.writeBytes(bytes);
    return Packing.pack(List.of(whole));
  }
}
