package tidemark.ledger;

/** Who writes: the person, the workstation by name, and the replica by its id. */
public record Author(String user, String workstation, String replica) {}
