/** Rows looked up in tables that are small enough to be at hand: side inputs. */
@NullMarked
package dev.beamline.transform.lookup;

import org.jspecify.annotations.NullMarked;
