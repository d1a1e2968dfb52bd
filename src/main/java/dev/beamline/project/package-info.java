/**
 * What a user wrote: pipelines.yaml, query files and tests as records, each value with its place.
 * No SQL, no Beam.
 */
@NullMarked
package dev.beamline.project;

import org.jspecify.annotations.NullMarked;
