package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.INVALID_UTF8;
import static dev.beamline.io.format.DecodeErrorCode.OUT_OF_RANGE;
import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Parquet's primitive values, read as their annotations say. */
final class ParquetValues {

  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;

  private ParquetValues() {}

  static Object ofInt(PrimitiveType field, int value, ScalarType type) throws DecodeException {
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof DateLogicalTypeAnnotation) {
      return BinaryValues.ofDate(value, type);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return BinaryValues.ofTime(unit(time.getUnit()).toMicros(value), type);
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return BinaryValues.ofDecimal(BigDecimal.valueOf(value, decimal.getScale()), type);
    }
    boolean unsigned = logical instanceof IntLogicalTypeAnnotation number && !number.isSigned();
    return BinaryValues.ofLong(unsigned ? Integer.toUnsignedLong(value) : value, type);
  }

  static Object ofLong(PrimitiveType field, long value, ScalarType type) throws DecodeException {
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return BinaryValues.ofTimestamp(
          unit(timestamp.getUnit()).toMicros(value), timestamp.isAdjustedToUTC(), type);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return BinaryValues.ofTime(unit(time.getUnit()).toMicros(value), type);
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return BinaryValues.ofDecimal(BigDecimal.valueOf(value, decimal.getScale()), type);
    }
    if (value < 0 && logical instanceof IntLogicalTypeAnnotation number && !number.isSigned()) {
      BigDecimal whole = new BigDecimal(new BigInteger(Long.toUnsignedString(value)));
      if (type == ScalarType.INT64) {
        throw new DecodeException(OUT_OF_RANGE, whole + " is out of range for INT64");
      }
      return BinaryValues.ofDecimal(whole, type);
    }
    return BinaryValues.ofLong(value, type);
  }

  static Object ofBinary(PrimitiveType field, Binary value, ScalarType type)
      throws DecodeException {
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      byte[] bytes = value.getBytesUnsafe();
      if (bytes.length == 0) {
        throw new DecodeException(WRONG_TYPE, "a decimal has no bytes");
      }
      return BinaryValues.ofDecimal(
          new BigDecimal(new BigInteger(bytes), decimal.getScale()), type);
    }
    if (field.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
      return BinaryValues.ofTimestamp(int96(value.getBytes()), true, type);
    }
    if (logical instanceof UUIDLogicalTypeAnnotation && type == ScalarType.STRING) {
      ByteBuffer uuid = value.toByteBuffer();
      return new UUID(uuid.getLong(), uuid.getLong()).toString();
    }
    if (logical instanceof IntervalLogicalTypeAnnotation && type == ScalarType.INTERVAL) {
      ByteBuffer parts = ByteBuffer.wrap(value.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return new IntervalValue(
          Integer.toUnsignedLong(parts.getInt()),
          Integer.toUnsignedLong(parts.getInt()),
          Integer.toUnsignedLong(parts.getInt()) * 1000);
    }
    if (type == ScalarType.BYTES) {
      return BinaryValues.ofBytes(value.getBytes(), type);
    }
    byte[] bytes = value.getBytesUnsafe();
    if (Utf8.firstInvalid(bytes, 0, bytes.length) >= 0) {
      throw new DecodeException(INVALID_UTF8, "the value is not UTF-8");
    }
    return BinaryValues.ofText(new String(bytes, StandardCharsets.UTF_8), type);
  }

  /** Nanoseconds of the day, then the Julian day, as older writers have it. */
  private static long int96(byte[] bytes) {
    ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = parts.getLong();
    long days = Integer.toUnsignedLong(parts.getInt()) - JULIAN_DAY_OF_EPOCH;
    return days * TemporalText.MICROS_PER_DAY + Math.floorDiv(nanos, 1000L);
  }

  private static BinaryValues.TimeUnit unit(LogicalTypeAnnotation.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> BinaryValues.TimeUnit.MILLIS;
      case MICROS -> BinaryValues.TimeUnit.MICROS;
      case NANOS -> BinaryValues.TimeUnit.NANOS;
    };
  }
}
