package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of a type as {@link JsonValues} does, where they are written plainly. Keeps buffers:
 * one thread only.
 */
abstract class QuickValue {

  /** The value that comes next, which is not null. */
  abstract Object read(JsonCursor in) throws UnusualRecordException, DecodeException;

  /** The reader of a type, null where there is none. */
  static @Nullable QuickValue of(Type type) {
    if (type instanceof ArrayType array) {
      QuickValue element = of(array.element());
      return element == null ? null : new Array(element);
    }
    if (type instanceof StructType struct) {
      QuickFields fields = QuickFields.of(struct.fields(), List.of());
      return fields == null ? null : new Struct(fields);
    }
    return switch ((ScalarType) type) {
      case STRING -> new Text();
      case INT64 -> new Int64();
      case FLOAT64 -> new Float64();
      case BOOL -> new Bool();
      case TIMESTAMP -> new Timestamp();
      case NUMERIC, BIGNUMERIC -> new Decimal((ScalarType) type);
      case JSON -> null;
      case BYTES, DATETIME, DATE, TIME, INTERVAL -> new ByText((ScalarType) type);
    };
  }

  private static final class Text extends QuickValue {
    private final SeenValues seen = new SeenValues();

    @Override
    Object read(JsonCursor in) throws UnusualRecordException {
      in.string();
      int slot = in.tokenAscii() ? seen.slot(in.bytes(), in.tokenStart(), in.tokenLength()) : -1;
      Object known = seen.get(slot, in.bytes(), in.tokenStart(), in.tokenLength());
      if (known != null) {
        return known;
      }
      String text = in.tokenText();
      seen.put(slot, in.bytes(), in.tokenStart(), in.tokenLength(), text);
      return text;
    }
  }

  private static final class Int64 extends QuickValue {
    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      if (in.peek() == '"') {
        in.string();
        return TextValues.int64(in.tokenText());
      }
      return in.number() ? in.tokenLong() : (Object) TextValues.int64(in.tokenText());
    }
  }

  private static final class Float64 extends QuickValue {
    private static final int MOST_DIGITS = 15;
    private static final double[] POWERS = new double[MOST_DIGITS + 1];

    static {
      POWERS[0] = 1;
      for (int i = 1; i < POWERS.length; i++) {
        POWERS[i] = POWERS[i - 1] * 10;
      }
    }

    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      if (in.peek() == '"') {
        in.string();
      } else {
        in.number();
        int start = in.tokenStart();
        int end = start + in.tokenLength();
        byte[] bytes = in.bytes();
        boolean negative = bytes[start] == '-';
        int point = end;
        long digits = 0;
        if (end - start <= MOST_DIGITS) {
          int i = negative ? start + 1 : start;
          for (; i < end; i++) {
            int b = bytes[i];
            if (b == '.') {
              point = i + 1;
            } else if (b > '9') {
              break;
            } else {
              digits = digits * 10 + (b - '0');
            }
          }
          if (i == end) {
            // Both are exact as doubles, so that the one rounding of the division is right.
            double value = digits / POWERS[end - point];
            return negative ? -value : value;
          }
        }
      }
      return TextValues.float64(in.tokenText());
    }
  }

  /** From the digits as they are written: never by way of a double. */
  private static final class Decimal extends QuickValue {
    private static final int MOST_DIGITS = 18;
    private static final int MOST_FRACTION = 9;

    private final ScalarType type;
    private final SeenValues seen = new SeenValues();

    Decimal(ScalarType type) {
      this.type = type;
    }

    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      boolean quoted = in.peek() == '"';
      if (quoted) {
        in.string();
      } else {
        in.number();
      }
      int start = in.tokenStart();
      int length = in.tokenLength();
      int slot = in.tokenAscii() ? seen.slot(in.bytes(), start, length) : -1;
      Object known = seen.get(slot, in.bytes(), start, length);
      if (known != null) {
        return known;
      }
      Object value = quoted ? null : plain(in.bytes(), start, start + length);
      if (value == null) {
        value = TextValues.parse(type, in.tokenText());
      }
      seen.put(slot, in.bytes(), start, length, value);
      return value;
    }

    private static @Nullable BigDecimal plain(byte[] bytes, int start, int end) {
      if (end - start > MOST_DIGITS) {
        return null;
      }
      long digits = 0;
      int point = end;
      for (int i = bytes[start] == '-' ? start + 1 : start; i < end; i++) {
        int b = bytes[i];
        if (b == '.') {
          point = i + 1;
        } else if (b >= '0' && b <= '9') {
          digits = digits * 10 + (b - '0');
        } else {
          return null;
        }
      }
      if (end - point > MOST_FRACTION) {
        return null;
      }
      return Values.canonical(
          BigDecimal.valueOf(bytes[start] == '-' ? -digits : digits, end - point));
    }
  }

  private static final class Bool extends QuickValue {
    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      if (in.peek() == '"') {
        in.string();
        return TextValues.bool(in.tokenText());
      }
      if (in.word("true")) {
        return true;
      }
      if (in.word("false")) {
        return false;
      }
      throw UnusualRecordException.INSTANCE;
    }
  }

  private static final class Timestamp extends QuickValue {
    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      in.string();
      long plain = TemporalText.plainTimestamp(in.bytes(), in.tokenStart(), in.tokenLength());
      return plain == TemporalText.NOT_PLAIN
          ? TemporalText.timestamp(in.tokenText())
          : (Object) plain;
    }
  }

  /** Types that JSON writes as strings only. */
  private static final class ByText extends QuickValue {
    private final ScalarType type;

    ByText(ScalarType type) {
      this.type = type;
    }

    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      in.string();
      return TextValues.parse(type, in.tokenText());
    }
  }

  private static final class Array extends QuickValue {
    private final QuickValue element;

    Array(QuickValue element) {
      this.element = element;
    }

    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      in.expect('[');
      List<Object> values = new ArrayList<>();
      if (!in.take(']')) {
        do {
          if (in.peek() == 'n') {
            throw UnusualRecordException.INSTANCE;
          }
          values.add(element.read(in));
        } while (in.take(','));
        in.expect(']');
      }
      return Collections.unmodifiableList(values);
    }
  }

  private static final class Struct extends QuickValue {
    private final QuickFields fields;

    Struct(QuickFields fields) {
      this.fields = fields;
    }

    @Override
    Object read(JsonCursor in) throws UnusualRecordException, DecodeException {
      return fields.read(in);
    }
  }
}
