package tidemark.say;

/** Something, and the name of the database it belongs to. */
public record Of<T>(String database, T what) {}
