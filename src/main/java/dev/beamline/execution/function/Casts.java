package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** CAST of values. */
public final class Casts {

  private Casts() {}

  /**
   * Converts as an explicit CAST does.
   *
   * @throws EvaluationException where the value has no counterpart in the type
   */
  public static @Nullable Object cast(@Nullable Object value, Type from, Type to) {
    if (value == null || Coercion.equivalent(from, to)) {
      return value;
    }
    if (value instanceof Long number && from == ScalarType.INT64) {
      if (to == ScalarType.FLOAT64) {
        return number.doubleValue();
      } else if (to == ScalarType.NUMERIC || to == ScalarType.BIGNUMERIC) {
        return Values.canonical(BigDecimal.valueOf(number));
      }
    }
    if (value instanceof BigDecimal decimal) {
      if (to == ScalarType.FLOAT64) {
        return decimal.doubleValue();
      } else if (to == ScalarType.NUMERIC || to == ScalarType.BIGNUMERIC) {
        return Numerics.fit(decimal, to, decimal.toPlainString());
      }
    }
    throw new EvaluationException("Cannot cast " + from.sql() + " to " + to.sql());
  }
}
