/** Records of a source as elements of their own, decoded where they are read. */
@NullMarked
package dev.beamline.io.record;

import org.jspecify.annotations.NullMarked;
