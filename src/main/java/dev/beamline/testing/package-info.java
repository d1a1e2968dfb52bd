/** The event-time tests of a project's queries, and the proof that batch and stream agree. */
@NullMarked
package dev.beamline.testing;

import org.jspecify.annotations.NullMarked;
