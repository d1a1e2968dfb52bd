package dev.beamline.io.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object's fields into a tuple: those that are columns, whatever their case (as BigQuery
 * matches names), the rest is skipped. A column given twice is refused, for nobody knows which is
 * meant.
 */
final class JsonFields {

  private static final int SKIP = -1;
  private static final int REMEMBERED_NAMES = 1000;

  private final List<Column> columns;
  private final JsonValues[] readers;
  private final boolean hasRequired;
  private final boolean hasArrays;
  private final List<String> requiredOnly;

  /** Places by the name as records write it; places from columns.size() on are only checked. */
  private final Map<String, Integer> places = new HashMap<>();

  private final Map<String, Integer> placesByLowerCase = new HashMap<>();

  /**
   * @param columns what the tuple holds, in order
   * @param requiredOnly further fields that must be there and not be null
   */
  JsonFields(List<Column> columns, List<String> requiredOnly) {
    this.columns = columns;
    this.requiredOnly = requiredOnly;
    this.readers = new JsonValues[columns.size()];
    boolean required = !requiredOnly.isEmpty();
    boolean arrays = false;
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      readers[i] = JsonValues.of(column.type());
      required |= column.required();
      arrays |= column.type() instanceof ArrayType;
      placesByLowerCase.putIfAbsent(column.name().toLowerCase(Locale.ROOT), i);
      places.putIfAbsent(column.name(), i);
    }
    for (int i = 0; i < requiredOnly.size(); i++) {
      String name = requiredOnly.get(i);
      placesByLowerCase.putIfAbsent(name.toLowerCase(Locale.ROOT), columns.size() + i);
      places.putIfAbsent(name, columns.size() + i);
    }
    this.hasRequired = required;
    this.hasArrays = arrays;
  }

  /** The parser stands on the object's start, and ends on its end. */
  Tuple read(JsonParser parser) throws IOException, DecodeException {
    int size = columns.size();
    @Nullable Object[] values = new @Nullable Object[size];
    // One bit a place that was seen: 64 of them without an array.
    long seen = 0;
    boolean[] seenBeyond = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      int place = place(name);
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new DecodeException(DecodeErrorCode.INVALID_JSON, "the record ends too early");
      }
      if (place == SKIP) {
        parser.skipChildren();
        continue;
      }
      boolean again;
      if (place < 64) {
        again = (seen & (1L << place)) != 0;
        seen |= 1L << place;
      } else {
        if (seenBeyond == null) {
          seenBeyond = new boolean[size + requiredOnly.size()];
        }
        again = seenBeyond[place];
        seenBeyond[place] = true;
      }
      if (again) {
        throw new DecodeException(
            DecodeErrorCode.DUPLICATE_FIELD, "field " + name + " is given twice");
      }
      if (token == JsonToken.VALUE_NULL) {
        if (place >= size || columns.get(place).required()) {
          throw JsonValues.missing(name(place), true);
        }
      } else if (place >= size) {
        parser.skipChildren();
      } else {
        try {
          values[place] = readers[place].read(parser, token);
        } catch (DecodeException e) {
          throw e.code() == DecodeErrorCode.INVALID_JSON ? e : e.in(columns.get(place).name());
        }
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new DecodeException(DecodeErrorCode.INVALID_JSON, "the record ends too early");
    }
    if (hasRequired) {
      checkRequired(seen, seenBeyond);
    }
    if (hasArrays) {
      for (int i = 0; i < size; i++) {
        if (values[i] == null) {
          values[i] = JsonValues.whereAbsent(columns.get(i));
        }
      }
    }
    return Tuple.of(values);
  }

  private void checkRequired(long seen, boolean @Nullable [] seenBeyond) throws DecodeException {
    int size = columns.size();
    for (int i = 0; i < size + requiredOnly.size(); i++) {
      boolean there = i < 64 ? (seen & (1L << i)) != 0 : seenBeyond != null && seenBeyond[i];
      if (!there && (i >= size || columns.get(i).required())) {
        throw JsonValues.missing(name(i), false);
      }
    }
  }

  private String name(int place) {
    return place < columns.size()
        ? columns.get(place).name()
        : requiredOnly.get(place - columns.size());
  }

  private int place(String name) {
    Integer known = places.get(name);
    if (known != null) {
      return known;
    }
    int found = placesByLowerCase.getOrDefault(name.toLowerCase(Locale.ROOT), SKIP);
    // Remembered, but not without end: hostile records can have a new name in each field.
    if (places.size() < REMEMBERED_NAMES) {
      places.put(name, found);
    }
    return found;
  }
}
