/** Records to rows and rows to records: JSON, CSV, Avro, Parquet, and the text forms of values. */
@NullMarked
package dev.beamline.io.format;

import org.jspecify.annotations.NullMarked;
