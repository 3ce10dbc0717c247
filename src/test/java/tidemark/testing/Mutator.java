package tidemark.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes files as accidents and people with bad intentions do, by chance. */
public final class Mutator {
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|[\\[\\]{}:,]|[^\\s\\[\\]{}:,\"]+|\\s+");

  /** What stands in JSON where something else is expected. */
  private static final List<String> ABSURD =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "2",
          "1.0",
          "-0.0",
          "1e400",
          "-1e400",
          "1e-400",
          "NaN",
          "-Infinity",
          "2147483648",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "1" + "0".repeat(900),
          "1" + "0".repeat(2_000),
          "0." + "3".repeat(2_000),
          "1e999999999999",
          "\"\"",
          "\" \"",
          "\"1\"",
          "\"t\"",
          "\"id\"",
          "\"v\"",
          "\"T\"",
          "\"rowid\"",
          "\"updated_at\"",
          "\"local\"",
          "\"remote\"",
          "\"unique\"",
          "\"[1]\"",
          "\"[null]\"",
          "\"[1,2,3]\"",
          "\"{\\\"id\\\":1,\\\"v\\\":{\\\"b\\\":\\\"!\\\"}}\"",
          "\"{\\\"id\\\":[[]]}\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\u001b[2J\\u0007\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u202e\\ufeff\"",
          "\"../../../etc/passwd\"",
          "\"C:\\\\con\"",
          "\"sync_state\"",
          "\"SYNC_rows_t\"",
          "\"sqlite_master\"",
          "\"t\\\"; DROP TABLE t; --\"",
          "\"'); DELETE FROM t; --\"",
          "\"" + "n".repeat(500) + "\"",
          "\"" + "w".repeat(1_100) + "\"",
          "\"" + "\u00e9".repeat(70_000) + "\"",
          "\"9999-12-31 23:59:59\"",
          "\"-4713-11-24\"",
          "{\"b\":\"AQI=\"}",
          "{\"b\":\"not base64!\"}",
          "{\"b\":7}",
          "{\"t\":\"/w==\"}",
          "{\"t\":\"\"}",
          "{\"f\":\"Infinity\"}",
          "{\"f\":\"-Infinity\"}",
          "{\"f\":\"NaN\"}",
          "{\"z\":\"\"}",
          "{\"b\":\"AQI=\",\"b\":\"AQI=\"}",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[1,\"2\",{\"b\":\"AA==\"}]",
          "[\"id\",\"ID\",\"v\"]",
          "[\"id\",\"id\"]",
          nested(49),
          nested(60),
          nested(20_000),
          "\"CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)\"",
          "[\"CREATE TABLE x(id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID\"]",
          "[\"CREATE TABLE x(id TEXT PRIMARY KEY, v AS (id||id) STORED)\"]",
          "[\"CREATE VIRTUAL TABLE x USING fts5(id)\"]",
          "[\"CREATE TEMP TABLE x(id PRIMARY KEY)\"]",
          "[\"CREATE TABLE x AS SELECT * FROM t\"]",
          "[\"CREATE TABLE main.x(id PRIMARY KEY)\"]",
          "[\"CREATE TABLE x(id INTEGER PRIMARY KEY REFERENCES x(id), v CHECK(v>0))\"]",
          "[\"CREATE TABLE x(id INTEGER PRIMARY KEY, v DEFAULT (randomblob(9)))\"]",
          "[\"CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END\"]",
          "[\"CREATE VIEW x AS SELECT 1\"]",
          "[\"DROP TABLE t\"]",
          "[\"DELETE FROM t\"]",
          "[\"PRAGMA writable_schema=1\"]",
          "[\"ATTACH 'evil.db' AS evil\"]",
          "[\"VACUUM INTO 'evil.db'\"]",
          "[\"ALTER TABLE t ADD COLUMN x TEXT\"]",
          "[\"ALTER TABLE t RENAME TO u\"]",
          "[\"CREATE UNIQUE INDEX i ON t(v)\"]",
          "[\"SELECT load_extension('evil')\"]",
          "[\"BEGIN\",\"COMMIT\"]",
          "[\";\"]",
          "[\"\"]",
          "[\"CREATE TABLE x(id PRIMARY KEY, v TEXT); DROP TABLE t\"]");

  /** What may stand in any text where it does not belong. */
  private static final List<String> SPLINTERS =
      List.of(
          "\0",
          "\t",
          "\r\n",
          "\n",
          "\ufeff",
          "\u001b[31m",
          "\u2028",
          "\ud83d\ude00",
          "'",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          ",",
          "#",
          "&a",
          "*a",
          "!!",
          "%",
          "$",
          "${",
          "}",
          "<<",
          "- ",
          "---\n",
          "...\n",
          "|\n",
          "\u00e4",
          " ".repeat(50),
          "0".repeat(40),
          "NULL",
          "~");

