package tidemark.run;

import java.util.UUID;
import tidemark.ledger.Author;
import tidemark.replica.Replica;

/**
 * The id under which a replica signs its entries. It goes with machine and user, so that a cloned
 * machine or a copied profile becomes somebody else; nothing but the audit trail depends on it.
 */
public final class Identity {
  private Identity() {}

  public static String of(Replica replica, Author author) {
    String owner = author.replica() + " " + author.user();
    String id = replica.state("replica");
    if (id == null || !owner.equals(replica.state("owner"))) {
      String fresh = UUID.randomUUID().toString();
      replica
          .sql()
          .inTransaction(
              () -> {
                replica.state("replica", fresh);
                replica.state("owner", owner);
              });
      return fresh;
    }
    return id;
  }
}
