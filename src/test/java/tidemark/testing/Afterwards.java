package tidemark.testing;

/** What anna does between the run that died and the next one. */
public enum Afterwards {
  NOTHING(),
  CHANGE(
      "UPDATE notes SET text='later', updated_at='2026-01-01 15:00:00' WHERE id IN ('plain','hers','new','moved')",
      "UPDATE orders SET customer='anna later' WHERE customer='anna'",
      "UPDATE items SET text='later' WHERE text='of anna'"),
  DELETE(
      "DELETE FROM notes WHERE id IN ('plain','new','moved')",
      "DELETE FROM items WHERE text='of anna'",
      "DELETE FROM orders WHERE customer='anna'"),
  CREATE_AGAIN(
      "INSERT OR REPLACE INTO notes(id,text) VALUES('plain','again'),('gone','again'),('moves','again')",
      "DELETE FROM notes WHERE id='new'",
      "INSERT INTO notes(id,text) VALUES('new','again')",
      "DELETE FROM orders WHERE customer='anna'",
      "INSERT INTO orders(customer) VALUES('anna again')");

  private final String[] edits;

  Afterwards(String... edits) {
    this.edits = edits;
  }

  String[] edits() {
    return edits;
  }

  /** One after the other. */
  public static Afterwards next(int number) {
    return values()[number % values().length];
  }
}
