package dev.beamline.plan;

import dev.beamline.catalog.IntervalValue;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far apart the event times of two joined rows may be: {@code least <= left - right <= most}.
 *
 * @param leftTime column of the left input
 * @param rightTime column of the right input
 * @param least microseconds, may be negative
 * @param most microseconds, may be negative
 */
public record JoinTimeBounds(int leftTime, int rightTime, long least, long most)
    implements Serializable {

  private static final long MICROS_A_DAY = 86_400_000_000L;

  /** A column plus so many microseconds. */
  private record Moment(int column, long plus) {}

  /**
   * Finds the bounds in the keys and the condition, such as {@code a.ts BETWEEN b.ts - INTERVAL 1
   * HOUR AND b.ts}; empty where they do not hold the times together on both sides.
   */
  public static Optional<JoinTimeBounds> of(Plan.Join join) {
    PlanTraits left = PlanTraits.of(join.left());
    PlanTraits right = PlanTraits.of(join.right());
    int shift = join.left().schema().size();
    for (int l : left.eventTime()) {
      for (int r : right.eventTime()) {
        Finder finder = new Finder(l, r + shift);
        for (int i = 0; i < join.leftKeys().size(); i++) {
          if (join.leftKeys().get(i) == l && join.rightKeys().get(i) == r) {
            finder.atLeast(0);
            finder.atMost(0);
          }
        }
        Expressions.conjuncts(join.condition()).forEach(finder::look);
        if (finder.least > Long.MIN_VALUE && finder.most < Long.MAX_VALUE) {
          return Optional.of(new JoinTimeBounds(l, r, finder.least, finder.most));
        }
      }
    }
    return Optional.empty();
  }

  /** Collects the tightest bounds. */
  private static final class Finder {
    private final int left;
    private final int right;
    private long least = Long.MIN_VALUE;
    private long most = Long.MAX_VALUE;

    Finder(int left, int right) {
      this.left = left;
      this.right = right;
    }

    void atLeast(long micros) {
      least = Math.max(least, micros);
    }

    void atMost(long micros) {
      most = Math.min(most, micros);
    }

    void look(Expression condition) {
      if (!(condition instanceof Expression.Call call)) {
        return;
      }
      List<Expression> arguments = call.arguments();
      switch (call.function()) {
        case "BETWEEN" -> {
          greater(arguments.get(0), arguments.get(1), 0);
          greater(arguments.get(2), arguments.get(0), 0);
        }
        case "GE" -> greater(arguments.get(0), arguments.get(1), 0);
        case "GT" -> greater(arguments.get(0), arguments.get(1), 1);
        case "LE" -> greater(arguments.get(1), arguments.get(0), 0);
        case "LT" -> greater(arguments.get(1), arguments.get(0), 1);
        case "EQ" -> {
          greater(arguments.get(0), arguments.get(1), 0);
          greater(arguments.get(1), arguments.get(0), 0);
        }
        default -> {}
      }
    }

    /** Takes note that the first is at least so much after the second. */
    private void greater(Expression first, Expression second, long by) {
      Moment a = moment(first);
      Moment b = moment(second);
      if (a == null || b == null) {
        return;
      }
      try {
        long difference = Math.addExact(Math.subtractExact(b.plus(), a.plus()), by);
        if (a.column() == left && b.column() == right) {
          atLeast(difference);
        } else if (a.column() == right && b.column() == left) {
          atMost(Math.negateExact(difference));
        }
      } catch (ArithmeticException e) {
        // So far apart that it bounds nothing.
        return;
      }
    }
  }

  private static @Nullable Moment moment(Expression expression) {
    if (expression instanceof Expression.InputColumn column) {
      return new Moment(column.index(), 0);
    }
    if (!(expression instanceof Expression.Call call) || call.arguments().size() != 2) {
      return null;
    }
    boolean adds = call.function().equals("ADD") || call.function().equals("TIMESTAMP_ADD");
    boolean subtracts =
        call.function().equals("SUBTRACT") || call.function().equals("TIMESTAMP_SUB");
    if (!adds && !subtracts) {
      return null;
    }
    Moment base = moment(call.arguments().get(0));
    Expression distance = call.arguments().get(1);
    if (base == null && call.function().equals("ADD")) {
      base = moment(call.arguments().get(1));
      distance = call.arguments().get(0);
    }
    if (base == null
        || !(distance instanceof Expression.Literal literal)
        || !(literal.value() instanceof IntervalValue interval)
        || interval.months() != 0) {
      return null;
    }
    try {
      long micros =
          Math.addExact(Math.multiplyExact(interval.days(), MICROS_A_DAY), interval.micros());
      return new Moment(
          base.column(), Math.addExact(base.plus(), subtracts ? Math.negateExact(micros) : micros));
    } catch (ArithmeticException e) {
      return null;
    }
  }
}
