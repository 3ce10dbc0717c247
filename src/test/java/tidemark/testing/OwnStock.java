package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.Align;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.ledger.Entry;
import tidemark.look.Fleet;
import tidemark.replica.Replica;
import tidemark.rest.Stock;
import tidemark.run.LocalDatabase;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.say.FleetMember;
import tidemark.sync.DatabaseSync;

/** A server's own copy for programs; the server's workstation carries what they edit. */
final class OwnStock implements Stock {
  private final Workstation own;

  OwnStock(Workstation own) {
    this.own = own;
  }

  @Override
  public String name() {
    return LentShare.NAME;
  }

  @Override
  public ConflictRule rule() {
    return own.conflicts;
  }

  @Override
  public String workstation() {
    return own.plan().author().workstation();
  }

  @Override
  public Optional<Replica> look() {
    return new LocalDatabase(own.plan()).look();
  }

  @Override
  public Replica open() {
    return new LocalDatabase(own.plan()).open();
  }

  @Override
  public Path local() {
    return own.plan().local();
  }

  @Override
  public String file() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(local(), BasicFileAttributes.class);
      return attributes.fileKey() + " " + attributes.creationTime();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One process serves all of a workstation's runs, one after the other. */
  @Override
  public SyncReport carry(DatabaseSync.Hand hand) {
    synchronized (own) {
      return new DatabaseSync(own.plan(), own.ledger(), own.clock(), settled -> {})
          .carry(hand, new Request(Set.of(), Direction.BOTH, own.conflicts, "program"));
    }
  }

  @Override
  public @Nullable Entry entry(long number) {
    return own.ledger().read(number);
  }

  @Override
  public long floor() {
    return own.ledger().info().orElseThrow(() -> Align.ledgerIsGone(own.plan().place())).floor();
  }

  @Override
  public List<FleetMember> fleet() {
    return new Fleet(own.plan(), own.ledger())
        .workstations().stream().map(one -> new FleetMember(one, List.of())).toList();
  }
}
