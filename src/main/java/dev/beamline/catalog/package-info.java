/** Tables and types: BigQuery's types, columns, and the Java values that carry them. */
@NullMarked
package dev.beamline.catalog;

import org.jspecify.annotations.NullMarked;
