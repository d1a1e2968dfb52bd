/** Rows as bytes: compact deterministic coders, and values in the form that keys need. */
@NullMarked
package dev.beamline.execution.row;

import org.jspecify.annotations.NullMarked;
