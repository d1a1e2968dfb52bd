/** BigQuery's scalar functions: signatures and implementations. */
@NullMarked
package dev.beamline.execution.function;

import org.jspecify.annotations.NullMarked;
