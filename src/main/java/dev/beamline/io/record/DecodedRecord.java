package dev.beamline.io.record;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record, decoded.
 *
 * @param row the columns that are read; null: it could not be used
 * @param error why; null: it could
 */
public record DecodedRecord(@Nullable Tuple row, @Nullable ErrorRecord error) {

  public DecodedRecord {
    if ((row == null) == (error == null)) {
      throw new IllegalArgumentException("a row or an error");
    }
  }
}
