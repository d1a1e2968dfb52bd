/** A small Cloud Storage of the tests' own. */
package dev.beamline.gcs;
