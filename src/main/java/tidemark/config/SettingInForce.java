package tidemark.config;

/**
 * One key, what it is, and where that was decided.
 *
 * @param key as in the config, with dots
 * @param origin {@code default}, or file and line
 */
public record SettingInForce(String key, String value, String origin) {}
