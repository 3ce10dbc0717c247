package tidemark.service;

import java.util.List;

/** How the operating system is told to start the daemon. */
public interface Registration {
  /**
   * Registers it, in place of a former registration.
   *
   * @param start now, too, instead of at the next login only
   * @return what was done, in words
   */
  List<String> install(boolean start);

  /** Ends the daemon and takes the registration back; nothing where there is none. */
  List<String> uninstall();

  Standing status();

  /**
   * Whether it is registered.
   *
   * @param lines for whom, what is started, and how that went last
   */
  record Standing(boolean installed, List<String> lines) {
    static Standing none(String line) {
      return new Standing(false, List.of(line));
    }
  }
}
