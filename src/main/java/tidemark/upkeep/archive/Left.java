package tidemark.upkeep.archive;

import tidemark.change.RowId;

/** A row that stays where it is, with the reason. */
public record Left(RowId row, String why) {}
