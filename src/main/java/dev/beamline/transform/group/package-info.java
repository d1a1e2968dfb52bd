/** Grouping operators: partial sums, their state in a stream, and what comes out of a group. */
@NullMarked
package dev.beamline.transform.group;

import org.jspecify.annotations.NullMarked;
