package tidemark.replica;

/** What a trigger writes, with all that it sets off. */
enum TriggerReach {
  NOTHING,
  /** Synced tables: it arrives as rows of theirs. */
  CARRIED,
  /** What is not synced: tables that are off or have no key, virtual tables. */
  KEPT,
  BOTH,
  /** Both, and its own table among them. */
  BOTH_AND_ITSELF,
  /** SQLite cannot run it here: it uses what the application alone has. */
  UNKNOWN
}
