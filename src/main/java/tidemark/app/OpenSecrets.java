package tidemark.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.OwnerAlone;
import tidemark.config.ServeSettings;
import tidemark.config.SettingsInForce;

/** What lies open although it lets whoever reads or changes it in. Threading: no state. */
public final class OpenSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSecrets.class);

  private OpenSecrets() {}

  /** A sentence for each file, for whoever starts a server; where nobody sees it, the log does. */
  public static List<String> logged(SettingsInForce inForce) {
    List<String> sentences = sentences(inForce);
    sentences.forEach(LOG::warn);
    return sentences;
  }

  private static List<String> sentences(SettingsInForce inForce) {
    List<String> sentences = new ArrayList<>();
    Path keys = inForce.settings().serve().keys();
    if (OwnerAlone.isOpenToOthers(keys)) {
      sentences.add(sentence("the keys that open this server, in", keys));
    }
    inForce.secret().stream()
        .distinct()
        .filter(OwnerAlone::isOpenToOthers)
        .forEach(file -> sentences.add(sentence("the key or password in", file)));
    return sentences;
  }

  /** The same for whoever checks a config, with what a server says of its certificate's key. */
  public static List<String> withCertificate(SettingsInForce inForce) {
    List<String> sentences = new ArrayList<>(sentences(inForce));
    inForce
        .settings()
        .serve()
        .pem()
        .map(ServeSettings.Pem::key)
        .filter(OwnerAlone::isOpenToOthers)
        .ifPresent(key -> sentences.add(sentence("the private key in", key)));
    return sentences;
  }

  private static String sentence(String what, Path file) {
    return "others can read or change %s %s. Let only its user: `chmod 600 %s`."
        .formatted(what, file, file);
  }
}