  private final Random random;

  public Mutator(Random random) {
    this.random = random;
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  public boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  public <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  public String absurd() {
    return one(ABSURD);
  }

  /** Once or a few times, as accidents come. */
  public int few() {
    return 1 + random.nextInt(1 + random.nextInt(4));
  }

  private int place(int size) {
    return size == 0 ? 0 : random.nextInt(size);
  }

  /** Flipped, lost, doubled, foreign or zeroed bytes; cut short, or with something behind. */
  public byte[] bytes(byte[] whole) {
    int from = place(whole.length);
    int to = from + place(Math.min(whole.length - from, 64));
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(whole, from);
      case 1 -> joined(Arrays.copyOf(whole, from), tail(whole, to));
      case 2 -> joined(Arrays.copyOf(whole, to), tail(whole, from));
      case 3 -> joined(whole, Arrays.copyOfRange(whole, from, to));
      case 4 -> {
        byte[] zeroed = whole.clone();
        Arrays.fill(zeroed, from, to, (byte) 0);
        yield zeroed;
      }
      case 5 -> {
        byte[] foreign = new byte[to - from];
        random.nextBytes(foreign);
        yield joined(joined(Arrays.copyOf(whole, from), foreign), tail(whole, to));
      }
      default -> flipped(whole);
    };
  }

  private byte[] flipped(byte[] whole) {
    byte[] flipped = whole.clone();
    for (int i = whole.length == 0 ? 9 : random.nextInt(3); i < 4; i++) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] tail(byte[] whole, int from) {
    return Arrays.copyOfRange(whole, from, whole.length);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** Lines that are lost, doubled, out of order, of an unknown kind, or changed within. */
  public String lines(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = place(lines.size());
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, one(lines));
      case 2 -> lines.add(place(lines.size()), lines.remove(at));
      case 3 -> lines.add(at, "{\"later\":" + absurd() + ",\"put\":" + absurd() + "}");
      case 4 -> lines.add(at, absurd());
      default -> lines.set(at, json(lines.get(at)));
    }
    return String.join("\n", lines);
  }

  /** One value, name or member of a JSON text is another, missing, doubled or of another type. */
  public String json(String text) {
    List<String> tokens = tokens(text);
    int at = place(tokens.size());
    if (tokens.isEmpty()) {
      return absurd();
    }
    switch (random.nextInt(9)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, one(tokens));
      case 2 -> tokens.set(at, one(tokens));
      case 3 -> doubledMember(tokens, at);
      case 4 -> tokens.add(afterBrace(tokens, at), "\"unknown\":" + absurd() + ",");
      default -> replacedValue(tokens, at);
    }
    return String.join("", tokens);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group());
    }
    return tokens;
  }

  /** From there on the first value, with all that is in it. */
  private void replacedValue(List<String> tokens, int from) {
    int at = from;
    while (at < tokens.size() - 1 && ":,]}".contains(tokens.get(at))) {
      at++;
    }
    boolean isName = at + 1 < tokens.size() && tokens.get(at + 1).equals(":");
    int value = isName && at + 2 < tokens.size() ? at + 2 : at;
    tokens.subList(value, end(tokens, value)).clear();
    tokens.add(value, absurd());
  }

  private static int end(List<String> tokens, int from) {
    int depth = 0;
    for (int at = from; at < tokens.size(); at++) {
      String token = tokens.get(at);
      depth += "[{".contains(token) ? 1 : "]}".contains(token) ? -1 : 0;
      if (depth <= 0) {
        return at + 1;
      }
    }
    return tokens.size();
  }

  private void doubledMember(List<String> tokens, int from) {
    for (int at = from; at + 2 < tokens.size(); at++) {
      if (tokens.get(at + 1).equals(":")) {
        tokens.addAll(at, List.of(tokens.get(at), ":", absurd(), ","));
        return;
      }
    }
  }

  private static int afterBrace(List<String> tokens, int from) {
    for (int at = from; at < tokens.size(); at++) {
      if (tokens.get(at).equals("{")) {
        return at + 1;
      }
    }
    return tokens.size();
  }

  /** Any text: a piece of it is lost, doubled or moved, or something is put in between. */
  public String text(String whole) {
    int from = place(whole.length());
    int to = from + place(Math.min(whole.length() - from, 40));
    String piece = whole.substring(from, to);
    String rest = whole.substring(0, from) + whole.substring(to);
    int into = place(rest.length());
    return switch (random.nextInt(5)) {
      case 0 -> rest;
      case 1 -> whole.substring(0, to) + whole.substring(from);
      case 2 -> rest.substring(0, into) + piece + rest.substring(into);
      default -> whole.substring(0, from) + one(SPLINTERS) + whole.substring(chance(2) ? to : from);
    };
  }
}
