package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Tuple;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object's fields as {@link JsonFields} does, where they are written plainly. Keeps
 * buffers: one thread only.
 */
final class QuickFields {

  private static final int SKIP = -1;
  private static final int MOST_PLACES = 64;

  /** A power of two; names that do not fit are looked up by their text. */
  private static final int SLOTS = 256;

  private final QuickValue[] readers;
  private final boolean[] arrays;
  private final boolean hasArrays;

  /** A bit for each place that must be there and not be null. */
  private final long required;

  private final Map<String, Integer> placesByLowerCase = new HashMap<>();
  private final byte[] @Nullable [] names = new byte[SLOTS][];
  private final int[] places = new int[SLOTS];

  private QuickFields(List<Column> columns, List<String> requiredOnly, QuickValue[] readers) {
    this.readers = readers;
    this.arrays = new boolean[columns.size()];
    boolean anyArrays = false;
    long needed = 0;
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      arrays[i] = column.type() instanceof ArrayType;
      anyArrays |= arrays[i];
      needed |= column.required() ? 1L << i : 0;
      placesByLowerCase.putIfAbsent(column.name().toLowerCase(Locale.ROOT), i);
    }
    for (int i = 0; i < requiredOnly.size(); i++) {
      int place = columns.size() + i;
      needed |= 1L << place;
      placesByLowerCase.putIfAbsent(requiredOnly.get(i).toLowerCase(Locale.ROOT), place);
    }
    this.hasArrays = anyArrays;
    this.required = needed;
  }

  /** Null where a type is not for the quick way, or there are too many columns. */
  static @Nullable QuickFields of(List<Column> columns, List<String> requiredOnly) {
    if (columns.size() + requiredOnly.size() > MOST_PLACES) {
      return null;
    }
    QuickValue[] readers = new QuickValue[columns.size()];
    for (int i = 0; i < readers.length; i++) {
      QuickValue reader = QuickValue.of(columns.get(i).type());
      if (reader == null) {
        return null;
      }
      readers[i] = reader;
    }
    return new QuickFields(columns, requiredOnly, readers);
  }

  Tuple read(JsonCursor in) throws UnusualRecordException, DecodeException {
    @Nullable Object[] values = new @Nullable Object[readers.length];
    long seen = 0;
    long known = 0;
    in.expect('{');
    if (!in.take('}')) {
      do {
        in.string();
        int place = place(in);
        in.expect(':');
        if (place == SKIP) {
          in.skip();
          continue;
        }
        long bit = 1L << place;
        if ((seen & bit) != 0) {
          throw UnusualRecordException.INSTANCE;
        }
        seen |= bit;
        if (in.peek() == 'n') {
          if (!in.word("null")) {
            throw UnusualRecordException.INSTANCE;
          }
          continue;
        }
        known |= bit;
        if (place < readers.length) {
          values[place] = readers[place].read(in);
        } else {
          in.skip();
        }
      } while (in.take(','));
      in.expect('}');
    }
    if ((required & ~known) != 0) {
      throw UnusualRecordException.INSTANCE;
    }
    if (hasArrays) {
      for (int i = 0; i < values.length; i++) {
        if (arrays[i] && values[i] == null) {
          values[i] = List.of();
        }
      }
    }
    return Tuple.of(values);
  }

  /** The place of the field whose name is the cursor's token. */
  private int place(JsonCursor in) {
    byte[] bytes = in.bytes();
    int start = in.tokenStart();
    int length = in.tokenLength();
    // Names of one object differ in length or near their ends.
    int hash =
        length == 0
            ? 0
            : length * 31
                + bytes[start] * 7
                + bytes[start + length - 1] * 131
                + bytes[start + (length >> 1)] * 17;
    int slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
    byte[] name = names[slot];
    if (name != null
        && name.length == length
        && Arrays.equals(name, 0, length, bytes, start, start + length)) {
      return places[slot];
    }
    int found = placesByLowerCase.getOrDefault(in.tokenText().toLowerCase(Locale.ROOT), SKIP);
    if (length <= 64 && (name == null || places[slot] == SKIP)) {
      names[slot] = Arrays.copyOfRange(bytes, start, start + length);
      places[slot] = found;
    }
    return found;
  }
}
