package tidemark.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tidemark.change.Failure;

/**
 * Whether an account has the right to log on as a service, by `secedit` and `icacls`.
 *
 * <p>A right that comes by a group is not seen: what is found missing is a warning, and only the
 * service's start tells.
 */
final class LogonRight {
  private static final Pattern RIGHT = Pattern.compile("(?m)^SeServiceLogonRight\\s*=\\s*(.*)$");
  private static final Pattern SID = Pattern.compile("S-1-5-21-[0-9-]+");

  private final Tools tools;

  LogonRight(Tools tools) {
    this.tools = tools;
  }

  /** What to tell about it; empty where the account has it. */
  Optional<String> lacking(ServiceAccount account) {
    try {
      Path folder = Files.createTempDirectory("tidemark");
      try {
        return lacking(account, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the temporary folder cannot be used: " + e,
          "Make room there, or let TEMP name another folder.",
          e);
    }
  }

  private Optional<String> lacking(ServiceAccount account, Path folder) throws IOException {
    Path rights = folder.resolve("rights.inf");
    tools.run("secedit", "/export", "/cfg", tools.name(rights), "/areas", "USER_RIGHTS", "/quiet");
    if (!Files.exists(rights)) {
      return Optional.of(
          "Whether "
              + account.name()
              + " may log on as a service could not be looked up. "
              + todo());
    }
    List<String> names = new ArrayList<>(List.of(account.name(), account.withoutDot()));
    sid(account, folder).ifPresent(names::add);
    return isAmong(names, Tools.decoded(Files.readAllBytes(rights)))
        ? Optional.empty()
        : Optional.of(
            account.name() + " seems to lack the right to log on as a service. " + todo());
  }

  private static String todo() {
    return "If it does not start: Local Security Policy, User Rights Assignment, 'Log on as a service'.";
  }

  /** Entries are names, or ids after a star. */
  static boolean isAmong(List<String> names, String rights) {
    Matcher right = RIGHT.matcher(rights);
    return right.find()
        && Stream.of(right.group(1).split(","))
            .map(entry -> entry.strip().replaceFirst("^\\*", ""))
            .anyMatch(entry -> names.stream().anyMatch(entry::equalsIgnoreCase));
  }

  /** No tool tells the id of another account, but a file's saved rights name it. */
  private Optional<String> sid(ServiceAccount account, Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("whose"));
    Path saved = folder.resolve("acl");
    tools.run("icacls", tools.name(file), "/inheritance:r", "/grant", account.withoutDot() + ":R");
    tools.run("icacls", tools.name(file), "/save", tools.name(saved));
    if (!Files.exists(saved)) {
      return Optional.empty();
    }
    Matcher sid = SID.matcher(Files.readString(saved, ISO_8859_1).replace("\0", ""));
    return sid.find() ? Optional.of(sid.group()) : Optional.empty();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
