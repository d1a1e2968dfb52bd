/**
 * The command line: one class a command, and the only place that prints or exits. A command's class
 * is loaded at every start, so what is heavy (Beam, drivers, servers) stays behind classes of other
 * packages that only its run touches.
 */
@NullMarked
package dev.beamline.cli;

import org.jspecify.annotations.NullMarked;
