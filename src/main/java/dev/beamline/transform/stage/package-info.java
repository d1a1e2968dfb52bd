/** Chains of row operators that run fused inside one DoFn, and what they hand on. */
@NullMarked
package dev.beamline.transform.stage;

import org.jspecify.annotations.NullMarked;
