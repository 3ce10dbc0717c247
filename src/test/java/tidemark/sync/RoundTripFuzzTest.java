package tidemark.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Fleet;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;
import tidemark.testing.QuickFolder;
import tidemark.testing.Workstation;

/** Whatever rows hold, and however tables and columns are called: others get it bit for bit. */
class RoundTripFuzzTest {
  private static final String[] NAMES = {
    "t",
    "Order",
    "select",
    "a b",
    "a\"b",
    "a'b",
    "[x]",
    "\u00e4\u00f6",
    "\ud83d\ude00",
    "x;--",
    "1",
    "%",
    "\\",
    "`b`"
  };

  @TempDir(factory = QuickFolder.class)
  Path folder;

  @Test
  void any_row_comes_to_another_database_bit_for_bit() {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    for (String name : NAMES) {
      anna.edit("CREATE TABLE " + quoted(name) + "(" + quoted(name + "k") + " PRIMARY KEY, v)");
    }
    anna.syncWell();
    ben.syncWell();
    Fuzz.cases("rows", 15, Duration.ofSeconds(30), random -> there(random, fleet, anna, ben));
  }

  private static void there(Random random, Fleet fleet, Workstation anna, Workstation ben) {
    for (int i = 0; i < 20; i++) {
      String name = NAMES[random.nextInt(NAMES.length)];
      String into = quoted(name) + "(" + quoted(name + "k") + ", v)";
      String value = value(random);
      String key =
          random.nextInt(3) == 0 ? Integer.toString(random.nextInt(50)) : keyed(value(random));
      Workstation who = random.nextBoolean() ? anna : ben;
      who.edit("INSERT OR REPLACE INTO " + into + " VALUES(" + key + ", " + value + ")");
    }
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    fleet.assertSame();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String keyed(String value) {
    return value.equals("NULL") ? "''" : value;
  }

  private static String value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> "NULL";
      case 1 -> Long.toString(Math.max(-Long.MAX_VALUE, random.nextLong()));
      case 2 -> random.nextBoolean() ? "9e999" : "-9e999";
      case 3 -> Double.toString(odd(random));
      case 4 -> "x'" + hex(random) + "'";
      case 5 -> "CAST(x'" + hex(random) + "' AS TEXT)";
      case 6 -> random.nextBoolean() ? "''" : "-0.0";
      default -> "'" + text(random) + "'";
    };
  }

  private static double odd(Random random) {
    double real = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(real) ? real : Double.MIN_VALUE;
  }

  private static String hex(Random random) {
    byte[] bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String text(Random random) {
    String text = "x";
    Mutator mutator = new Mutator(random);
    for (int i = 0; i < 6; i++) {
      text = mutator.text(text + "yz");
    }
    return text.replace("'", "''").replace("\0", "");
  }
}
