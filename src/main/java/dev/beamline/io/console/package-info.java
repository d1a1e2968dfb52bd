/** Results as lines for a terminal. */
@NullMarked
package dev.beamline.io.console;

import org.jspecify.annotations.NullMarked;
