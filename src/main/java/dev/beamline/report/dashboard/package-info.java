/** The results as live charts in the browser. */
@NullMarked
package dev.beamline.report.dashboard;

import org.jspecify.annotations.NullMarked;
