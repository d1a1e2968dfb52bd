package dev.beamline.plan;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Expressions for people, close to SQL. */
public final class ExpressionText {

  private static final Map<String, String> INFIX =
      Map.ofEntries(
          Map.entry("ADD", "+"),
          Map.entry("SUBTRACT", "-"),
          Map.entry("MULTIPLY", "*"),
          Map.entry("DIVIDE", "/"),
          Map.entry("EQ", "="),
          Map.entry("NE", "!="),
          Map.entry("LT", "<"),
          Map.entry("LE", "<="),
          Map.entry("GT", ">"),
          Map.entry("GE", ">="),
          Map.entry("AND", "AND"),
          Map.entry("OR", "OR"),
          Map.entry("LIKE", "LIKE"));

  private static final Map<String, String> POSTFIX =
      Map.of(
          "IS_NULL", "IS NULL",
          "IS_NOT_NULL", "IS NOT NULL",
          "IS_TRUE", "IS TRUE",
          "IS_NOT_TRUE", "IS NOT TRUE",
          "IS_FALSE", "IS FALSE",
          "IS_NOT_FALSE", "IS NOT FALSE");

  private static final List<Map.Entry<String, Long>> PARTS =
      List.of(
          Map.entry("HOUR", 3_600_000_000L),
          Map.entry("MINUTE", 60_000_000L),
          Map.entry("SECOND", 1_000_000L),
          Map.entry("MILLISECOND", 1_000L),
          Map.entry("MICROSECOND", 1L));

  private ExpressionText() {}

  /**
   * The expression over a row of these columns. A column is shown by its name where only one has
   * it, else as {@code $index}.
   */
  public static String of(Expression expression, Schema row) {
    return text(expression, row, false);
  }

  private static String text(Expression expression, Schema row, boolean nested) {
    if (expression instanceof Expression.Literal literal) {
      return literal(literal);
    } else if (expression instanceof Expression.InputColumn column) {
      return column(column.index(), row);
    } else if (expression instanceof Expression.OuterColumn column) {
      return "outer" + (column.depth() > 1 ? column.depth() : "") + "$" + column.index();
    } else if (expression instanceof Expression.Field field) {
      return text(field.struct(), row, true)
          + "."
          + (field.struct().type() instanceof StructType struct
                  && !struct.fields().get(field.index()).name().isEmpty()
              ? struct.fields().get(field.index()).name()
              : "$" + field.index());
    } else if (expression instanceof Expression.RowSubquery subquery) {
      Expression operand = subquery.operand();
      return (operand == null ? "" : text(operand, row, true) + " ")
          + subquery.kind()
          + " {"
          + PlanText.of(subquery.plan()).strip().replaceAll("\\n *", " <- ")
          + "}";
    }
    return call((Expression.Call) expression, row, nested);
  }

  /** A column's name where it is the only one of it, else its position. */
  static String column(int index, Schema row) {
    if (index >= row.size()) {
      return "$" + index;
    }
    String name = row.name(index);
    long same = row.names().stream().filter(n -> n.equalsIgnoreCase(name)).count();
    return name.isEmpty() || same > 1 ? "$" + index : name;
  }

  private static String call(Expression.Call call, Schema row, boolean nested) {
    List<Expression> arguments = call.arguments();
    String infix = INFIX.get(call.function());
    String postfix = POSTFIX.get(call.function());
    if (infix != null && arguments.size() >= 2 && !call.safe()) {
      String joined =
          arguments.stream()
              .map(a -> text(a, row, true))
              .collect(Collectors.joining(" " + infix + " "));
      return nested ? "(" + joined + ")" : joined;
    } else if (postfix != null && arguments.size() == 1) {
      String joined = text(arguments.get(0), row, true) + " " + postfix;
      return nested ? "(" + joined + ")" : joined;
    } else if (call.function().equals("CAST")) {
      return (call.safe() ? "SAFE_CAST(" : "CAST(")
          + text(arguments.get(0), row, false)
          + " AS "
          + call.type().sql()
          + ")";
    }
    return (call.safe() ? "SAFE." : "")
        + call.function()
        + arguments.stream()
            .map(a -> text(a, row, false))
            .collect(Collectors.joining(", ", "(", ")"));
  }

  /** A constant as SQL writes it. */
  static String literal(Expression.Literal literal) {
    Object value = literal.value();
    if (value == null) {
      return "NULL";
    } else if (value instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    } else if (value instanceof List<?> list && literal.type() instanceof ArrayType array) {
      return list.stream()
          .map(e -> literal(new Expression.Literal(e, array.element())))
          .collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Tuple tuple && literal.type() instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < tuple.size(); i++) {
        fields.add(literal(new Expression.Literal(tuple.get(i), struct.fields().get(i).type())));
      }
      return "(" + String.join(", ", fields) + ")";
    } else if (value instanceof IntervalValue interval) {
      return interval(interval);
    } else if (value instanceof Long number && literal.type() != ScalarType.INT64) {
      return literal.type().sql() + " '" + civil(number, (ScalarType) literal.type()) + "'";
    } else if (literal.type() == ScalarType.NUMERIC || literal.type() == ScalarType.BIGNUMERIC) {
      return literal.type().sql() + " '" + value + "'";
    }
    return value.toString();
  }

  /** An interval of one part as SQL writes it, of several with its parts. */
  private static String interval(IntervalValue interval) {
    long micros = interval.micros();
    if (interval.months() == 0 && interval.days() == 0) {
      for (Map.Entry<String, Long> part : PARTS) {
        if (micros % part.getValue() == 0) {
          return "INTERVAL " + micros / part.getValue() + " " + part.getKey();
        }
      }
    } else if (interval.days() == 0 && micros == 0) {
      return "INTERVAL " + interval.months() + " MONTH";
    } else if (interval.months() == 0 && micros == 0) {
      return "INTERVAL " + interval.days() + " DAY";
    }
    return "INTERVAL '"
        + interval.months()
        + " months "
        + interval.days()
        + " days "
        + duration(micros)
        + "'";
  }

  private static String civil(long value, ScalarType type) {
    return switch (type) {
      case TIMESTAMP -> Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString();
      case DATETIME ->
          LocalDateTime.ofEpochSecond(
                  Math.floorDiv(value, 1_000_000L),
                  (int) Math.floorMod(value, 1_000_000L) * 1000,
                  ZoneOffset.UTC)
              .toString();
      case DATE -> LocalDate.ofEpochDay(value).toString();
      case TIME -> LocalTime.ofNanoOfDay(value * 1000).toString();
      default -> Long.toString(value);
    };
  }

  /** Microseconds as {@code 1h}, {@code 90s}, {@code 250ms}: in the largest unit that divides. */
  static String duration(long micros) {
    long[] units = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1_000L};
    String[] names = {"d", "h", "m", "s", "ms"};
    for (int i = 0; i < units.length && micros != 0; i++) {
      if (micros % units[i] == 0) {
        return micros / units[i] + names[i];
      }
    }
    return micros == 0 ? "0s" : micros + "us";
  }
}
