package tidemark.run;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.ledger.Author;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;

/**
 * Which of the workstations' files is this one's.
 *
 * <p>Guarantee: whoever's database or state folder was made anew goes on with the file he had, told
 * by workstation, user and the database's path, although it signs its entries otherwise from then
 * on. Where somebody else goes on with it, too, a copied machine, the two part at the next run.
 */
public final class OwnFile {
  private static final Logger LOG = LoggerFactory.getLogger(OwnFile.class);

  /** When it was written last. */
  static final String PUBLISHED = "published";

  private static final String NAME = "fleet";
  private static final String SIGNED = "publishedAs";

  private final Replica replica;
  private final Author author;
  private final String local;

  OwnFile(Replica replica, Author author, String local) {
    this.replica = replica;
    this.author = author;
    this.local = local;
  }

  /** As it is known here; empty where this workstation wrote none yet. */
  public static String name(Replica replica) {
    String name = replica.state(NAME);
    return name != null ? name : Objects.requireNonNullElse(replica.state("replica"), "");
  }

  String find(Ledger ledger) {
    String known = replica.state(NAME);
    if (known != null) {
      Map<?, ?> said = content(known, ledger.published(known));
      boolean others = !said.isEmpty() && !signedHere(said);
      return others ? author.replica() : known;
    }
    Map<String, String> all = ledger.published(Long.MIN_VALUE);
    if (all.containsKey(author.replica())) {
      return author.replica();
    }
    Optional<String> former = Optional.empty();
    long newest = Long.MIN_VALUE;
    for (Map.Entry<String, String> file : all.entrySet()) {
      Map<?, ?> said = content(file.getKey(), file.getValue());
      Long at = ChangeTime.read(said.get("at"));
      if (isOfHere(said) && at != null && at > newest) {
        former = Optional.of(file.getKey());
        newest = at;
      }
    }
    return former.orElse(author.replica());
  }

  private boolean signedHere(Map<?, ?> said) {
    Object signed = said.get("replica");
    return signed == null
        || signed.equals(author.replica())
        || (signed.equals(replica.state(SIGNED)) && isOfHere(said));
  }

  private boolean isOfHere(Map<?, ?> said) {
    Object path = said.get("local");
    return author.workstation().equals(said.get("workstation"))
        && author.user().equals(said.get("user"))
        && (path == null || path.equals(local));
  }

  /** Whose it is, by which the next one made anew here finds it. */
  void identify(JsonGenerator json, String name) throws IOException {
    json.writeStringField("id", name);
    json.writeStringField("replica", author.replica());
    json.writeStringField("user", author.user());
    json.writeStringField("workstation", author.workstation());
    json.writeStringField("local", local);
  }

  /** To be called in the transaction that notes the file as written. */
  void written(String name) {
    replica.state(NAME, name);
    replica.state(SIGNED, author.replica());
  }

  public static Map<?, ?> content(String id, @Nullable String text) {
    if (text == null) {
      return Map.of();
    }
    try {
      return Json.object(text);
    } catch (Failure e) {
      LOG.warn("workstation file {} is not readable and is left out: {}", id, e.getMessage());
      return Map.of();
    }
  }
}
