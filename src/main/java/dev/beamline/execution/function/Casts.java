package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CAST between types, as BigQuery's "Conversion rules" allow it. Dates and times without a zone are
 * read and written in UTC.
 */
public final class Casts {

  /** Converts values that are not NULL. */
  @FunctionalInterface
  public interface Converter {
    Object convert(Object value);
  }

  private static final Converter SAME = value -> value;

  private static final Map<ScalarType, Map<ScalarType, Converter>> SCALARS =
      new EnumMap<>(ScalarType.class);

  static {
    for (ScalarType type : ScalarType.values()) {
      put(type, type, SAME);
    }
    put(ScalarType.BOOL, ScalarType.INT64, v -> (Boolean) v ? 1L : 0L);
    put(ScalarType.BOOL, ScalarType.STRING, v -> v.toString());

    put(ScalarType.INT64, ScalarType.BOOL, v -> (Long) v != 0);
    put(ScalarType.INT64, ScalarType.FLOAT64, v -> ((Long) v).doubleValue());
    put(ScalarType.INT64, ScalarType.NUMERIC, v -> ofLong((Long) v));
    put(ScalarType.INT64, ScalarType.BIGNUMERIC, v -> ofLong((Long) v));
    put(ScalarType.INT64, ScalarType.STRING, v -> v.toString());

    put(ScalarType.FLOAT64, ScalarType.INT64, v -> toLong((Double) v));
    put(
        ScalarType.FLOAT64,
        ScalarType.NUMERIC,
        v -> Numerics.ofDouble((Double) v, ScalarType.NUMERIC));
    put(
        ScalarType.FLOAT64,
        ScalarType.BIGNUMERIC,
        v -> Numerics.ofDouble((Double) v, ScalarType.BIGNUMERIC));
    put(ScalarType.FLOAT64, ScalarType.STRING, v -> Floats.toText((Double) v));

    for (ScalarType decimal : List.of(ScalarType.NUMERIC, ScalarType.BIGNUMERIC)) {
      put(decimal, ScalarType.INT64, v -> Numerics.toLong((BigDecimal) v));
      put(decimal, ScalarType.FLOAT64, v -> ((BigDecimal) v).doubleValue());
      put(decimal, ScalarType.STRING, v -> ((BigDecimal) v).toPlainString());
      put(ScalarType.STRING, decimal, v -> Numerics.parse((String) v, decimal));
    }
    put(ScalarType.NUMERIC, ScalarType.BIGNUMERIC, SAME);
    put(ScalarType.BIGNUMERIC, ScalarType.NUMERIC, v -> toNumeric((BigDecimal) v));

    put(ScalarType.STRING, ScalarType.BOOL, v -> parseBool((String) v));
    put(ScalarType.STRING, ScalarType.INT64, v -> Integers.parse((String) v));
    put(ScalarType.STRING, ScalarType.FLOAT64, v -> Floats.parse((String) v));
    put(ScalarType.STRING, ScalarType.BYTES, v -> ByteString.copyFromUtf8((String) v));
    put(ScalarType.STRING, ScalarType.DATE, v -> CivilText.parseDate((String) v));
    put(ScalarType.STRING, ScalarType.DATETIME, v -> CivilText.parseDatetime((String) v));
    put(ScalarType.STRING, ScalarType.TIME, v -> CivilText.parseTime((String) v));
    put(
        ScalarType.STRING,
        ScalarType.TIMESTAMP,
        v -> CivilText.parseTimestamp((String) v, ZoneOffset.UTC));
    put(ScalarType.BYTES, ScalarType.STRING, v -> toText((ByteString) v));

    put(ScalarType.DATE, ScalarType.STRING, v -> CivilText.formatDate((Long) v));
    put(ScalarType.DATE, ScalarType.DATETIME, v -> (Long) v * CivilTime.MICROS_PER_DAY);
    put(ScalarType.DATE, ScalarType.TIMESTAMP, v -> (Long) v * CivilTime.MICROS_PER_DAY);
    put(ScalarType.DATETIME, ScalarType.STRING, v -> CivilText.formatDatetime((Long) v));
    put(
        ScalarType.TIMESTAMP,
        ScalarType.STRING,
        v -> CivilText.formatTimestamp((Long) v, ZoneOffset.UTC));
    // In UTC a DATETIME and its TIMESTAMP are the same number.
    put(ScalarType.DATETIME, ScalarType.TIMESTAMP, SAME);
    put(ScalarType.TIMESTAMP, ScalarType.DATETIME, SAME);
    for (ScalarType both : List.of(ScalarType.DATETIME, ScalarType.TIMESTAMP)) {
      put(both, ScalarType.DATE, v -> CivilTime.dateOf((Long) v));
      put(both, ScalarType.TIME, v -> CivilTime.timeOf((Long) v));
    }
    put(ScalarType.TIME, ScalarType.STRING, v -> CivilText.formatTime((Long) v));
    put(ScalarType.INTERVAL, ScalarType.STRING, v -> Intervals.format((IntervalValue) v));
    put(ScalarType.STRING, ScalarType.INTERVAL, v -> IntervalLiterals.parse((String) v));
  }

