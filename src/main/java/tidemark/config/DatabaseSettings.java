package tidemark.config;

import java.nio.file.Path;

/** One database: this workstation's file and the master on the share. */
public record DatabaseSettings(String name, Path local, Path master, TableSelection tables) {}
