package dev.beamline.io.pubsub;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.FileFormat;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages and what is in them.
 *
 * @param name the source's name in the project
 * @param topic {@code projects/P/topics/T}, read by a new subscription; null where one is named
 * @param subscription {@code projects/P/subscriptions/S}; beside a topic: the one made for it
 * @param format of the payload: JSON, CSV or AVRO
 * @param columns the source's declared columns
 * @param attributes columns to the attributes they are read from
 * @param idAttribute messages with equal values of it are one message; null: by message id
 * @param maxOutOfOrderness how far the watermark stays behind the newest event
 * @param idleTimeout after how long without messages the watermark follows the clock; null: never
 */
public record PubsubSettings(
    String name,
    @Nullable String topic,
    @Nullable String subscription,
    FileFormat format,
    Schema columns,
    Map<String, String> attributes,
    @Nullable String idAttribute,
    Duration maxOutOfOrderness,
    @Nullable Duration idleTimeout)
    implements Serializable {

  public PubsubSettings {
    Objects.requireNonNull(name, "name");
    if (topic == null && subscription == null) {
      throw new IllegalArgumentException("neither topic nor subscription: " + name);
    }
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** The subscription or the topic. */
  String origin() {
    return Objects.requireNonNull(subscription != null ? subscription : topic);
  }

  /** The same, read through a subscription that was made for the topic. */
  PubsubSettings through(String path) {
    return new PubsubSettings(
        name,
        topic,
        path,
        format,
        columns,
        attributes,
        idAttribute,
        maxOutOfOrderness,
        idleTimeout);
  }
}
