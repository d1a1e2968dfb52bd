/** Rules that make plans cheaper without changing their rows: one rule, one class. */
@NullMarked
package dev.beamline.sql.rule;

import org.jspecify.annotations.NullMarked;
