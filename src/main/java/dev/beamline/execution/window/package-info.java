/** The arithmetic of windows. */
@NullMarked
package dev.beamline.execution.window;

import org.jspecify.annotations.NullMarked;
