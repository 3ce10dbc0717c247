/** A report as text, JSON, CSV and a page. */
@NullMarked
package tidemark.cli.report;

import org.jspecify.annotations.NullMarked;
