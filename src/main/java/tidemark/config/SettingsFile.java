package tidemark.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tidemark.change.Failure;

/**
 * The config as its files say it: finds them, reads the layers and checks everything.
 *
 * <p>Reads anew each time it is asked, so that a changed file can take effect. Whatever is wrong is
 * a {@link Failure} that names file, line, key and accepted values, and then nothing of it holds.
 * May be used by several threads.
 */
public final class SettingsFile {
  public static final String NAME = "tidemark.yml";
  public static final String VARIABLE = "TIDEMARK_CONFIG";

  private final Surroundings surroundings;
  private final Optional<Path> named;

  /**
   * @param named what {@code --config} says
   */
  public SettingsFile(Surroundings surroundings, Optional<Path> named) {
    this.surroundings = surroundings;
    this.named = named;
  }

  /** Where this user's config is, or goes if it is still to be made. */
  public Path own() {
    return demanded().or(this::installed).orElseGet(this::userFile).toAbsolutePath().normalize();
  }

  private Path userFile() {
    return surroundings.userFolder().resolve(NAME);
  }

  /** Somebody put it beside the program, which is in force where nothing else is. */
  private Optional<Path> installed() {
    return besideTheProgram()
        .filter(file -> !Files.exists(userFile()) && !Files.exists(machineFile()))
        .filter(Files::exists);
  }

  private Optional<Path> besideTheProgram() {
    return surroundings.installation().map(folder -> folder.resolve("config").resolve(NAME));
  }

  /** Who named {@link #own}, if it is not where it would be looked for: ", named by --config". */
  public String why() {
    String who = named.isPresent() ? "--config" : fromVariable().isPresent() ? VARIABLE : "";
    return who.isEmpty() ? "" : ", named by " + who;
  }

  /** Reads and checks all layers. */
  public SettingsInForce read() {
    return new Reading(Optional.empty(), IncludedFile::read).run();
  }

  /** Where the state is, though a config may be wrong in other places. */
  public Path state() {
    return new Reading(Optional.empty(), IncludedFile::read).state();
  }

  /** The same, with another way to get at the file that IT's file includes. */
  SettingsInForce read(Inclusion inclusion) {
    return new Reading(Optional.empty(), inclusion).run();
  }

  interface Inclusion {
    IncludedFile.Content read(IncludedFile file);
  }

  /** Every file that has a say, as far as it is known without reading any. */
  List<Path> candidates() {
    List<Path> files = new ArrayList<>(List.of(demanded().orElseGet(this::userFile)));
    files.add(machineFile());
    besideTheProgram().ifPresent(files::add);
    return files;
  }

  /** What would hold if {@link #own} said this. */
  public SettingsInForce readAs(byte[] draft) {
    return new Reading(Optional.of(draft), IncludedFile::read).run();
  }

  /** Whether people wrote a config. */
  boolean isThere() {
    return Files.exists(own()) || Files.exists(machineFile());
  }

  Path machineFile() {
    return surroundings.machineFolder().resolve(NAME);
  }

  private Optional<Path> demanded() {
    return named.or(this::fromVariable);
  }

  private Optional<Path> fromVariable() {
    String path = surroundings.variable(VARIABLE).orElse("");
    try {
      return path.isBlank() ? Optional.empty() : Optional.of(Path.of(path));
    } catch (InvalidPathException unusable) {
      throw new Failure(
          Failure.USAGE,
          VARIABLE + " is no path: " + path,
          "Set it to the path of a config, or unset it.",
          unusable);
    }
  }

