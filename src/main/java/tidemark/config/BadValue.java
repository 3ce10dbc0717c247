package tidemark.config;

/** A value that its key does not accept; the message goes on from the value: "is too short". */
class BadValue extends Exception {
  private static final long serialVersionUID = 1;

  BadValue(String reason) {
    super(reason);
  }

  String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
