/** Compiles expressions of a plan into evaluators. */
@NullMarked
package dev.beamline.execution.expression;

import org.jspecify.annotations.NullMarked;
