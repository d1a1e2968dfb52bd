package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.OUT_OF_RANGE;
import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Values of Avro and Parquet, which carry types of their own, as the declared types want them. */
final class BinaryValues {

  private BinaryValues() {}

  /** A unit of times since the epoch or since midnight. */
  enum TimeUnit {
    MILLIS,
    MICROS,
    NANOS;

    /** Microseconds; what is finer is cut off towards the past. */
    long toMicros(long value) throws DecodeException {
      return switch (this) {
        case MICROS -> value;
        case NANOS -> Math.floorDiv(value, 1000L);
        case MILLIS -> {
          try {
            yield Math.multiplyExact(value, 1000L);
          } catch (ArithmeticException e) {
            throw new DecodeException(OUT_OF_RANGE, value + " ms is out of range");
          }
        }
      };
    }
  }

  /** A whole number for a column of any type that takes one. */
  static Object ofLong(long value, ScalarType type) throws DecodeException {
    return switch (type) {
      case INT64 -> value;
      case FLOAT64 -> {
        // Beyond 2^53 not every whole number is a double.
        if ((long) (double) value != value || value == Long.MAX_VALUE) {
          throw new DecodeException(OUT_OF_RANGE, value + " is no FLOAT64");
        }
        yield (double) value;
      }
      case NUMERIC, BIGNUMERIC -> Values.canonical(BigDecimal.valueOf(value));
      case STRING -> Long.toString(value);
      default -> throw wrong(value, type);
    };
  }

  static Object ofDouble(double value, ScalarType type) throws DecodeException {
    return switch (type) {
      case FLOAT64 -> value;
      case STRING -> Double.toString(value);
      default -> throw wrong(value, type);
    };
  }

  static Object ofBoolean(boolean value, ScalarType type) throws DecodeException {
    return switch (type) {
      case BOOL -> value;
      case STRING -> Boolean.toString(value);
      default -> throw wrong(value, type);
    };
  }

  /** Text is taken as in JSON; for JSON columns it is parsed. */
  static Object ofText(String value, ScalarType type) throws DecodeException {
    return type == ScalarType.JSON ? CsvDecoder.json(type, value) : TextValues.parse(type, value);
  }

  static Object ofBytes(byte[] value, ScalarType type) throws DecodeException {
    if (type == ScalarType.BYTES) {
      return ByteString.copyFrom(value);
    }
    throw new DecodeException(WRONG_TYPE, value.length + " bytes are not a " + type.sql());
  }

  static Object ofDecimal(BigDecimal value, ScalarType type) throws DecodeException {
    return switch (type) {
      case NUMERIC -> TextValues.numeric(value.toString());
      case BIGNUMERIC -> TextValues.bignumeric(value.toString());
      case INT64 -> TextValues.int64(value.toString());
      case STRING -> value.toPlainString();
      case FLOAT64 -> {
        double nearest = value.doubleValue();
        if (new BigDecimal(nearest).setScale(value.scale(), RoundingMode.HALF_EVEN).compareTo(value)
            != 0) {
          throw new DecodeException(
              OUT_OF_RANGE, value.toPlainString() + " has more digits than FLOAT64");
        }
        yield nearest;
      }
      default -> throw wrong(value.toPlainString(), type);
    };
  }

  static Object ofDate(long days, ScalarType type) throws DecodeException {
    if (type != ScalarType.DATE) {
      throw new DecodeException(WRONG_TYPE, "a date is not a " + type.sql());
    }
    checkRange(days * (double) TemporalText.MICROS_PER_DAY, "DATE");
    return days;
  }

  static Object ofTime(long micros, ScalarType type) throws DecodeException {
    if (type != ScalarType.TIME) {
      throw new DecodeException(WRONG_TYPE, "a time is not a " + type.sql());
    }
    if (micros < 0 || micros >= TemporalText.MICROS_PER_DAY) {
      throw new DecodeException(OUT_OF_RANGE, micros + " µs is no time of a day");
    }
    return micros;
  }

  /**
   * @param utc whether it is an instant, else a date and time without zone
   */
  static Object ofTimestamp(long micros, boolean utc, ScalarType type) throws DecodeException {
    if (type != ScalarType.TIMESTAMP && type != ScalarType.DATETIME) {
      throw new DecodeException(WRONG_TYPE, "a timestamp is not a " + type.sql());
    }
    if (utc && type == ScalarType.DATETIME) {
      throw new DecodeException(
          WRONG_TYPE, "an instant is not a DATETIME: declare the column as TIMESTAMP");
    }
    if (micros < TemporalText.MIN_MICROS || micros > TemporalText.MAX_MICROS) {
      throw new DecodeException(
          OUT_OF_RANGE, micros + " µs since 1970 is outside the years 1 to 9999");
    }
    return micros;
  }

  private static void checkRange(double micros, String type) throws DecodeException {
    if (micros < TemporalText.MIN_MICROS || micros > TemporalText.MAX_MICROS) {
      throw new DecodeException(OUT_OF_RANGE, "outside the years 1 to 9999 of " + type);
    }
  }

  private static DecodeException wrong(Object value, ScalarType type) {
    return new DecodeException(WRONG_TYPE, value + " is not of type " + type.sql());
  }
}