  Failure nothingFound() {
    return new Failure(
        Failure.USAGE,
        "There is no config yet (looked for " + own() + ")",
        "Run `tidemark init` to write one, or name one with --config.");
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      String why = Files.isDirectory(file) ? "is a folder" : "cannot be read";
      throw new Failure(
          Failure.USAGE,
          "The config " + file + " " + why,
          "Name a " + NAME + " that this user may read.",
          unreadable);
    }
  }

  /** One reading of all layers. */
  private final class Reading {
    private final Optional<byte[]> draft;
    private final Inclusion inclusion;
    private final Problems problems = new Problems();
    private final LayerReader reader = new LayerReader(surroundings, problems);
    private final List<Layer> layers = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Path> secret = new ArrayList<>();

    Reading(Optional<byte[]> draft, Inclusion inclusion) {
      this.draft = draft;
      this.inclusion = inclusion;
    }

    Path state() {
      readOwn();
      return new LayeredValues(surroundings, layers).get(AllKeys.STATE);
    }

    SettingsInForce run() {
      Optional<Path> user = user();
      Path last = readOwn();
      LayeredValues values =
          included().map(file -> including(file, last)).orElseGet(() -> checked(last));
      warnings.addAll(values.warnings());
      return new SettingsInForce(
          new SettingsAssembly(values).settings(),
          values.inForce(),
          warnings,
          layers.stream().map(Layer::file).toList(),
          user,
          secret(values),
          values.locked());
    }

    /** Files of this machine with a secret in them, which of a variable they have not. */
    private List<Path> secret(LayeredValues values) {
      List<Path> files = new ArrayList<>(secret);
      values
          .names("databases")
          .forEach(name -> values.find(AllKeys.KEY_FILE, name).ifPresent(files::add));
      return files;
    }

    /** The files of this machine; the one that goes before the others. */
    private Path readOwn() {
      Optional<Path> user = user();
      Optional<Path> machine = present(machineFile());
      Path last = user.or(() -> machine).orElseThrow(SettingsFile.this::nothingFound);
      machine.ifPresent(file -> read(LayerKind.MACHINE, file));
      user.ifPresent(file -> read(LayerKind.USER, file));
      return last;
    }

    private void read(LayerKind kind, Path file) {
      boolean drafted = file.equals(own());
      byte[] bytes = draft.filter(d -> drafted).orElseGet(() -> bytes(file));
      Layer layer = reader.read(kind, file, bytes, Rights.FULL);
      layers.add(layer);
      String text = new String(bytes, UTF_8);
      if (layer.entries().values().stream()
          .filter(entry -> Secrets.isOne(entry.key()))
          .flatMap(entry -> entry.value().texts().stream())
          .anyMatch(text::contains)) {
        secret.add(file);
      }
    }

    private Optional<Path> present(Path file) {
      boolean drafted = draft.isPresent() && file.equals(own());
      return drafted || Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    private Optional<Path> user() {
      Path own = own();
      if (demanded().isPresent() && present(own).isEmpty()) {
        throw new Failure(
            Failure.USAGE,
            "The config " + own + " does not exist",
            "Correct " + (named.isPresent() ? "--config" : VARIABLE) + ", or run `tidemark init`.");
      }
      return own.equals(machineFile()) ? Optional.empty() : present(own);
    }

    private Optional<Path> included() {
      Optional<Path> file = said(AllKeys.INCLUDE).or(() -> said(AllKeys.INCLUDE_FILE));
      if (file.isEmpty() && !problems.about(AllKeys.INCLUDE.path())) {
        layers.stream()
            .flatMap(layer -> Stream.ofNullable(layer.places().get(AllKeys.INCLUDE.path())))
            .forEach(this::missFile);
      }
      return file;
    }

    private void missFile(Whereabouts place) {
      Key<Path> key = AllKeys.INCLUDE_FILE;
      problems.add(place, key.path(), "is missing. Accepted: " + key.type().accepted());
    }

    private <T> Optional<T> said(Key<T> key) {
      return layers.stream().flatMap(layer -> layer.find(key).stream()).findFirst();
    }

    /** The state folder must be known first, since the copy is there. */
    private LayeredValues including(Path source, Path last) {
      problems.raise();
      Path state = new LayeredValues(surroundings, layers).get(AllKeys.STATE);
      IncludedFile file = new IncludedFile(source, state);
      IncludedFile.Content content = inclusion.read(file);
      Rights rights = new Rights(said(AllKeys.INCLUDE_ALLOW).orElse(List.of()));
      layers.add(1, reader.read(LayerKind.FLEET, source, content.bytes(), rights));
      LayeredValues values = checked(last);
      if (content.isCopy()) {
        warnings.add("The included config " + source + " is away; its last copy is in force");
      } else {
        keep(file, content);
      }
      return values;
    }

    private void keep(IncludedFile file, IncludedFile.Content content) {
      try {
        file.keep(content.bytes());
      } catch (IOException notKept) {
        warnings.add("The included config could not be copied for later: " + notKept.getMessage());
      }
    }

    private LayeredValues checked(Path last) {
      LayeredValues values = new LayeredValues(surroundings, layers);
      new CrossCheck(values, last, surroundings, problems).run();
      problems.raise();
      return values;
    }
  }
}
