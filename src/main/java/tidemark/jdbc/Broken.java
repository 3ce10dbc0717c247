package tidemark.jdbc;

import java.sql.SQLException;

/** Carries the driver's exception out of a callback to where the SQL is known. */
final class Broken extends RuntimeException {
  private static final long serialVersionUID = 1;
  final SQLException reason;

  Broken(SQLException reason) {
    super(reason);
    this.reason = reason;
  }
}
