/** What sources and sinks offer to the graph, whatever system stands behind them. */
@NullMarked
package dev.beamline.io;

import org.jspecify.annotations.NullMarked;
