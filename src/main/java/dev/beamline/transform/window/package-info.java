/** How event time is cut: slices of windows, and the forms of time that Beam and SQL have. */
@NullMarked
package dev.beamline.transform.window;

import org.jspecify.annotations.NullMarked;
