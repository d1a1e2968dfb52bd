package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;

/** Closures for the types that are carried as {@link Long}, of which most filters are made. */
final class Longs {

  private Longs() {}

  static boolean carries(Type type) {
    return type == ScalarType.INT64
        || type == ScalarType.TIMESTAMP
        || type == ScalarType.DATETIME
        || type == ScalarType.DATE
        || type == ScalarType.TIME;
  }

  /** What {@code test} makes of two values. */
  private interface Test {
    boolean test(long a, long b);
  }

  private static Evaluator both(Evaluator left, Evaluator right, Test test) {
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      return b == null ? null : (Boolean) test.test((Long) a, (Long) b);
    };
  }

  static Evaluator compare(String comparison, Evaluator left, Evaluator right) {
    return switch (comparison) {
      case "EQ" -> both(left, right, (a, b) -> a == b);
      case "NE" -> both(left, right, (a, b) -> a != b);
      case "LT" -> both(left, right, (a, b) -> a < b);
      case "LE" -> both(left, right, (a, b) -> a <= b);
      case "GT" -> both(left, right, (a, b) -> a > b);
      case "GE" -> both(left, right, (a, b) -> a >= b);
      default -> throw new IllegalArgumentException(comparison);
    };
  }

  static Evaluator compare(String comparison, Evaluator left, long constant) {
    return switch (comparison) {
      case "EQ" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a == constant) : null;
      case "NE" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a != constant) : null;
      case "LT" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a < constant) : null;
      case "LE" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a <= constant) : null;
      case "GT" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a > constant) : null;
      case "GE" -> row -> left.evaluate(row) instanceof Long a ? (Boolean) (a >= constant) : null;
      default -> throw new IllegalArgumentException(comparison);
    };
  }
}
