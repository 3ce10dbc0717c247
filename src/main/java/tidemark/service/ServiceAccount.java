package tidemark.service;

import java.util.List;
import java.util.Locale;
import tidemark.change.Failure;

/**
 * The account a Windows service runs under: a person's, or one made for it; never the machine's.
 */
public record ServiceAccount(String name) {
  private static final List<String> MACHINES_OWN =
      List.of("localsystem", "system", "localservice", "networkservice");

  public ServiceAccount {
    String bare = name.substring(name.lastIndexOf('\\') + 1);
    String domain = name.substring(0, name.length() - bare.length()).toLowerCase(Locale.ROOT);
    if (bare.isBlank()) {
      throw wrong("'" + name + "' is no account");
    }
    boolean own = MACHINES_OWN.contains(bare.replace(" ", "").toLowerCase(Locale.ROOT));
    if (own || domain.matches("nt[ -].*") || domain.matches("autorit.*nt.*")) {
      throw wrong(
          "a service under "
              + name
              + " sees neither mapped drives nor has it the user's rights on the share");
    }
    if (domain.isEmpty() && !name.contains("@")) {
      name = ".\\" + name;
    }
  }

  /** A managed account's is known to Windows alone. */
  public boolean needsPassword() {
    return !name.endsWith("$");
  }

  /** As tools call it that know no `.` for this machine. */
  String withoutDot() {
    return name.startsWith(".\\") ? name.substring(2) : name;
  }

  private static Failure wrong(String what) {
    return new Failure(
        Failure.USAGE,
        what,
        "Name with --account one that may read and change the share's files: DOMAIN\\name.");
  }
}
