package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.any;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.plan.Expression;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code CAST_FORMAT} (value, model, and a time zone where there is one) for CAST(value AS type
 * FORMAT model AT TIME ZONE zone); the type is the call's. Between STRING and dates or times,
 * between STRING and BYTES, and from numbers to STRING.
 */
public final class CastFormats {

  /** The name of the call. */
  public static final String CAST_FORMAT = "CAST_FORMAT";

  private static final Set<ScalarType> NUMBERS =
      EnumSet.of(ScalarType.INT64, ScalarType.FLOAT64, ScalarType.NUMERIC, ScalarType.BIGNUMERIC);

  private static final Set<ScalarType> CIVIL =
      EnumSet.of(ScalarType.DATE, ScalarType.DATETIME, ScalarType.TIME, ScalarType.TIMESTAMP);

  private CastFormats() {}

  /** Whether CAST between the types takes FORMAT; a time zone goes with TIMESTAMP only. */
  public static boolean allowed(Type from, Type to, boolean zone) {
    if (!(from instanceof ScalarType source) || !(to instanceof ScalarType target)) {
      return false;
    } else if (zone) {
      return (source == STRING && target == ScalarType.TIMESTAMP)
          || (source == ScalarType.TIMESTAMP && target == STRING);
    } else if (target == STRING) {
      return source == BYTES || NUMBERS.contains(source) || CIVIL.contains(source);
    }
    return source == STRING && (target == BYTES || CIVIL.contains(target));
  }

  static void register(Registry registry) {
    registry
        .operator(CAST_FORMAT, "CAST")
        .checked(CastFormats::check)
        .takes(any(), of(STRING), optional(STRING))
        .returnsOf(types -> types.get(0))
        .compiled(
            (call, arguments) -> Strict.variadic(() -> conversion(call)).compile(call, arguments));
  }

  private static Strict.Variadic conversion(Expression.Call call) {
    Type from = call.arguments().get(0).type();
    Type to = call.type();
    if (from == BYTES) {
      return values -> BytesModel.of((String) values[1]).write((ByteString) values[0]);
    } else if (to == BYTES) {
      return values -> BytesModel.of((String) values[1]).read((String) values[0]);
    } else if (from instanceof ScalarType number && NUMBERS.contains(number)) {
      LastUsed<String, NumberWriter> writers = new LastUsed<>(NumberWriter::new);
      return values -> writers.get((String) values[1]).write(values[0]);
    } else if (from instanceof ScalarType civil && CIVIL.contains(civil)) {
      LastUsed<String, DateFormatModel> models =
          new LastUsed<>(model -> DateFormatModel.writing(model, civil));
      return values -> models.get((String) values[1]).write((Long) values[0], zone(values));
    } else if (to instanceof ScalarType civil && CIVIL.contains(civil)) {
      Function<String, DateFormatModel> read = model -> DateFormatModel.reading(model, civil);
      LastUsed<String, DateFormatModel> models = new LastUsed<>(read);
      return values ->
          models
              .get((String) values[1])
              .read((String) values[0], zone(values), LocalDate.now(ZoneOffset.UTC));
    }
    throw new IllegalArgumentException("no CAST with FORMAT from " + from + " to " + to);
  }

  /** Refuses a literal model that is none. */
  private static void check(Expression.Call call) {
    if (call.arguments().get(1) instanceof Expression.Literal literal
        && literal.value() instanceof String model) {
      Type from = call.arguments().get(0).type();
      if (from == BYTES || call.type() == BYTES) {
        BytesModel.of(model);
      } else if (from instanceof ScalarType number && NUMBERS.contains(number)) {
        new NumberWriter(model);
      } else if (from instanceof ScalarType civil && CIVIL.contains(civil)) {
        DateFormatModel.writing(model, civil);
      } else if (call.type() instanceof ScalarType civil && CIVIL.contains(civil)) {
        DateFormatModel.reading(model, civil);
      }
    }
  }

  private static ZoneId zone(Object[] values) {
    return values.length > 2 ? TimeZones.zone((String) values[2]) : ZoneOffset.UTC;
  }
}
