/** What sinks need that write each change once, whatever dies. */
@NullMarked
package dev.beamline.io.once;

import org.jspecify.annotations.NullMarked;
