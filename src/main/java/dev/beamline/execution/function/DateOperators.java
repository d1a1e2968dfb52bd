package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.notText;
import static dev.beamline.execution.function.Parameter.of;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Located;

/**
 * {@code + - * /} of dates, times and intervals: date ± days; date, datetime or timestamp ±
 * interval (of a date a DATETIME comes out); differences, which are intervals; interval arithmetic.
 */
final class DateOperators {

  private DateOperators() {}

  static void register(Registry registry) {
    Registry.Definition add = registry.operator("ADD", "+");
    Registry.Definition subtract = registry.operator("SUBTRACT", "-");
    add.takes(notText(DATE), of(INT64))
        .returns(DATE)
        .compiled(located((Long date, Long days) -> addDays(date, days)))
        .takes(of(INT64), notText(DATE))
        .returns(DATE)
        .compiled(located((Long days, Long date) -> addDays(date, days)));
    subtract
        .takes(notText(DATE), of(INT64))
        .returns(DATE)
        .compiled(located((Long date, Long days) -> addDays(date, opposite(days))));
    interval(registry, DATE, DATETIME, DateOperators::addToDate);
    interval(registry, DATETIME, DATETIME, CivilMath::addToDatetime);
    interval(registry, TIMESTAMP, TIMESTAMP, CivilMath::addToTimestamp);
    subtract
        .takes(DATE, DATE)
        .returns(INTERVAL)
        .compiled(located((Long end, Long start) -> Intervals.of(0, end - start, 0)))
        .takes(DATETIME, DATETIME)
        .returns(INTERVAL)
        .compiled(located((Long end, Long start) -> Intervals.betweenDatetimes(end, start)));
    for (ScalarType type : new ScalarType[] {TIMESTAMP, TIME}) {
      subtract
          .takes(type, type)
          .returns(INTERVAL)
          .compiled(located((Long end, Long start) -> Intervals.of(0, 0, end - start)));
    }
    add.takes(INTERVAL, INTERVAL)
        .returns(INTERVAL)
        .compiled(located((IntervalValue a, IntervalValue b) -> Intervals.add(a, b)));
    subtract
        .takes(INTERVAL, INTERVAL)
        .returns(INTERVAL)
        .compiled(located((IntervalValue a, IntervalValue b) -> Intervals.subtract(a, b)));
    registry
        .operator("MULTIPLY", "*")
        .takes(INTERVAL, INT64)
        .returns(INTERVAL)
        .compiled(located((IntervalValue a, Long b) -> Intervals.multiply(a, b)))
        .takes(INT64, INTERVAL)
        .returns(INTERVAL)
        .compiled(located((Long a, IntervalValue b) -> Intervals.multiply(b, a)));
    registry
        .operator("DIVIDE", "/")
        .takes(INTERVAL, INT64)
        .returns(INTERVAL)
        .compiled(located((IntervalValue a, Long b) -> Intervals.divide(a, b)));
    registry
        .operator("NEGATE", "-")
        .takes(INTERVAL)
        .returns(INTERVAL)
        .strict((IntervalValue a) -> Intervals.negate(a));
  }

  private static void interval(
      Registry registry, ScalarType type, ScalarType result, DateArithmetic.Addition addition) {
    registry
        .operator("ADD", "+")
        .takes(notText(type), of(INTERVAL))
        .returns(result)
        .compiled(located((Long value, IntervalValue by) -> addition.add(value, by)))
        .takes(of(INTERVAL), notText(type))
        .returns(result)
        .compiled(located((IntervalValue by, Long value) -> addition.add(value, by)));
    registry
        .operator("SUBTRACT", "-")
        .takes(notText(type), of(INTERVAL))
        .returns(result)
        .compiled(
            located((Long value, IntervalValue by) -> addition.add(value, Intervals.negate(by))));
  }

  /** These operators are known to locate their errors themselves. */
  private static <A, B> CallCompiler located(Strict.Binary<A, B> function) {
    CallCompiler compiler = Strict.binary(() -> function);
    return (call, arguments) -> new Located(compiler.compile(call, arguments), call.place());
  }

  private static long addToDate(long date, IntervalValue interval) {
    return CivilMath.addToDatetime(date * CivilTime.MICROS_PER_DAY, interval);
  }

  private static long addDays(long date, long days) {
    long span = CivilTime.MAX_DATE - CivilTime.MIN_DATE;
    if (days > span || days < -span || !CivilTime.isDate(date + days)) {
      throw new EvaluationException(
          "Adding "
              + days
              + " days to "
              + CivilText.formatDate(date)
              + " is outside the years 1 to 9999");
    }
    return date + days;
  }

  private static long opposite(long days) {
    return days == Long.MIN_VALUE ? Long.MAX_VALUE : -days;
  }
}
