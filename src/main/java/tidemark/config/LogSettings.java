package tidemark.config;

/** How much of sync_log is kept. */
public record LogSettings(int keepDays, int keepRows) {}
