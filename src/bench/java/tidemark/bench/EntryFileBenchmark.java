package tidemark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.ledger.Author;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;

/** A full entry, 5,000 rows of 17 columns, to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EntryFileBenchmark {
  private static final Columns COLUMNS =
      new Columns(
          List.of(
              "sku",
              "description",
              "category",
              "vendor",
              "price",
              "volt",
              "phase",
              "amps",
              "tags",
              "manualLink",
              "uom",
              "vndrnum",
              "notes",
              "partAbbrev",
              "lastPriceUpdate",
              "created_at",
              "updated_at"));

  private Draft draft = new Draft(List.of(), List.of(), List.of());
  private byte[] packed = new byte[0];

  @Setup
  public void fill() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < EntryFile.ENTRY_ROWS; i++) {
      Object[] values = {
        "SKU-" + i,
        "Circuit breaker type " + i,
        "Breakers",
        "Vendor " + i % 50,
        i / 100.0,
        480L,
        3L,
        i / 2.0,
        "[\"panel\"]",
        null,
        "EA",
        "VN" + i * 7919,
        null,
        "CB",
        "2025-01-15",
        "2025-01-15 10:30:00",
        "2025-01-15 10:30:00"
      };
      String token = String.format("%016x", i * 2654435761L);
      changes.add(
          new Change(
              "components",
              RowKey.of("SKU-" + i),
              new Row(COLUMNS, values),
              1_736_937_000_000L + i,
              "anna",
              true,
              token,
              token));
    }
    draft = new Draft(List.of(), changes, List.of());
    packed = encode();
  }

  @Benchmark
  public byte[] encode() {
    return EntryFile.encode(
            1, "id", "", 1_736_937_000_000L, new Author("anna", "PC-1", "r1"), draft)
        .bytes();
  }

  @Benchmark
  public Entry decode() throws Exception {
    return EntryFile.decode(packed);
  }
}
