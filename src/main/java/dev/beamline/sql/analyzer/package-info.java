/** Turns syntax trees into checked, typed plans: names, types, aggregation, windows. */
@NullMarked
package dev.beamline.sql.analyzer;

import org.jspecify.annotations.NullMarked;
