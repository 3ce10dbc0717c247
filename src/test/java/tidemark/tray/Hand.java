package tidemark.tray;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * A person before a display, in a process of its own: told line by line what to look for and do.
 */
final class Hand {
  private final Robot robot = new Robot();
  private final Rectangle screen =
      GraphicsEnvironment.getLocalGraphicsEnvironment()
          .getDefaultScreenDevice()
          .getDefaultConfiguration()
          .getBounds();

  private Hand() throws Exception {}

  public static void main(String[] args) throws Exception {
    Hand hand = new Hand();
    BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    System.out.println("ready");
    for (String line = told.readLine(); line != null; line = told.readLine()) {
      System.out.println(hand.does(line.split(" ")));
    }
  }

  private String does(String... words) throws Exception {
    switch (words[0]) {
      case "find":
        return found(Integer.parseInt(words[1], 16));
      case "click":
        robot.mouseMove(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        for (int i = 0; i < Integer.parseInt(words[4]); i++) {
          int button = InputEvent.getMaskForButton(Integer.parseInt(words[3]));
          robot.mousePress(button);
          robot.mouseRelease(button);
        }
        break;
      case "below":
        return Long.toString(below(Integer.parseInt(words[1])));
      case "press":
        robot.keyPress(key(words[1]));
        robot.keyRelease(key(words[1]));
        break;
      case "picture":
        ImageIO.write(robot.createScreenCapture(screen), "png", new File(words[1]));
        break;
      default:
        throw new IllegalArgumentException(words[0]);
    }
    robot.waitForIdle();
    return "done";
  }

  private static int key(String name) {
    return switch (name) {
      case "down" -> KeyEvent.VK_DOWN;
      case "enter" -> KeyEvent.VK_ENTER;
      default -> KeyEvent.VK_ESCAPE;
    };
  }

  /** How much is to be seen below this line but the empty screen. */
  private long below(int line) {
    BufferedImage seen = robot.createScreenCapture(screen);
    int[] pixels =
        seen.getRGB(0, line, seen.getWidth(), seen.getHeight() - line, null, 0, seen.getWidth());
    return Arrays.stream(pixels).filter(pixel -> (pixel & 0xffffff) != 0).count();
  }

  /** How often this colour is to be seen, and the middle of where. */
  private String found(int colour) {
    BufferedImage seen = robot.createScreenCapture(screen);
    long count = 0;
    long x = 0;
    long y = 0;
    for (int i = 0; i < seen.getWidth(); i++) {
      for (int j = 0; j < seen.getHeight(); j++) {
        if ((seen.getRGB(i, j) & 0xffffff) == colour) {
          count++;
          x += i;
          y += j;
        }
      }
    }
    return count == 0 ? "0 0 0" : count + " " + x / count + " " + y / count;
  }
}
