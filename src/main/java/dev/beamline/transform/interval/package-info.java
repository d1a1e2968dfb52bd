/** Joins of streams whose rows find each other by how far apart their event times are. */
@NullMarked
package dev.beamline.transform.interval;

import org.jspecify.annotations.NullMarked;
