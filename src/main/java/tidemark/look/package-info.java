/**
 * What everybody has, and whether it is what the ledger says; nothing is changed but by a repair.
 */
@NullMarked
package tidemark.look;

import org.jspecify.annotations.NullMarked;
