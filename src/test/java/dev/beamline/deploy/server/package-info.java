/** Dataflow's API on loopback, for tests with the unmodified runner. */
package dev.beamline.deploy.server;
