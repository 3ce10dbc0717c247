package tidemark.rest;

import org.jspecify.annotations.Nullable;

/** What an edit came to, or what it will come to once it was posted: one of the two. */
record Slot(@Nullable Outcome outcome, @Nullable Mine mine) {
  static Slot of(Outcome outcome) {
    return new Slot(outcome, null);
  }

  static Slot of(Mine mine) {
    return new Slot(null, mine);
  }
}
