/** A small fleet on real files, for tests: workstations, a share, clocks that can be set. */
package tidemark.testing;
