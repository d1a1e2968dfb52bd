package dev.beamline.execution.row;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery's rule for results: inside a query an array may have NULL elements, in a result it may
 * not. So ARRAY_LENGTH(ARRAY_AGG(x)) counts NULLs, and SELECT ARRAY_AGG(x) with one is an error.
 */
public final class ResultArrays {

  private ResultArrays() {}

  /** Whether rows of the schema can break the rule at all. */
  public static boolean concerns(Schema schema) {
    return schema.columns().stream().anyMatch(c -> hasArray(c.type()));
  }

  private static boolean hasArray(Type type) {
    return type instanceof ArrayType
        || (type instanceof StructType struct
            && struct.fields().stream().anyMatch(f -> hasArray(f.type())));
  }

  /**
   * Checks a row of a result.
   *
   * @throws EvaluationException where an array in it has a NULL element
   */
  public static void check(Tuple row, Schema schema) {
    for (int i = 0; i < schema.size(); i++) {
      check(row.get(i), schema.type(i), schema.name(i));
    }
  }

  private static void check(@Nullable Object value, Type type, String column) {
    if (type instanceof ArrayType array && value instanceof List<?> elements) {
      for (Object element : elements) {
        if (element == null) {
          throw new EvaluationException(
              "Array cannot have a null element; error in field "
                  + column
                  + ". Leave the NULLs out, as in ARRAY_AGG(x IGNORE NULLS)");
        }
        check(element, array.element(), column);
      }
    } else if (type instanceof StructType struct && value instanceof Tuple tuple) {
      for (int i = 0; i < struct.fields().size(); i++) {
        check(
            tuple.get(i),
            struct.fields().get(i).type(),
            column + "." + struct.fields().get(i).name());
      }
    }
  }
}
