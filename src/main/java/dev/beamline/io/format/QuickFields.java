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

  /** Names that are remembered; those beyond are looked up by their text. */
  private static final int MOST_NAMES = 128;

  /** A power of two, so large that few names share a place. */
  private static final int SLOTS = 4 * MOST_NAMES;

  private static final int NONE = -1;

  private final QuickValue[] readers;
  private final boolean[] arrays;
  private final boolean hasArrays;

  /** A bit for each place that must be there and not be null. */
  private final long required;

  private final Map<String, Integer> placesByLowerCase = new HashMap<>();

  /** Names as records write them, in quotes and with the colon; how many; and their places. */
  private final byte[][] names = new byte[MOST_NAMES][];

  private int known;
  private final int[] places = new int[MOST_NAMES];
  private final int[] slots = new int[SLOTS];

  /** Which name followed each last time; at the end that which came first. */
  private final int[] next = new int[MOST_NAMES + 1];

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
    Arrays.fill(slots, NONE);
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
    long given = 0;
    int name = MOST_NAMES;
    in.expect('{');
    if (!in.take('}')) {
      do {
        int place;
        int expected = next[name];
        if (expected < known && in.takeName(names[expected])) {
          name = expected;
          place = places[expected];
        } else {
          in.string();
          int found = find(in);
          if (found == NONE) {
            place = place(in);
          } else {
            next[name] = found;
            name = found;
            place = places[found];
          }
          in.expect(':');
        }
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
        given |= bit;
        if (place < readers.length) {
          values[place] = readers[place].read(in);
        } else {
          in.skip();
        }
      } while (in.take(','));
      in.expect('}');
    }
    if ((required & ~given) != 0) {
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

  /** The number of the name that is the cursor's token; NONE where it is not remembered. */
  private int find(JsonCursor in) {
    byte[] bytes = in.bytes();
    int start = in.tokenStart();
    int length = in.tokenLength();
    int hash = length;
    for (int i = start; i < start + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    int slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
    for (int found = slots[slot]; found != NONE; found = slots[slot]) {
      byte[] name = names[found];
      if (name.length == length + 3
          && Arrays.equals(name, 1, length + 1, bytes, start, start + length)) {
        return found;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (known == MOST_NAMES || !in.tokenAscii()) {
      return NONE;
    }
    byte[] name = new byte[length + 3];
    name[0] = '"';
    System.arraycopy(bytes, start, name, 1, length);
    name[length + 1] = '"';
    name[length + 2] = ':';
    names[known] = name;
    places[known] = place(in);
    slots[slot] = known;
    return known++;
  }

  private int place(JsonCursor in) {
    return placesByLowerCase.getOrDefault(in.tokenText().toLowerCase(Locale.ROOT), SKIP);
  }
}
