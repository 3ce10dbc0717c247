package tidemark.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tidemark.change.Failure;

/** The names and addresses that a certificate is for. */
final class HostNames {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  /** What ends so is an address, or a wrong one. */
  private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?\\d+");

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern ADDRESS =
      Pattern.compile(BYTE + "(\\." + BYTE + "){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

  private final Set<String> names = new LinkedHashSet<>(List.of("localhost"));
  private final Set<String> addresses =
      new LinkedHashSet<>(List.of(address("127.0.0.1"), address("::1")));

  /**
   * @param host this machine's, left out where it cannot be one on the network
   * @param given refused where they cannot be
   */
  HostNames(String host, List<String> given) {
    if (isName(host)) {
      names.add(lower(host));
    }
    for (String name : given) {
      if (ADDRESS.matcher(name).matches()) {
        addresses.add(address(name));
      } else if (isName(name)) {
        names.add(lower(name));
      } else {
        throw wrong(name);
      }
    }
  }

  static boolean isName(String text) {
    return text.length() <= 253
        && NAME.matcher(lower(text)).matches()
        && !ENDS_IN_NUMBER.matcher(text).matches();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** In the one form that certificates are read in; no name service is asked, it is numbers. */
  private static String address(String numbers) {
    try {
      return InetAddress.getByName(numbers).getHostAddress();
    } catch (UnknownHostException e) {
      throw wrong(numbers);
    }
  }

  private static Failure wrong(String name) {
    return new Failure(
        Failure.USAGE,
        "\"" + name + "\" is no host name or address that a certificate can be for",
        "Give a name as in tide.example.com, or an address as in 192.168.1.20.");
  }

  /** As keytool takes it. */
  String extension() {
    String all = names.stream().map(name -> "dns:" + name).collect(Collectors.joining(","));
    return all + addresses.stream().map(numbers -> ",ip:" + numbers).collect(Collectors.joining());
  }

  boolean coveredBy(X509Certificate certificate) {
    try {
      Collection<List<?>> covered = certificate.getSubjectAlternativeNames();
      Set<String> texts =
          covered == null
              ? Set.of()
              : covered.stream()
                  .map(entry -> lower(String.valueOf(entry.get(1))))
                  .collect(Collectors.toSet());
      return texts.containsAll(names) && texts.containsAll(addresses);
    } catch (CertificateParsingException e) {
      return false;
    }
  }
}
