package tidemark.say;

/** Something, and the name of the database it belongs to. */
public record InDatabase<T>(String database, T what) {}
