/**
 * Relational operators over lists of rows, for the in-memory executor and for Beam's transforms.
 */
@NullMarked
package dev.beamline.execution.kernel;

import org.jspecify.annotations.NullMarked;
