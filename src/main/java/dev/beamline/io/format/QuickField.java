package dev.beamline.io.format;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one column of CSV from their bytes where they are written plainly; what is
 * not, and what is wrong, is left to the reader of texts. Values that came lately are not made
 * again. One thread uses it.
 */
final class QuickField {

  private static final int MOST_DIGITS = 18;

  private final Type type;
  private final @Nullable SeenValues seen;

  QuickField(Type type) {
    this.type = type;
    boolean made = type instanceof ScalarType && type != ScalarType.JSON;
    this.seen =
        made && type != ScalarType.INT64 && type != ScalarType.TIMESTAMP ? new SeenValues() : null;
  }

  /** The value of a field that is neither NULL nor has quotes within; null: it is not plain. */
  @Nullable Object read(byte[] bytes, int start, int length) {
    if (type == ScalarType.INT64) {
      return int64(bytes, start, length);
    } else if (type == ScalarType.TIMESTAMP) {
      long time = TemporalText.plainTimestamp(bytes, start, length);
      return time == TemporalText.NOT_PLAIN ? null : (Object) time;
    }
    return seen == null ? null : seen.get(seen.slot(bytes, start, length), bytes, start, length);
  }

  /** Keeps what the reader of texts has made of a field. */
  void keep(byte[] bytes, int start, int length, Object value) {
    if (seen != null) {
      seen.put(seen.slot(bytes, start, length), bytes, start, length, value);
    }
  }

  private static @Nullable Object int64(byte[] bytes, int start, int length) {
    int end = start + length;
    boolean negative = length > 0 && bytes[start] == '-';
    int i = negative ? start + 1 : start;
    if (end == i || end - i > MOST_DIGITS) {
      return null;
    }
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }
}
