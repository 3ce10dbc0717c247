package tidemark.testing;

import java.nio.file.Path;
import tidemark.ledger.ShareFiles;

/**
 * A workstation's sync in a process of its own that really dies at a given point: nothing is
 * closed, given back or rolled back by anybody.
 */
public final class Mortal {
  private static final int DEAD = 9;

  private Mortal() {}

  /** Arguments: the fleet's folder, the workstation's name, the operation before which it dies. */
  public static void main(String[] args) {
    Workstation workstation = new Fleet(Path.of(args[0])).workstation(args[1]);
    int point = Integer.parseInt(args[2]);
    workstation.tap =
        new ShareFiles.Tap() {
          private int passed;

          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            pass();
          }

          @Override
          public void after(ShareFiles.Operation operation, Path path) {
            pass();
          }

          private void pass() {
            if (passed++ == point) {
              Runtime.getRuntime().halt(DEAD);
            }
          }
        };
    workstation.sync();
  }

  /** True if the process died on the way, false if it came to its end before. */
  public static boolean sync(Path fleet, String workstation, int point) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Mortal.class.getName(),
                fleet.toString(),
                workstation,
                Integer.toString(point))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    if (code != 0 && code != DEAD) {
      throw new IllegalStateException("the process ended with " + code);
    }
    return code == DEAD;
  }
}
