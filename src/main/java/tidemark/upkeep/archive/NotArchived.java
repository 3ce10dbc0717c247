package tidemark.upkeep.archive;

import tidemark.change.RowId;

/** A row that stays where it is, with the reason. */
public record NotArchived(RowId row, String why) {}
