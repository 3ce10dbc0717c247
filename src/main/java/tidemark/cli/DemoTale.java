package tidemark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tidemark.app.Demo;
import tidemark.app.Demo.Desk;
import tidemark.change.Failure;
import tidemark.config.Surroundings;
import tidemark.say.RunResult;
import tidemark.sync.DatabaseSync.Outcome;

/** `sync --demo`: two workstations and a share, told step by step. */
final class DemoTale {
  private final Start start;
  private final PrintWriter out;

  DemoTale(Start start, PrintWriter out) {
    this.start = start;
    this.out = out;
  }

  int tell() {
    Path folder = folder();
    Demo demo = new Demo(folder, start.surroundings().get(), start.clock());
    Desk anna = demo.desk("anna");
    Desk ben = demo.desk("ben");
    out.println("A share and two workstations, in " + folder);

    step("1. Anna's application holds some rows. Her first sync makes the master and the ledger.");
    demo.fill(anna);
    sync(demo, anna);

    step("2. Ben's workstation is new and has no database yet. His first sync makes it.");
    sync(demo, ben);

    step("3. Both work, and neither sees the other:");
    demo.work(anna);
    demo.work(ben);
    out.println("     Anna renames quote Q-1001, puts an item into it and raises a price.");
    out.println("     Ben renames quote Q-1001 too, a minute later, and deletes a component.");
    out.println("     Each writes a manual quote, and SQLite numbers both of them 1.");

    step("4. They sync again, one after the other, until everybody knows everything.");
    for (Desk desk : List.of(anna, ben, anna)) {
      sync(demo, desk);
    }
    boolean inStep = demo.inStep(anna, ben);
    whatCameOfIt(inStep);
    whereToLook(folder, anna);
    return inStep ? 0 : Failure.INCOMPLETE;
  }

  static Path folder() {
    try {
      return Files.createTempDirectory("tidemark-demo-");
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "no temporary folder can be made: " + e,
          "Make room in " + System.getProperty("java.io.tmpdir") + ".",
          e);
    }
  }

  private void step(String text) {
    out.println();
    out.println(text);
  }

  private void sync(Demo demo, Desk desk) {
    Outcome outcome = demo.sync(desk);
    Failure failure = outcome.failure();
    if (failure != null) {
      throw failure;
    }
    new SyncText(out, "     ").print(desk.user(), RunResult.of(outcome));
  }

  private void whatCameOfIt(boolean inStep) {
    step("What came of it:");
    out.println("     Q-1001 has Ben's name, the later one. Anna's is kept as a conflict.");
    out.println("     The component is gone everywhere. Price and item are everywhere.");
    out.println("     Both manual quotes are everywhere: one of them moved to the number 2.");
    out.println(
        inStep
            ? "     Anna's database, Ben's and the master hold the same rows."
            : "     Yet the databases differ, which they should not.");
  }

  private void whereToLook(Path folder, Desk anna) {
    step("Look around:");
    out.println("     " + folder.resolve("share"));
    out.println("       server.db            the master, an ordinary SQLite file");
    out.println("       server.db-ledger     the ledger: what was decided, entry by entry");
    out.println("     " + folder.resolve("anna"));
    out.println("     " + folder.resolve("ben"));
    out.println("       server.db            the workstation's own database");
    out.println("       tidemark.yml         its config");
    out.println();
    for (String command : List.of("status", "conflicts", "history")) {
      out.println("     " + program(start) + " " + command + " --config " + anna.config());
    }
  }

  /** As whoever tries a checkout can type it, which is not on their path yet. */
  static String program(Start start) {
    Surroundings machine = start.surroundings().get();
    String launcher = machine.windows() ? "tidemark.cmd" : "tidemark";
    return machine
        .installation()
        .map(home -> home.resolve("service").resolve(launcher).toString())
        .map(path -> path.contains(" ") ? '"' + path + '"' : path)
        .orElse("tidemark");
  }
}
