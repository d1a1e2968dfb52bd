package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.ScalarFunction.Argument;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions that collect the values. */
final class ArrayFunctions {

  private ArrayFunctions() {}

  static void register(Consumer<AggregateFunction> catalog) {
    catalog.accept(
        new AggregateFunction(
            "ARRAY_AGG",
            1,
            1,
            List.of("ARRAY_AGG([DISTINCT] any type but ARRAY)"),
            AggregateFunction.taking(Takes.DISTINCT, Takes.ORDER_AND_LIMIT, Takes.NULLS),
            (types, arguments) ->
                types.get(0) instanceof ArrayType
                    ? Resolution.refuse(
                        "ARRAY_AGG does not take arrays: there are no arrays of arrays",
                        "Use ARRAY_CONCAT_AGG, or put the array into a STRUCT")
                    : Resolution.accept(Type.array(types.get(0)), types.get(0)),
            call -> collect(call, call.respectsNulls(true), Finishers::array)));
    catalog.accept(
        new AggregateFunction(
            "ARRAY_CONCAT_AGG",
            1,
            1,
            List.of("ARRAY_CONCAT_AGG(ARRAY)"),
            AggregateFunction.taking(Takes.ORDER_AND_LIMIT),
            Typings.same(t -> t instanceof ArrayType),
            call -> collect(call, false, Finishers::concatenation)));
    catalog.accept(
        new AggregateFunction(
            "STRING_AGG",
            1,
            2,
            List.of(
                "STRING_AGG([DISTINCT] STRING [, a constant STRING])",
                "STRING_AGG([DISTINCT] BYTES [, a constant BYTES])"),
            AggregateFunction.taking(Takes.DISTINCT, Takes.ORDER_AND_LIMIT),
            ArrayFunctions::resolveText,
            call -> collect(call, false, joiner(call))));
  }

  private static Resolution resolveText(List<Type> types, List<Argument> arguments) {
    Type type = types.get(0);
    if (arguments.get(0).type() == null) {
      type = ScalarType.STRING;
    }
    if (type != ScalarType.STRING && type != ScalarType.BYTES) {
      return Typings.NO_SIGNATURE;
    }
    if (arguments.size() == 1) {
      return Resolution.accept(type, type);
    }
    Argument delimiter = arguments.get(1);
    if (!Coercion.coerces(delimiter, type)) {
      return Typings.NO_SIGNATURE;
    }
    if (!delimiter.literal() || delimiter.value() == null) {
      return Resolution.refuse(
          "The delimiter of STRING_AGG must be a constant and not NULL",
          "Write a literal, as in STRING_AGG(x, ', ')");
    }
    return Resolution.accept(type, type, type);
  }

  private static Function<List<@Nullable Object>, Object> joiner(CompiledCall call) {
    if (call.type(0) == ScalarType.STRING) {
      return Finishers.text(
          call.size() > 1 && call.constant(1) instanceof String text ? text : ",");
    }
    return Finishers.bytes(
        call.size() > 1 && call.constant(1) instanceof ByteString bytes
            ? bytes
            : ByteString.copyFromUtf8(","));
  }

  private static FormattedAggregator<?> collect(
      CompiledCall call, boolean nulls, Function<List<@Nullable Object>, Object> finish) {
    return new CollectAggregator(
        call.argument(0),
        call.type(0),
        call.call().orderBy(),
        call.orderBy(),
        new CollectAggregator.Options(
            call.call().distinct(),
            nulls,
            call.call().limit(),
            call.arrival() && call.orderBy().isEmpty(),
            Collected.MOST),
        finish);
  }
}
