package tidemark.replica;

/** As it stands in the database, its table as the database spells it. */
record ApplicationTrigger(String name, String table, String ddl) {
  String of() {
    return "the trigger " + name + " of " + table;
  }
}
