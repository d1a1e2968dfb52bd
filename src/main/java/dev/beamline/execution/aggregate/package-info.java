/** Aggregate functions: accumulators that add, merge, encode and finish. */
@NullMarked
package dev.beamline.execution.aggregate;

import org.jspecify.annotations.NullMarked;
