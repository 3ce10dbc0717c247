package tidemark.sync;

import java.util.List;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Quotes with a number of their own, and the items that refer to it. */
public abstract class FamilyTest extends FleetTest {
  public static final String QUOTES =
      "CREATE TABLE q(id TEXT PRIMARY KEY, no TEXT UNIQUE, name TEXT)";
  public static final String ITEMS =
      "CREATE TABLE item(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) ON DELETE CASCADE ON UPDATE CASCADE, name TEXT)";

  static List<String> rows(Workstation at, String select) {
    return at.db().rows(select);
  }

  /** Every item beside the quote it refers to. */
  static List<String> items(Workstation at) {
    return rows(at, "SELECT item.id, item.no, q.id FROM item LEFT JOIN q USING(no) ORDER BY 1");
  }
}
