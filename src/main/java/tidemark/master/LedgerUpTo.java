package tidemark.master;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.Author;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;

/** The ledger as it was when this entry was its last one; entries of the archive included. */
final class LedgerUpTo implements Ledger {
  private final Ledger whole;
  private final long last;
  private final long lastSnapshot;

  LedgerUpTo(Ledger whole, long last) {
    this(whole, last, last);
  }

  private LedgerUpTo(Ledger whole, long last, long lastSnapshot) {
    this.whole = whole;
    this.last = last;
    this.lastSnapshot = lastSnapshot;
  }

  /** Entries alone, from the first one on. */
  LedgerUpTo withoutSnapshots() {
    return new LedgerUpTo(whole, last, 0);
  }

  /** The archive's entries count as kept: whoever reads on says where they end. */
  @Override
  public Optional<Info> info() {
    return whole.info().map(info -> new Info(info.id(), info.format(), 0));
  }

  @Override
  public Arrival arrival() {
    return whole.arrival();
  }

  @Override
  public @Nullable Entry read(long number) {
    return number > last ? null : whole.read(number);
  }

  @Override
  public boolean holds(Position position) {
    return position.number() <= last && whole.holds(position);
  }

  @Override
  public Optional<Snapshot> snapshot(Path into, long atMost) {
    return whole.snapshot(into, Math.min(lastSnapshot, atMost));
  }

  @Override
  public List<Long> snapshots() {
    return whole.snapshots().stream().filter(number -> number <= lastSnapshot).toList();
  }

  @Override
  public @Nullable Long writtenAt(long number) {
    return number > last ? null : whole.writtenAt(number);
  }

  @Override
  public @Nullable Entry kept(Position entry) {
    return whole.kept(entry);
  }

  @Override
  public long clockSkew() {
    return whole.clockSkew();
  }

  @Override
  public boolean canOnlyBeRead() {
    return whole.canOnlyBeRead();
  }

  @Override
  public Optional<Entry> offered() {
    return Optional.empty();
  }

  @Override
  public boolean wasHere() {
    return whole.wasHere();
  }

  @Override
  public List<Long> missing(long from, long to) {
    return whole.missing(from, Math.min(to, last));
  }

  @Override
  public Lease appendLease() {
    return whole.appendLease();
  }

  @Override
  public Lease foldLease() {
    return whole.foldLease();
  }

  @Override
  public Optional<MasterState> masterState() {
    return Optional.empty();
  }

  @Override
  public @Nullable String published(String workstationId) {
    return whole.published(workstationId);
  }

  @Override
  public Map<String, String> published(long since) {
    return whole.published(since);
  }

  @Override
  public void requireEnd(long number) {}

  // ---- the past is not written

  @Override
  public boolean putBack(Position entry) {
    return false;
  }

  @Override
  public Info create() {
    throw past();
  }

  @Override
  public Optional<Path> setAside() {
    throw past();
  }

  @Override
  public @Nullable Entry append(Position after, Author author, Draft draft) {
    throw past();
  }

  @Override
  public void addSnapshot(Position position, Path database) {
    throw past();
  }

  @Override
  public void retire(long upTo) {
    throw past();
  }

  @Override
  public void sweep(long writtenBefore) {
    throw past();
  }

  @Override
  public void sweepKept(long writtenBefore) {
    throw past();
  }

  @Override
  public void masterState(MasterState state) {
    throw past();
  }

  @Override
  public void publish(String workstationId, String json) {
    throw past();
  }

  @Override
  public boolean unpublish(String workstationId) {
    throw past();
  }

  private static UnsupportedOperationException past() {
    return new UnsupportedOperationException("the ledger's past is not written");
  }
}
