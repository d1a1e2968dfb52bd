package dev.beamline.io.pubsub;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message, decoded.
 *
 * @param row the columns that are read; null: it could not be used
 * @param error why; null: it could
 */
record PubsubRecord(@Nullable Tuple row, @Nullable ErrorRecord error) {

  PubsubRecord {
    if ((row == null) == (error == null)) {
      throw new IllegalArgumentException("a row or an error");
    }
  }
}
