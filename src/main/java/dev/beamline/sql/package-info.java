/** From GoogleSQL's text to checked, typed plans. No I/O. */
@NullMarked
package dev.beamline.sql;

import org.jspecify.annotations.NullMarked;
