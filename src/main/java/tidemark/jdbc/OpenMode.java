package tidemark.jdbc;

/** How a database is opened. */
public enum OpenMode {
  READ,
  WRITE,
  CREATE
}
