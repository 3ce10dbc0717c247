package tidemark.cli;

import java.util.List;
import tidemark.change.Failure;
import tidemark.upkeep.backup.Backup;

/** One database: what was made and brought, and what went wrong afterwards. */
record MadeBackups(List<Backup> made, List<Backup> copied, List<Failure> troubles) {}
