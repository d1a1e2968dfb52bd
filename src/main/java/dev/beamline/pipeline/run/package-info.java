/** Runs the pipelines of a project: its sources and sinks, the run itself, and the ledger. */
@NullMarked
package dev.beamline.pipeline.run;

import org.jspecify.annotations.NullMarked;
