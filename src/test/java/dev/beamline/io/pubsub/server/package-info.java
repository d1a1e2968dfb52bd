/** Pub/Sub for tests: a small server of the tests' own, and Google's emulator where it is there. */
package dev.beamline.io.pubsub.server;
