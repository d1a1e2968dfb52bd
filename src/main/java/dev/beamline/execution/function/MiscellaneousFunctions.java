package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.any;

import com.google.protobuf.ByteString;
import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code ERROR GENERATE_UUID SESSION_USER TYPEOF HLL_COUNT.EXTRACT FORMAT}. */
final class MiscellaneousFunctions {

  private MiscellaneousFunctions() {}

  static void register(Registry registry) {
    registry
        .add("ERROR")
        .notDeterministic()
        .takes(STRING)
        .returns(INT64)
        .compiled(
            (call, arguments) ->
                row -> {
                  Object message = arguments.get(0).evaluate(row);
                  throw new EvaluationException(message == null ? "ERROR(NULL)" : (String) message);
                });
    registry
        .add("GENERATE_UUID")
        .notDeterministic()
        .takes(new Parameter[0])
        .returns(STRING)
        .value(() -> UUID.randomUUID().toString());
    registry
        .add("SESSION_USER")
        .notDeterministic()
        .takes(new Parameter[0])
        .returns(STRING)
        .value(() -> System.getProperty("user.name", "unknown"));
    registry
        .add("TYPEOF")
        .takes(any())
        .returns(STRING)
        .compiled(
            (call, arguments) -> {
              String name = call.arguments().get(0).type().sql();
              return row -> name;
            });
    registry
        .add("HLL_COUNT.EXTRACT")
        .takes(BYTES)
        .returns(INT64)
        .compiled(
            (call, arguments) -> {
              Evaluator sketch = arguments.get(0);
              return row -> estimate((ByteString) sketch.evaluate(row));
            });
    registry
        .add("FORMAT")
        .checked(MiscellaneousFunctions::checkFormat)
        .takes(Parameter.of(STRING), any().repeatedly())
        .returns(STRING)
        .compiled(
            (call, arguments) -> {
              List<Type> types = printed(call);
              LastUsed<String, PrintFormat> formats = new LastUsed<>(f -> PrintFormat.of(f, types));
              List<Evaluator> rest = arguments.subList(1, arguments.size());
              return row -> {
                Object format = arguments.get(0).evaluate(row);
                if (format == null) {
                  return null;
                }
                @Nullable Object[] values = new @Nullable Object[rest.size()];
                for (int i = 0; i < values.length; i++) {
                  values[i] = rest.get(i).evaluate(row);
                }
                return formats.get((String) format).format(values);
              };
            });
  }

  private static List<Type> printed(Expression.Call call) {
    return call.arguments().stream().skip(1).map(Expression::type).toList();
  }

  private static void checkFormat(Expression.Call call) {
    if (call.arguments().get(0) instanceof Expression.Literal literal
        && literal.value() instanceof String format) {
      PrintFormat.of(format, printed(call));
    }
  }

  /** Of no sketch 0, as in BigQuery. */
  private static long estimate(@Nullable ByteString sketch) {
    if (sketch == null) {
      return 0;
    }
    try {
      return HyperLogLogPlusPlus.forProto(sketch.toByteArray()).longResult();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new EvaluationException("These BYTES are no HLL++ sketch");
    }
  }
}
