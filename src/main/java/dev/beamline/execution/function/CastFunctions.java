package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.any;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * {@code CAST} (one argument; the type is the call's; SAFE_CAST is a safe call), {@code
 * LIMIT_LENGTH} (STRING or BYTES, most characters or bytes) and {@code LIMIT_DIGITS} (NUMERIC or
 * BIGNUMERIC, precision, scale) for the parameterized types STRING(10), NUMERIC(10, 2): they follow
 * upon the CAST.
 */
final class CastFunctions {

  static final String CAST = "CAST";

  private CastFunctions() {}

  static void register(Registry registry) {
    registry
        .operator(CAST, "CAST")
        .takes(any())
        .returnsOf(types -> types.get(0))
        .compiled(CastFunctions::cast);
    registry
        .operator("LIMIT_LENGTH", "LIMIT_LENGTH")
        .takes(STRING, INT64)
        .returns(STRING)
        .strict(
            (String value, Long most) -> {
              checkLength(value.codePointCount(0, value.length()), most);
              return value;
            })
        .takes(BYTES, INT64)
        .returns(BYTES)
        .strict(
            (ByteString value, Long most) -> {
              checkLength(value.size(), most);
              return value;
            });
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      registry
          .operator("LIMIT_DIGITS", "LIMIT_DIGITS")
          .takes(type, INT64, INT64)
          .returns(type)
          .strict((BigDecimal value, Long precision, Long scale) -> limit(value, precision, scale));
    }
  }

  private static Evaluator cast(Expression.Call call, List<Evaluator> arguments) {
    Expression argument = call.arguments().get(0);
    Type from = argument.type();
    Type to = call.type();
    Casts.Converter converter =
        Casts.converter(from, to)
            .orElseThrow(() -> new IllegalArgumentException("no CAST from " + from + " to " + to));
    Evaluator value = arguments.get(0);
    return row -> {
      Object each = value.evaluate(row);
      return each == null ? null : converter.convert(each);
    };
  }

  private static void checkLength(long length, long most) {
    if (length > most) {
      throw new EvaluationException(
          "maximum length " + most + " exceeded: the value has length " + length);
    }
  }

  private static BigDecimal limit(BigDecimal value, long precision, long scale) {
    BigDecimal rounded = value.setScale((int) scale, RoundingMode.HALF_UP);
    if (rounded.precision() - rounded.scale() > precision - scale && rounded.signum() != 0) {
      throw new EvaluationException(
          "Value "
              + value.toPlainString()
              + " has more digits before the point than NUMERIC("
              + precision
              + ", "
              + scale
              + ") allows: "
              + (precision - scale));
    }
    return Values.canonical(rounded);
  }
}
