package tidemark.ledger;

/** Who writes: the person, the workstation by name, and the replica by its id. */
public record Author(String user, String workstation, String replica) {
  /** The name under which edits of the master itself are posted. */
  public static final String MASTER = "master";

  public boolean isMaster() {
    return workstation.equals(MASTER);
  }
}
