/** The local warehouse: a DuckDB file that pipelines write and people read. */
@NullMarked
package dev.beamline.io.duckdb;

import org.jspecify.annotations.NullMarked;