  private Casts() {}

  private static void put(ScalarType from, ScalarType to, Converter converter) {
    SCALARS.computeIfAbsent(from, f -> new EnumMap<>(ScalarType.class)).put(to, converter);
  }

  /** Whether CAST can be written between the types. */
  public static boolean allowed(Type from, Type to) {
    return converter(from, to).isPresent();
  }

  /**
   * Converts as an explicit CAST does.
   *
   * @throws EvaluationException where the value has no counterpart in the type
   * @throws IllegalArgumentException where the types cannot be cast
   */
  public static @Nullable Object cast(@Nullable Object value, Type from, Type to) {
    Converter converter =
        converter(from, to)
            .orElseThrow(() -> new IllegalArgumentException("no CAST from " + from + " to " + to));
    return value == null ? null : converter.convert(value);
  }

  /** How values of a type become those of another; empty where CAST does not allow it. */
  public static Optional<Converter> converter(Type from, Type to) {
    if (from instanceof ScalarType source && to instanceof ScalarType target) {
      return Optional.ofNullable(SCALARS.getOrDefault(source, Map.of()).get(target));
    } else if (Coercion.equivalent(from, to)) {
      return Optional.of(SAME);
    } else if (from instanceof ArrayType source && to instanceof ArrayType target) {
      return converter(source.element(), target.element()).map(Casts::ofArray);
    } else if (from instanceof StructType source && to instanceof StructType target) {
      return ofStruct(source, target);
    }
    return Optional.empty();
  }

  private static Converter ofArray(Converter element) {
    return value -> {
      List<@Nullable Object> result = new ArrayList<>();
      for (Object each : (List<?>) value) {
        result.add(each == null ? null : element.convert(each));
      }
      return Collections.unmodifiableList(result);
    };
  }

  private static Optional<Converter> ofStruct(StructType from, StructType to) {
    if (from.fields().size() != to.fields().size()) {
      return Optional.empty();
    }
    Converter[] fields = new Converter[from.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      Optional<Converter> one = converter(from.fields().get(i).type(), to.fields().get(i).type());
      if (one.isEmpty()) {
        return Optional.empty();
      }
      fields[i] = one.get();
    }
    return Optional.of(
        value -> {
          Tuple tuple = (Tuple) value;
          @Nullable Object[] result = new @Nullable Object[fields.length];
          for (int i = 0; i < fields.length; i++) {
            Object each = tuple.get(i);
            result[i] = each == null ? null : fields[i].convert(each);
          }
          return Tuple.of(result);
        });
  }

  private static BigDecimal ofLong(long value) {
    return Values.canonical(BigDecimal.valueOf(value));
  }

  private static BigDecimal toNumeric(BigDecimal value) {
    try {
      return Numerics.fit(value, ScalarType.NUMERIC, value.toPlainString());
    } catch (EvaluationException e) {
      throw new EvaluationException("NUMERIC out of range: " + value.toPlainString());
    }
  }

  /** The nearest integer, halves away from zero. */
  static long toLong(double value) {
    if (!Double.isFinite(value)) {
      throw new EvaluationException(
          "Illegal conversion of non-finite floating point number to an integer: "
              + Floats.toText(value));
    }
    double magnitude = Math.abs(value);
    double whole = Math.floor(magnitude);
    double rounded = Math.copySign(magnitude - whole >= 0.5 ? whole + 1 : whole, value);
    if (rounded < -0x1p63 || rounded >= 0x1p63) {
      throw new EvaluationException("int64 out of range: " + Floats.toText(value));
    }
    return (long) rounded;
  }

  private static boolean parseBool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    } else if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new EvaluationException("Bad bool value: " + Shown.cut(text));
  }

  /** Bytes as the text whose UTF-8 they are. */
  static String toText(ByteString bytes) {
    if (!bytes.isValidUtf8()) {
      throw new EvaluationException("Invalid cast of bytes to UTF8 string");
    }
    return bytes.toStringUtf8();
  }
}
