/** Drops records that a source has sent before. */
@NullMarked
package dev.beamline.transform.deduplicate;

import org.jspecify.annotations.NullMarked;
