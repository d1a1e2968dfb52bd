/** Graphs of boxes as SVG and DOT. */
@NullMarked
package dev.beamline.report.graph;

import org.jspecify.annotations.NullMarked;
