/** Streams that are read in chunks: many records an element, decoded where they are read. */
@NullMarked
package dev.beamline.io.stream;

import org.jspecify.annotations.NullMarked;
