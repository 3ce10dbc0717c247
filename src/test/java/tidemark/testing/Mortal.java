package tidemark.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tidemark.share.ShareFiles;

/**
 * A workstation's sync in a process of its own that really dies at a given point: nothing is
 * closed, given back or rolled back by anybody.
 */
public final class Mortal {
  private static final int DEAD = 9;
  private static final int KILLED = 128 + 9;

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
    return run(List.of(), fleet, workstation, point);
  }

  /** The same, killed at one of its calls to the system: `pwrite64:signal=KILL:when=3`. */
  public static boolean syncKilledAt(
      String injection, List<Path> files, Path fleet, String workstation) throws Exception {
    return run(Strace.before(injection, files), fleet, workstation, Integer.MAX_VALUE);
  }

  private static boolean run(List<String> before, Path fleet, String workstation, int point)
      throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Mortal.class.getName(),
            fleet.toString(),
            workstation,
            Integer.toString(point)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    if (code != 0 && code != DEAD && code != KILLED) {
      throw new IllegalStateException("the process ended with " + code);
    }
    return code != 0;
  }
}
