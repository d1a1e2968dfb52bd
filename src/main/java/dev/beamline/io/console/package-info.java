/** Results printed as tables. */
@NullMarked
package dev.beamline.io.console;

import org.jspecify.annotations.NullMarked;
