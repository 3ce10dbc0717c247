package tidemark.tray;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import tidemark.testing.Shell;
import tidemark.testing.Wait;

/** A display of its own (Xvfb) with a place for icons (trayer), and somebody before it. */
final class Desktop implements AutoCloseable {
  /** How high the place for icons is. */
  private static final int PANEL = 24;

  private final List<Process> running = new ArrayList<>();
  private final String display;
  private final Process hand;
  private final BufferedReader answers;

  private Desktop(Path folder) throws IOException {
    Process server =
        started(
            new ProcessBuilder(
                "Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"),
            folder);
    display = ":" + lines(server).readLine();
    started(
        withDisplay(
            ("trayer --edge top --align left --widthtype pixel --width 100 --SetDockType false --height "
                    + PANEL)
                .split(" ")),
        folder);
    hand =
        started(
            withDisplay(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Hand.class.getName()),
            folder);
    answers = lines(hand);
    answers.readLine();
  }

  /** Skips the test where what it takes is missing. */
  static Desktop start(Path folder) throws IOException {
    boolean there =
        Shell.can("sh", "-c", "command -v Xvfb && command -v trayer")
            && Files.exists(Path.of(System.getProperty("java.home"), "lib", "libawt_xawt.so"));
    if (!there) {
      System.out.println(
          "skipped what takes a desktop: Xvfb, trayer or Java's desktop libraries are not installed");
    }
    Assumptions.assumeTrue(there, "there is no desktop");
    return new Desktop(folder);
  }

  private ProcessBuilder withDisplay(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DISPLAY", display);
    return builder;
  }

  private Process started(ProcessBuilder builder, Path folder) throws IOException {
    Process process =
        builder.redirectError(Files.createTempFile(folder, "desktop", ".txt").toFile()).start();
    running.add(process);
    return process;
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  String display() {
    return display;
  }

  // ---- what is to be seen

  /** Waits for the icon to look so. */
  Desktop sees(Face face) throws Exception {
    try {
      return until(face.toString(), () -> isSeen(face));
    } catch (AssertionError e) {
      Path picture = Path.of("target", "screenshots", "tray.png").toAbsolutePath();
      Files.createDirectories(picture.getParent());
      told("picture " + picture);
      throw e;
    }
  }

  Desktop seesNoIcon() throws Exception {
    for (Face face : Face.values()) {
      until("no more " + face, () -> !isSeen(face));
    }
    return this;
  }

  boolean isSeen(Face face) {
    return seen(face)[0] > 20;
  }

  /** How often its colour is to be seen, and where. */
  private int[] seen(Face face) {
    String[] found = told("find %06x".formatted(face.colour().getRGB() & 0xffffff)).split(" ");
    return List.of(found).stream().mapToInt(Integer::parseInt).toArray();
  }

  /** Something has come up beside the icon: its menu, or a message. */
  boolean isSomethingOpen() {
    return !"0".equals(told("below " + PANEL));
  }

  Desktop until(String what, Callable<Boolean> so) {
    Wait.until(what, so);
    return this;
  }

  // ---- what is done

  /** Chooses an item of the icon's menu, counted from 1. */
  Desktop choose(Face now, int item) throws Exception {
    press(now, item);
    return until("the menu to close", () -> !isSomethingOpen());
  }

  void press(Face now, int item) throws Exception {
    int[] at = seen(now);
    told("click " + at[1] + " " + at[2] + " 3 1");
    until("the menu", this::isSomethingOpen);
    for (int i = 0; i < item; i++) {
      told("press down");
    }
    told("press enter");
  }

  Desktop doubleClick(Face now) {
    int[] at = seen(now);
    told("click " + at[1] + " " + at[2] + " 1 2");
    return this;
  }

  private synchronized String told(String line) {
    try {
      hand.getOutputStream().write((line + "\n").getBytes(UTF_8));
      hand.getOutputStream().flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("nobody is before the display any more: " + line);
      }
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The display goes like a lamp. */
  void goesDark() throws InterruptedException {
    running.get(0).destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).destroyForcibly();
    }
  }
}
