package tidemark.config;

import java.nio.file.Path;
import tidemark.change.Place;

/**
 * One database: this workstation's file and where it meets the others.
 *
 * @param following what it does where that was moved
 */
public record DatabaseSettings(
    String name, Path local, Place place, TableSelection tables, Following following) {}
