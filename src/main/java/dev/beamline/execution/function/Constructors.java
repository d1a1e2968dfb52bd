package dev.beamline.execution.function;

import static dev.beamline.execution.function.Parameter.any;
import static dev.beamline.execution.function.Parameter.t;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * {@code ARRAY} (its elements, all of the call's element type) and {@code STRUCT} (its fields;
 * their names are the call's type's).
 */
final class Constructors {

  static final String ARRAY = "ARRAY";
  static final String STRUCT = "STRUCT";

  private Constructors() {}

  static void register(Registry registry) {
    registry
        .operator(ARRAY, "ARRAY")
        .locatesErrors()
        .takes(t().repeatedly())
        .returnsOf(types -> Type.array(types.isEmpty() ? ScalarType.INT64 : types.get(0)))
        .compiled(
            (call, arguments) -> {
              Evaluator[] elements = arguments.toArray(Evaluator[]::new);
              return row -> {
                @Nullable Object[] values = new @Nullable Object[elements.length];
                for (int i = 0; i < values.length; i++) {
                  values[i] = elements[i].evaluate(row);
                }
                return Collections.unmodifiableList(Arrays.asList(values));
              };
            });
    registry
        .operator(STRUCT, "STRUCT")
        .locatesErrors()
        .takes(any().repeatedly())
        .returnsOf(
            types -> new StructType(types.stream().map(type -> Column.of("", type)).toList()))
        .compiled(
            (call, arguments) -> {
              Evaluator[] fields = arguments.toArray(Evaluator[]::new);
              return row -> {
                @Nullable Object[] values = new @Nullable Object[fields.length];
                for (int i = 0; i < values.length; i++) {
                  values[i] = fields[i].evaluate(row);
                }
                return Tuple.of(values);
              };
            });
  }
}
