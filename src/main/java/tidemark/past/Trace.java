package tidemark.past;

/** A change of a row after the moment. */
public record Trace(long entry, long at, String by, String workstation) {}
