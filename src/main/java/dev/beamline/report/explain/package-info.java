/** How a query is computed and what that costs, for people and for programs. */
@NullMarked
package dev.beamline.report.explain;

import org.jspecify.annotations.NullMarked;
