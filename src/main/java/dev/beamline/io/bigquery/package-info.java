/** BigQuery: tables that are made and grown ahead, Storage Write, and Storage Read. */
@NullMarked
package dev.beamline.io.bigquery;

import org.jspecify.annotations.NullMarked;
