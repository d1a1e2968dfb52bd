/** Google Cloud Pub/Sub: a source whose watermark follows the events' own time, and a sink. */
@NullMarked
package dev.beamline.io.pubsub;

import org.jspecify.annotations.NullMarked;
