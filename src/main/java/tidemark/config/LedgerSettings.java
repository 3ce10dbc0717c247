package tidemark.config;

/** How long entries stay in the ledger before they are archived. */
public record LedgerSettings(int keepDays) {}
