package tidemark.service;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.config.Surroundings;

/** The browser of whoever sits at this machine. */
public final class Browser {
  private static final Logger LOG = LoggerFactory.getLogger(Browser.class);

  /** Some start the browser and end; others end with it. */
  private static final int SECONDS = 3;

  private final Surroundings here;

  public Browser(Surroundings here) {
    this.here = here;
  }

  /** False where there is none, or nobody could see it. */
  public boolean open(URI address) {
    List<String> command = command(address.toString());
    if (command.isEmpty()) {
      return false;
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      return !process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() == 0;
    } catch (IOException e) {
      LOG.debug("no browser could be started: {} is not there", command.get(0));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<String> command(String address) {
    if (here.windows()) {
      return List.of("rundll32.exe", "url.dll,FileProtocolHandler", address);
    }
    if (here.osName().startsWith("Mac")) {
      return List.of("open", address);
    }
    boolean hasScreen =
        Stream.of("DISPLAY", "WAYLAND_DISPLAY").anyMatch(name -> here.variable(name).isPresent());
    return hasScreen ? List.of("xdg-open", address) : List.of();
  }
}
