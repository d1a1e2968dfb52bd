package dev.beamline.io.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a column that came lately, by their bytes, so that a value that comes again is not
 * made again. A column whose values do not repeat gives it up. One thread uses it.
 */
final class SeenValues {

  private static final int SLOTS = 1 << 10;
  private static final int LONGEST = 32;

  /** After so many values it is looked at whether it pays. */
  private static final int TRIAL = 1 << 12;

  private byte @Nullable [] @Nullable [] keys = new byte @Nullable [SLOTS] @Nullable [];
  private final @Nullable Object[] values = new @Nullable Object[SLOTS];
  private int asked;
  private int found;

  /** Where a value with these bytes would be; -1: nowhere. */
  int slot(byte[] bytes, int start, int length) {
    if (keys == null || length > LONGEST) {
      return -1;
    }
    int hash = length;
    for (int i = start; i < start + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    hash *= 0x9E3779B9;
    return hash >>> 22;
  }

  @Nullable Object get(int slot, byte[] bytes, int start, int length) {
    byte @Nullable [] @Nullable [] known = keys;
    if (slot < 0 || known == null) {
      return null;
    }
    asked++;
    byte[] key = known[slot];
    if (key != null
        && key.length == length
        && Arrays.equals(key, 0, length, bytes, start, start + length)) {
      found++;
      return values[slot];
    }
    if (asked >= TRIAL) {
      if (found < asked / 4) {
        keys = null;
        Arrays.fill(values, null);
      }
      asked = 0;
      found = 0;
    }
    return null;
  }

  void put(int slot, byte[] bytes, int start, int length, Object value) {
    if (slot >= 0 && keys != null) {
      keys[slot] = Arrays.copyOfRange(bytes, start, start + length);
      values[slot] = value;
    }
  }
}
