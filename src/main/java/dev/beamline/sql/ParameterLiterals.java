package dev.beamline.sql;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.Casts;
import dev.beamline.plan.Expression;
import dev.beamline.project.Located;
import dev.beamline.project.ParameterValue;
import dev.beamline.project.SourceTables;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes literals of parameters' values as YAML and the command line give them. */
final class ParameterLiterals {

  private ParameterLiterals() {}

  /** The literal, or null where the value is not of its type, which is reported. */
  static Expression.@Nullable Literal of(ParameterValue parameter, Problems problems) {
    Located<String> written = parameter.type();
    Type type =
        written == null
            ? infer(parameter.value()).orElse(null)
            : SourceTables.parseType(written, false, problems);
    if (type == null) {
      if (written == null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.WRONG_TYPE,
                parameter.place(),
                "the type of the parameter \""
                    + parameter.name()
                    + "\" does not follow from its value",
                "write {type: ..., value: ...}"));
      }
      return null;
    }
    try {
      return new Expression.Literal(convert(parameter.value(), type), type);
    } catch (EvaluationException | ClassCastException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.WRONG_TYPE,
              parameter.place(),
              "the value of the parameter \"" + parameter.name() + "\" is not " + type.sql(),
              e instanceof EvaluationException ? e.getMessage() : null));
      return null;
    }
  }

  private static Optional<Type> infer(@Nullable Object value) {
    if (value instanceof String) {
      return Optional.of(ScalarType.STRING);
    }
    if (value instanceof Long) {
      return Optional.of(ScalarType.INT64);
    }
    if (value instanceof BigDecimal || value instanceof Double) {
      return Optional.of(ScalarType.FLOAT64);
    }
    if (value instanceof Boolean) {
      return Optional.of(ScalarType.BOOL);
    }
    if (value instanceof List<?> list && !list.isEmpty()) {
      Optional<Type> element = infer(list.get(0));
      boolean same = list.stream().allMatch(item -> infer(item).equals(element));
      return same
          ? element.filter(t -> !(t instanceof ArrayType)).map(ArrayType::new)
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static @Nullable Object convert(@Nullable Object value, Type type) {
    if (value == null) {
      return null;
    }
    if (type instanceof ArrayType array) {
      List<@Nullable Object> items = new ArrayList<>();
      for (Object item : (List<?>) value) {
        items.add(convert(item, array.element()));
      }
      return java.util.Collections.unmodifiableList(items);
    }
    if (type instanceof StructType struct) {
      Map<?, ?> fields = (Map<?, ?>) value;
      @Nullable Object[] values = new @Nullable Object[struct.fields().size()];
      for (int i = 0; i < values.length; i++) {
        Column field = struct.fields().get(i);
        values[i] = convert(fields.get(field.name()), field.type());
      }
      return Tuple.of(values);
    }
    return scalar(value, type);
  }

  private static @Nullable Object scalar(Object value, Type type) {
    if (value instanceof Boolean) {
      return Casts.cast(value, ScalarType.BOOL, requireSame(type, ScalarType.BOOL));
    }
    if (value instanceof Long number) {
      return type == ScalarType.STRING
          ? number.toString()
          : Casts.cast(number, ScalarType.INT64, type);
    }
    if (value instanceof Double number) {
      return Casts.cast(number, ScalarType.FLOAT64, type);
    }
    if (value instanceof Number number) {
      BigDecimal decimal = Values.canonical(new BigDecimal(number.toString()));
      return type == ScalarType.FLOAT64
          ? (Object) decimal.doubleValue()
          : exact(decimal, Casts.cast(decimal, ScalarType.BIGNUMERIC, type));
    }
    return Casts.cast((String) value, ScalarType.STRING, type);
  }

  /** A number that its type would round is refused. */
  private static @Nullable Object exact(BigDecimal written, @Nullable Object value) {
    boolean same =
        value instanceof String
            || (value instanceof BigDecimal decimal && decimal.compareTo(written) == 0)
            || (value instanceof Long whole && BigDecimal.valueOf(whole).compareTo(written) == 0);
    if (!same) {
      throw new EvaluationException(written.toPlainString() + " would be rounded");
    }
    return value;
  }

  private static Type requireSame(Type type, Type expected) {
    if (type != expected) {
      throw new EvaluationException("expected " + type.sql() + ", not a boolean");
    }
    return type;
  }
}
