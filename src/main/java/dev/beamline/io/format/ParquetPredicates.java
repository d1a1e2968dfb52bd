package dev.beamline.io.format;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.ScanRequest;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators.Column;
import org.apache.parquet.filter2.predicate.Operators.SupportsLtGt;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as Parquet's filters have them, of columns whose values are stored as they compare
 * here. What has no sure form there is left out, so that more rows may pass than are wanted, never
 * fewer; and what stands behind a condition that has none is left out too, for that one is looked
 * at first and may fail on a row.
 */
final class ParquetPredicates {

  private ParquetPredicates() {}

  /** What holds for every row that passes one of the filters; null: nothing is known. */
  static @Nullable FilterPredicate of(MessageType written, List<ScanRequest.Filter> filters) {
    FilterPredicate any = null;
    for (ScanRequest.Filter filter : filters) {
      FilterPredicate all = null;
      for (Expression conjunct : Expressions.conjuncts(filter.condition())) {
        FilterPredicate one = exact(conjunct, filter.schema(), written);
        if (one == null) {
          break;
        }
        all = all == null ? one : FilterApi.and(all, one);
      }
      if (all == null) {
        return null;
      }
      any = any == null ? all : FilterApi.or(any, all);
    }
    return any;
  }

  private static @Nullable FilterPredicate exact(
      Expression condition, Schema schema, MessageType written) {
    if (!(condition instanceof Expression.Call call) || call.safe()) {
      return null;
    }
    List<Expression> arguments = call.arguments();
    if (call.function().equals("OR") || call.function().equals("AND")) {
      FilterPredicate joined = null;
      for (Expression argument : arguments) {
        FilterPredicate one = exact(argument, schema, written);
        if (one == null) {
          return null;
        }
        joined =
            joined == null
                ? one
                : call.function().equals("OR")
                    ? FilterApi.or(joined, one)
                    : FilterApi.and(joined, one);
      }
      return joined;
    }
    if (arguments.isEmpty()) {
      return null;
    }
    Stored<?, ?> column = stored(arguments.get(0), schema, written);
    if (column != null) {
      return column.test(call.function(), arguments.subList(1, arguments.size()));
    }
    String mirrored =
        switch (call.function()) {
          case "EQ" -> "EQ";
          case "LT" -> "GT";
          case "LE" -> "GE";
          case "GT" -> "LT";
          case "GE" -> "LE";
          default -> "";
        };
    if (mirrored.isEmpty() || arguments.size() != 2) {
      return null;
    }
    Stored<?, ?> second = stored(arguments.get(1), schema, written);
    return second == null ? null : second.test(mirrored, arguments.subList(0, 1));
  }

  /** A column of the file whose order is that of the declared type. */
  private abstract static class Stored<
      T extends Comparable<T>, C extends Column<T> & SupportsLtGt> {
    private final C column;
    private final ScalarType type;

    Stored(C column, ScalarType type) {
      this.column = column;
      this.type = type;
    }

    /** As the file has the value; null where it cannot have it. */
    abstract @Nullable T value(Object value);

    private @Nullable T literal(Expression expression) {
      return expression instanceof Expression.Literal literal
              && literal.value() != null
              && literal.type() == type
          ? value(literal.value())
          : null;
    }

    @Nullable FilterPredicate test(String function, List<Expression> others) {
      if (function.equals("IS_NULL")) {
        return FilterApi.eq(column, null);
      } else if (function.equals("IS_NOT_NULL")) {
        return FilterApi.notEq(column, null);
      }
      List<T> values = new ArrayList<>();
      for (Expression other : others) {
        T value = literal(other);
        if (value == null) {
          return null;
        }
        values.add(value);
      }
      return switch (function) {
        case "EQ" -> FilterApi.eq(column, values.get(0));
        case "LT" -> FilterApi.lt(column, values.get(0));
        case "LE" -> FilterApi.ltEq(column, values.get(0));
        case "GT" -> FilterApi.gt(column, values.get(0));
        case "GE" -> FilterApi.gtEq(column, values.get(0));
        case "BETWEEN" ->
            FilterApi.and(
                FilterApi.gtEq(column, values.get(0)), FilterApi.ltEq(column, values.get(1)));
        case "IN" -> in(values);
        default -> null;
      };
    }

    private @Nullable FilterPredicate in(List<T> values) {
      FilterPredicate any = null;
      for (T value : values) {
        FilterPredicate one = FilterApi.eq(column, value);
        any = any == null ? one : FilterApi.or(any, one);
      }
      return any;
    }
  }

  private static @Nullable Stored<?, ?> stored(
      Expression expression, Schema schema, MessageType written) {
    if (!(expression instanceof Expression.InputColumn column)
        || !(schema.type(column.index()) instanceof ScalarType type)) {
      return null;
    }
    Type field = ParquetConverters.field(written, schema.name(column.index()));
    if (field == null || !field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
      return null;
    }
    PrimitiveType primitive = field.asPrimitiveType();
    LogicalTypeAnnotation logical = primitive.getLogicalTypeAnnotation();
    PrimitiveTypeName name = primitive.getPrimitiveTypeName();
    boolean whole =
        logical == null || (logical instanceof IntLogicalTypeAnnotation i && i.isSigned());
    boolean micros =
        logical instanceof TimestampLogicalTypeAnnotation t
            && t.getUnit() == LogicalTypeAnnotation.TimeUnit.MICROS;
    if (name == PrimitiveTypeName.INT64
        && ((type == ScalarType.INT64 && whole) || (type == ScalarType.TIMESTAMP && micros))) {
      return new Stored<>(FilterApi.longColumn(field.getName()), type) {
        @Override
        Long value(Object value) {
          return (Long) value;
        }
      };
    } else if (name == PrimitiveTypeName.INT32
        && ((type == ScalarType.INT64 && whole)
            || (type == ScalarType.DATE && logical instanceof DateLogicalTypeAnnotation))) {
      return new Stored<>(FilterApi.intColumn(field.getName()), type) {
        @Override
        @Nullable Integer value(Object value) {
          long number = (Long) value;
          return number == (int) number ? (Integer) (int) number : null;
        }
      };
    } else if (name == PrimitiveTypeName.BINARY
        && type == ScalarType.STRING
        && logical instanceof StringLogicalTypeAnnotation) {
      return new Stored<>(FilterApi.binaryColumn(field.getName()), type) {
        @Override
        Binary value(Object value) {
          return Binary.fromString((String) value);
        }
      };
    }
    return null;
  }
}
