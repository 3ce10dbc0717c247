package tidemark.config;

/**
 * One key, what it is, and where that was decided.
 *
 * @param key as in the config, with dots
 * @param origin {@code default}, or file and line
 * @param from who decided it: default, machine, fleet, user or, for once, a variable
 */
public record SettingInForce(String key, String value, String origin, String from) {}
