package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.change.Failure;
import tidemark.testing.Folders;
import tidemark.testing.ReadOnly;
import tidemark.testing.Shell;

/**
 * A share that cannot be one: whoever syncs is told what is wrong and what to do, loses nothing,
 * and needs only to sync again once it is put right.
 */
class BadShareTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private Path share;
  private String columns;
  private boolean mounted;

  @BeforeEach
  void open() {
    office = new Office(folder);
    share = folder.resolve("elsewhere");
    anna = office.desk("anna").on(share);
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    columns =
        "SELECT "
            + String.join(
                ",", anna.db("server").rows("SELECT name FROM pragma_table_info('quotes')"))
            + " FROM quotes";
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      Shell.can("umount", share.toString());
    }
  }

  /** Twice, as people do. */
  private void assertTold(int exitCode, String what) throws IOException {
    List<String> before = anna.db("server").rows(columns);
    for (int run = 1; run <= 2; run++) {
      Typed sync = anna.type("sync", "--json");
      assertThat(sync.exitCode()).as(sync.toString()).isEqualTo(exitCode);
      assertThat(sync.json()).containsEntry("success", false);
      assertThat(sync.at("error.message").toString()).contains(what);
      assertThat(sync.at("error.hint").toString()).isNotBlank();
      assertThat(sync.err()).doesNotContain("Exception", "\tat ");
    }
    assertThat(anna.db("server").rows(columns)).isEqualTo(before);
    Typed status = anna.type("status", "--json");
    assertThat(status.at("databases.server.tables.quotes.pendingChanges").toString())
        .isEqualTo(Integer.toString(before.size()));
  }

  private void assertGoesThrough() {
    Typed sync = anna.type("sync");
    assertThat(sync.exitCode()).as(sync.toString()).isZero();
    Office.Desk ben = office.emptyDesk("ben", "server").on(share);
    ben.type("sync");
    assertThat(ben.db("server").rows("SELECT quoteId FROM quotes")).containsExactly("Q1");
  }

  @Test
  void a_drive_that_is_not_there() throws Exception {
    assertTold(Failure.OFFLINE, "elsewhere");
    Files.createDirectory(share);
    assertGoesThrough();
  }

  @Test
  void a_share_that_is_a_file() throws Exception {
    Files.writeString(share, "a letter");
    assertTold(Failure.REFUSED, "elsewhere is a file, not a folder");
    assertThat(share).hasContent("a letter");
    Files.delete(share);
    Files.createDirectory(share);
    assertGoesThrough();
  }

  @Test
  void a_master_that_is_a_folder() throws Exception {
    Files.createDirectories(share.resolve("server.db/photos"));
    assertTold(Failure.REFUSED, "server.db is a folder");
    assertThat(Folders.in(share)).containsExactly("server.db");
    Files.delete(share.resolve("server.db/photos"));
    Files.delete(share.resolve("server.db"));
    assertGoesThrough();
  }

  @Test
  void a_ledger_that_is_a_file() throws Exception {
    Files.createDirectory(share);
    Path ledger = Files.writeString(share.resolve("server.db-ledger"), "a letter");
    assertTold(Failure.REFUSED, "server.db-ledger is a file, not a folder");
    assertThat(ledger).hasContent("a letter");
    Files.delete(ledger);
    assertGoesThrough();
  }

  @Test
  void a_folder_nobody_may_write() throws Exception {
    Files.createDirectory(share);
    try (ReadOnly denied = ReadOnly.make(share)) {
      assertTold(Failure.OFFLINE, "elsewhere");
    }
    assertGoesThrough();
  }

  @Test
  void a_disk_that_is_full_before_the_first_sync() throws Exception {
    mountOfKilobytes(4);
    assertStaysPending();
    assertStaysPending();
    assertThat(Shell.can("mount", "-o", "remount,size=4m", share.toString())).isTrue();
    assertGoesThrough();
  }

  @Test
  void a_disk_that_is_full_later() throws Exception {
    mountOfKilobytes(4096);
    assertThat(anna.type("sync").exitCode()).isZero();
    fill(share.resolve("photos.zip"));
    anna.edit("UPDATE quotes SET customer='new'");
    assertStaysPending();
    Files.delete(share.resolve("photos.zip"));
    assertGoesThrough();
  }

  /** What is there can be read all the same. */
  private void assertStaysPending() {
    Typed sync = anna.type("sync", "--json");
    assertThat(sync.exitCode()).as(sync.toString()).isEqualTo(Failure.INCOMPLETE);
    assertThat(sync.at("databases.server.heldBack").toString())
        .contains("the share can only be read", "space", "one edit of here stays pending");
    Typed status = anna.type("status", "--json");
    assertThat(status.at("databases.server.tables.quotes.pendingChanges").toString())
        .isEqualTo("1");
  }

  private static void fill(Path file) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space");
    }
  }

  private void mountOfKilobytes(int size) throws IOException {
    Files.createDirectory(share);
    mounted =
        Shell.can("mount", "-t", "tmpfs", "-o", "size=" + size + "k", "tmpfs", share.toString());
    Assumptions.assumeTrue(mounted, "nothing can be mounted here");
  }
}
