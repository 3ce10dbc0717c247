package tidemark.ledger.folder;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Lease;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;

/** Whoever can write to the share can make links there, and they may lead anywhere. */
class LinksOnTheShareTest {
  private static final String RANDOM = "0a".repeat(16);

  private TestShare share;
  private ShareLedger john;
  private Path home;
  private Map<String, Long> before;

  @BeforeEach
  void aHomeFullOfFilesWithOurNames() throws IOException {
    share = new TestShare();
    john = share.ledger("john");
    john.create();
    home = Files.createDirectory(share.fileSystem.getPath("/home"));
    for (String name :
        new String[] {
          "notes.txt",
          "entry.jsonl.gz",
          "owner.json",
          "beat-" + RANDOM,
          "clock-" + RANDOM,
          "000000000001.db.gz." + RANDOM + ".part",
          "000000000000.db.gz",
          "gone-" + RANDOM + "/owner.json",
          "000000000001/entry.jsonl.gz",
          RANDOM + "/entry.jsonl.gz"
        }) {
      Path file = home.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "mine");
      old(file.getParent().equals(home) ? file : file.getParent());
    }
    old(home);
    before = TestShare.sizes(home);
  }

  @AfterEach
  void closed() throws IOException {
    share.close();
  }

  private static void old(Path path) throws IOException {
    FileTime time = FileTime.fromMillis(System.currentTimeMillis() - 90_000_000);
    Files.getFileAttributeView(path, BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(time, time, time);
  }

  private void retired() throws IOException {
    Entry entry = john.append(Position.START, Samples.JOHN, Samples.draft("Q1"));
    Path database = Files.writeString(share.root.resolve("a.db"), "a database");
    john.addSnapshot(entry.position(), database);
    john.retire(1);
    john.sweep(System.currentTimeMillis() - 86_400_000);
  }

  private Path link(String name, Path to) throws IOException {
    Path link = share.folder().resolve(name);
    Files.createSymbolicLink(link, to);
    old(link);
    return link;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "append/x",
        "append/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
        "append/gone-0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
        "fold/taking-0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
        "entries/000/000000000000",
        "snapshots/000000000001.db.gz.0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a.part"
      })
  void a_link_among_what_is_swept_leads_no_deletion_elsewhere(String name) throws IOException {
    link(name, home);
    retired();
    assertThat(TestShare.sizes(home)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "fold", "snapshots", "entries/000"})
  void a_folder_that_is_a_link_is_not_swept(String name) throws IOException {
    Path folder = share.folder().resolve(name);
    Files.move(folder, folder.resolveSibling("was"));
    if (name.equals("entries/000")) {
      folder = share.folder().resolve("entries/00000"); // the entry itself needs its own
      Files.move(share.folder().resolve("entries/was"), share.folder().resolve("entries/000"));
    }
    Files.createSymbolicLink(folder, home);
    retired();
    assertThat(TestShare.sizes(home)).containsAllEntriesOf(before);
  }

  @Test
  void a_link_that_leads_nowhere_keeps_nothing_from_being_retired() throws IOException {
    Path link = link("append/" + RANDOM, share.root.resolve("nowhere"));
    retired();
    assertThat(john.info().orElseThrow().floor()).isEqualTo(1);
    assertThat(Files.exists(link, NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void what_somebody_else_put_beside_ours_stays() throws IOException {
    Path notes = share.folder().resolve("append/notes.txt");
    Path photos = share.folder().resolve("append/photos");
    Path within = share.folder().resolve("append/" + RANDOM + "/more/notes.txt");
    Path report = share.folder().resolve("snapshots/report.part");
    for (Path file : new Path[] {notes, photos.resolve("a.jpg"), within, report}) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "theirs");
    }
    for (Path path : new Path[] {notes, photos, within.getParent().getParent(), report}) {
      old(path);
    }
    retired();
    assertThat(notes).exists();
    assertThat(photos.resolve("a.jpg")).exists();
    assertThat(within).exists();
    assertThat(report).exists();
    assertThat(john.info().orElseThrow().floor()).isEqualTo(1);
  }

  @Test
  void a_beat_is_written_to_no_file_that_a_link_leads_to() throws IOException {
    Lease.Held held = john.foldLease().tryAcquire().orElseThrow();
    Path lease = share.folder().resolve("fold/lease");
    String owner = Files.readString(lease.resolve("owner.json"));
    String nonce = owner.replaceAll(".*\"nonce\":\"([0-9a-f]+)\".*", "$1");
    Path beat = lease.resolve("beat-" + nonce);
    Files.deleteIfExists(beat);
    Files.createSymbolicLink(beat, home.resolve("notes.txt"));
    try {
      held.beat();
    } catch (Failure e) {
      assertThat(e.whatFailed()).contains("renew the lease");
    }
    assertThat(home.resolve("notes.txt")).hasContent("mine");
  }
}
