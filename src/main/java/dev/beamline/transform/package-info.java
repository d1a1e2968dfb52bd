/**
 * PTransforms, DoFns, CombineFns and coders that operators, sources and sinks expand to. No parser.
 */
@NullMarked
package dev.beamline.transform;

import org.jspecify.annotations.NullMarked;
