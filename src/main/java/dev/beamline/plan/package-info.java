/**
 * What one query does, as serializable records: relational operators and scalar expressions. No
 * Beam, no parser.
 */
@NullMarked
package dev.beamline.plan;

import org.jspecify.annotations.NullMarked;
