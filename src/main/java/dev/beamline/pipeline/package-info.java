/** Plans become one Beam graph: shared scans, windowing policy, stable step names, the ledger. */
@NullMarked
package dev.beamline.pipeline;

import org.jspecify.annotations.NullMarked;
