/** A Flink cluster of several processes, started from the class path. */
package dev.beamline.flink;
