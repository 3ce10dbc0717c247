package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * Over a line where each operation takes 40 ms, what counts is how many there are: 12 in half a
 * second, 50 in two.
 */
class FarShareTest {
  @TempDir Path folder;

  @Test
  void with_17_rows_in_and_5_out_the_workstation_is_done_after_22_operations() {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    anna.edit("CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)");
    for (int id = 0; id < 100; id++) {
      anna.edit("INSERT INTO notes(id, text) VALUES(" + id + ", 'one')");
    }
    fleet.settle();
    ben.edit("UPDATE notes SET text='bens' WHERE id < 17");
    ben.syncWell();
    anna.edit("UPDATE notes SET text='annas' WHERE id BETWEEN 20 AND 24");
    List<String> operations = new ArrayList<>();
    List<Integer> settled = new ArrayList<>();
    anna.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            operations.add(operation + " " + path);
          }
        };
    anna.progress = () -> settled.add(operations.size());

    anna.syncWell();

    assertThat(anna.db().value("SELECT count(*) FROM notes WHERE text='bens'")).isEqualTo("17");
    assertThat(settled).as("met theirs and posted, met its own").hasSize(2);
    assertThat(settled.get(1)).isBetween(10, 22);
    assertThat(operations).as("with the master's fold").hasSizeLessThan(65);
  }
}
