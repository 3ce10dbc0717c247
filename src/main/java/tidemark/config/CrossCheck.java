package tidemark.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tidemark.change.Place;

/** What can only be seen over all values together. Quiet about what is already known as wrong. */
final class CrossCheck {
  private final LayeredValues values;
  private final Path file;
  private final Surroundings surroundings;
  private final Problems problems;

  /**
   * @param file blamed for what is missing
   */
  CrossCheck(LayeredValues values, Path file, Surroundings surroundings, Problems problems) {
    this.values = values;
    this.file = file;
    this.surroundings = surroundings;
    this.problems = problems;
  }

  void run() {
    List<String> databases = values.names("databases");
    if (databases.isEmpty() && !problems.about("databases")) {
      problems.add(
          place("databases"),
          "databases",
          "names no database. Accepted: a name of your choice with local: and master: below it");
    }
    databases.forEach(name -> checkPresent("databases", name, AllKeys.LOCAL, AllKeys.MASTER));
    checkPaths(databases);
    databases.forEach(this::checkKey);
    values.names("tables").forEach(rule -> checkRule(rule, databases));
    values.names(ArchiveKeys.SECTION).forEach(name -> checkArchive(name, databases));
    checkMail();
    checkCertificate();
  }

  /** One of the two is of no use. */
  private void checkCertificate() {
    boolean certificate = values.find(ServeKeys.CERTIFICATE).isPresent();
    boolean key = values.find(ServeKeys.CERTIFICATE_KEY).isPresent();
    String missing = (key ? ServeKeys.CERTIFICATE : ServeKeys.CERTIFICATE_KEY).path();
    if (certificate != key && !problems.about(missing)) {
      problems.add(
          place(ServeKeys.TLS.path()),
          missing,
          "is missing" + values.untaken(missing) + ". Accepted: a path");
    }
  }

  /** Nobody gets mail without a server that takes it and an address that it comes from. */
  private void checkMail() {
    if (values.find(HealthKeys.EMAIL).isPresent()) {
      requireForMail(HealthKeys.SMTP_SERVER);
    }
    if (values.find(HealthKeys.SMTP_SERVER).isPresent()) {
      requireForMail(HealthKeys.SMTP_FROM);
    }
  }

  private void requireForMail(Key<String> key) {
    if (values.find(key).isEmpty() && !problems.about(key.path())) {
      problems.add(
          place("alert.email"),
          key.path(),
          "is missing, without which no mail can be sent"
              + values.untaken(key.path())
              + ". Accepted: "
              + key.type().accepted());
    }
  }

  private void checkPresent(String section, String name, Key<?>... keys) {
    for (Key<?> key : keys) {
      String path = key.at(name);
      if (values.find(key, name).isEmpty() && !problems.about(path)) {
        problems.add(
            place(section + "." + name),
            path,
            "is missing" + values.untaken(path) + ". Accepted: " + key.type().accepted());
      }
    }
  }

  private void checkArchive(String name, List<String> databases) {
    checkPresent(
        ArchiveKeys.SECTION, name, ArchiveKeys.TABLE, ArchiveKeys.OLDER_THAN, ArchiveKeys.TO);
    String key = ArchiveKeys.DATABASE.at(name);
    String database = values.find(ArchiveKeys.DATABASE, name).orElse("");
    boolean wrong = database.isEmpty() ? databases.size() > 1 : !databases.contains(database);
    if (wrong && !problems.about(key) && !problems.about("databases")) {
      problems.add(
          place(database.isEmpty() ? ArchiveKeys.SECTION + "." + name : key),
          key,
          (database.isEmpty() ? "is missing" : "'" + database + "' is not configured")
              + ". Accepted: "
              + String.join(", ", databases));
    }
  }

  /** One file has one role. */
  private void checkPaths(List<String> databases) {
    Map<String, String> roles = new HashMap<>();
    for (String database : databases) {
      checkPath(AllKeys.LOCAL.at(database), values.find(AllKeys.LOCAL, database), roles);
      checkPath(
          AllKeys.MASTER.at(database),
          values.find(AllKeys.MASTER, database).flatMap(Place::file),
          roles);
    }
  }

  private void checkPath(String role, Optional<Path> path, Map<String, String> roles) {
    String other = path.map(found -> roles.putIfAbsent(same(found), role)).orElse(null);
    if (other != null) {
      problems.add(place(role), role, "is the same file as " + other + ": " + path.orElseThrow());
    }
  }

  /** A server opens to who has a key; a path asks for none. */
  private void checkKey(String database) {
    Optional<Place> master = values.find(AllKeys.MASTER, database);
    boolean server = master.filter(Place.Server.class::isInstance).isPresent();
    boolean key = values.find(AllKeys.KEY, database).isPresent();
    boolean file = values.find(AllKeys.KEY_FILE, database).isPresent();
    String said = (key ? AllKeys.KEY : AllKeys.KEY_FILE).at(database);
    if (server && key == file && !problems.about(said)) {
      problems.add(
          place(AllKeys.MASTER.at(database)),
          said,
          (key ? "is said beside keyFile" : "is missing, without which the server opens to nobody")
              + ". Accepted: the key that `tidemark key create` printed at the server, here or in a file");
    }
    boolean follows =
        values.find(AllKeys.FOLLOW, database).filter(Following.When.AUTO::equals).isPresent();
    if (master.isPresent() && !server && key && file) {
      problems.add(place(said), said, "is said beside keyFile");
    } else if (master.isPresent() && !server && (key || file) && !follows) {
      problems.add(
          place(said),
          said,
          "is for a server, and this master is a path; for where it may be moved to, say `follow: auto` beside it");
    }
  }

  private String same(Path path) {
    String text = path.normalize().toString();
    return surroundings.windows() ? text.toLowerCase(Locale.ROOT).replace('/', '\\') : text;
  }

  /** A dot in a rule's name stands between database and table. */
  private void checkRule(String rule, List<String> databases) {
    int dot = rule.indexOf('.');
    if (dot < 0 || problems.about("databases")) {
      return;
    }
    String database = rule.substring(0, dot);
    if (databases.stream().noneMatch(database::equalsIgnoreCase)) {
      String key = "tables." + rule;
      problems.add(
          place(key),
          key,
          "speaks of a database '"
              + database
              + "', which is not configured"
              + NearMiss.hint(database, databases)
              + " Accepted: "
              + String.join(", ", databases));
    }
  }

  private Whereabouts place(String path) {
    return values.place(path).orElse(new Whereabouts(file, 1));
  }
}
