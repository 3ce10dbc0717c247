package tidemark.tray;

import java.awt.AWTError;
import java.awt.AWTException;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.Image;
import java.awt.MenuItem;
import java.awt.PopupMenu;
import java.awt.SystemTray;
import java.awt.TrayIcon;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * The icon as the desktop shows it, with its menu.
 *
 * <p>Threading: may be called from anywhere; what somebody chooses is done on a thread of its own,
 * so that the desktop never waits for it.
 */
final class DesktopIcon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DesktopIcon.class);
  private static final String NAME = "Tidemark";

  private final SystemTray tray;
  private final TrayIcon icon;
  private final MenuItem hold = new MenuItem("Pause");
  private final MenuItem goOn = new MenuItem("Resume");
  private final PopupMenu menu = new PopupMenu();

  /**
   * What can be chosen.
   *
   * @param open null: there is no page
   */
  record Choices(
      Runnable sync, @Nullable Runnable open, Runnable pause, Runnable resume, Runnable quit) {}

  private DesktopIcon(SystemTray tray, Choices choices) throws AWTException {
    this.tray = tray;
    this.icon = new TrayIcon(drawn(Face.PAUSED), NAME);
    icon.setImageAutoSize(true);
    menu.add(doing(new MenuItem("Sync now"), choices.sync()));
    Runnable open = choices.open();
    if (open != null) {
      menu.add(doing(new MenuItem("Open"), open));
      icon.addActionListener(chosen -> begin("Open", open)); // a double click
    }
    menu.add(doing(hold, choices.pause()));
    doing(goOn, choices.resume());
    menu.addSeparator();
    menu.add(doing(new MenuItem("Quit"), choices.quit()));
    icon.setPopupMenu(menu);
    tray.add(icon);
  }

  /**
   * Puts the icon there.
   *
   * @return empty where the desktop has no place for it, or none yet
   * @throws Failure if there is no desktop
   */
  static Optional<DesktopIcon> in(Choices choices) {
    try {
      return SystemTray.isSupported()
          ? Optional.of(new DesktopIcon(SystemTray.getSystemTray(), choices))
          : Optional.empty();
    } catch (AWTException e) {
      LOG.debug("no icon yet", e);
      return Optional.empty();
    } catch (AWTError | LinkageError e) {
      throw new Failure(Failure.INCOMPLETE, String.valueOf(e.getMessage()), "", e);
    }
  }

  void show(Face face, boolean paused) {
    EventQueue.invokeLater(
        () -> {
          icon.setImage(drawn(face));
          icon.setToolTip(NAME + ": " + face.word());
          MenuItem wanted = paused ? goOn : hold;
          MenuItem other = paused ? hold : goOn;
          if (other.getParent() != null) {
            menu.remove(other);
            menu.insert(wanted, menu.getItemCount() - 2); // above the line and Quit
          }
        });
  }

  /** The desktop's own message. */
  void say(String message) {
    EventQueue.invokeLater(() -> icon.displayMessage(NAME, message, TrayIcon.MessageType.WARNING));
  }

  private MenuItem doing(MenuItem item, Runnable work) {
    item.addActionListener(chosen -> begin(item.getLabel(), work));
    return item;
  }

  private void begin(String what, Runnable work) {
    Thread thread = new Thread(() -> perform(what, work), "tray: " + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void perform(String what, Runnable work) {
    try {
      work.run();
    } catch (Failure e) {
      LOG.warn("{}, from the icon: {}", what, e.whatFailed());
      say(e.told());
    }
  }

  private Image drawn(Face face) {
    Dimension size = tray.getTrayIconSize();
    return face.drawn(size.width, size.height);
  }

  @Override
  public void close() {
    tray.remove(icon);
  }
}
