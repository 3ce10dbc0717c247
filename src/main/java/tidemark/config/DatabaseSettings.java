package tidemark.config;

import java.nio.file.Path;
import tidemark.change.Place;

/** One database: this workstation's file and where it meets the others. */
public record DatabaseSettings(String name, Path local, Place place, TableSelection tables) {}
