/** Files and globs, local and in object stores: read in ranges, read as a stream, written. */
@NullMarked
package dev.beamline.io.files;

import org.jspecify.annotations.NullMarked;
