/** Runs a plan over rows in memory: ad hoc queries, tests, subqueries inside a row. */
@NullMarked
package dev.beamline.execution.local;

import org.jspecify.annotations.NullMarked;
