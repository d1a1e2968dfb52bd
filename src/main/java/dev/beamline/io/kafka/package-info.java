/** Kafka: topics read by ranges of offsets or as streams, and written. */
@NullMarked
package dev.beamline.io.kafka;

import org.jspecify.annotations.NullMarked;
