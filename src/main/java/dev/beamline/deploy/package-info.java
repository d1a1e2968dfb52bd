/** What runs now, what should run, the difference, and the steps between. */
@NullMarked
package dev.beamline.deploy;

import org.jspecify.annotations.NullMarked;
