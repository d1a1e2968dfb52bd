/** The same SQL over the past, into the same table. */
@NullMarked
package dev.beamline.deploy.backfill;

import org.jspecify.annotations.NullMarked;
