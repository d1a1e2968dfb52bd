/**
 * Runs a Beam graph in one thread, step by step: the same DoFns with their state and timers, but a
 * watermark and a clock that only move when they are told to.
 */
@NullMarked
package dev.beamline.testing.simulation;

import org.jspecify.annotations.NullMarked;
