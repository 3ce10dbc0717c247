package tidemark.settle;

import java.util.Set;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.ledger.Author;

/**
 * What was asked of a run.
 *
 * @param only tables to sync, with their parents; empty for all
 * @param master the replica is the master: nobody sits at it, and its edits come from unknown
 *     machines
 * @param addShape columns and tables the ledger brings are made, else awaited from the application
 * @param foldedAt when the master was last brought up to date, on the share's clock
 */
public record Terms(
    Author author,
    Direction direction,
    ConflictRule rule,
    Set<String> only,
    boolean master,
    boolean addShape,
    long foldedAt) {}
