package tidemark.config;

import java.util.OptionalInt;

/**
 * The daemon's endpoint on loopback.
 *
 * @param port empty for no endpoint
 */
public record ControlSettings(OptionalInt port) {}
