package tidemark.alert;

/** A way to people. Ends in good time, whatever is at its other end. */
interface Way {
  /** As it stands in the config. */
  String name();

  /**
   * Sends it.
   *
   * @throws tidemark.change.Failure where it did not arrive
   */
  void send(Alert alert);
}
