package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.notText;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.only;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code *_ADD *_SUB *_DIFF *_TRUNC} of DATE, DATETIME, TIME and TIMESTAMP, and {@code LAST_DAY}.
 * As in BigQuery, the functions of one type also take DATETIME and TIMESTAMP values and then do
 * what the function of that type does; a text literal always is of the type in the name.
 */
final class DateArithmetic {

  private static final Set<DatePart> OF_TIMESTAMP =
      TimeCalls.with(TimeCalls.TIME_PARTS, DatePart.DAY);

  private static final Set<DatePart> OF_LAST_DAY = lastDayParts();

  private DateArithmetic() {}

  static void register(Registry registry) {
    for (boolean subtract : new boolean[] {false, true}) {
      String suffix = subtract ? "_SUB" : "_ADD";
      Registry.Definition date = registry.add("DATE" + suffix);
      add(date, of(DATE), of(INTERVAL), DATE, CivilMath::addToDate, subtract);
      add(date, only(DATETIME), of(INTERVAL), DATETIME, CivilMath::addToDatetime, subtract);
      add(date, only(TIMESTAMP), of(INTERVAL), TIMESTAMP, CivilMath::addToTimestamp, subtract);
      Registry.Definition datetime = registry.add("DATETIME" + suffix);
      add(datetime, of(DATETIME), of(INTERVAL), DATETIME, CivilMath::addToDatetime, subtract);
      add(datetime, only(TIMESTAMP), of(INTERVAL), TIMESTAMP, CivilMath::addToTimestamp, subtract);
      Registry.Definition timestamp = registry.add("TIMESTAMP" + suffix);
      add(timestamp, of(TIMESTAMP), of(INTERVAL), TIMESTAMP, CivilMath::addToTimestamp, subtract);
      add(timestamp, notText(DATETIME), of(INTERVAL), DATETIME, CivilMath::addToDatetime, subtract);
      Registry.Definition time = registry.add("TIME" + suffix);
      add(time, of(TIME), of(INTERVAL), TIME, CivilMath::addToTime, subtract);
      for (Registry.Definition each : new Registry.Definition[] {date, datetime, timestamp, time}) {
        each.checked(call -> checkInterval(call, 1));
      }
    }
    diffs(registry);
    truncations(registry);
    registry
        .add("LAST_DAY")
        .takes(DATE)
        .returns(DATE)
        .strict((Long days) -> CivilMath.lastDay(days, DatePart.MONTH))
        .takes(of(DATE), TimeCalls.part(OF_LAST_DAY))
        .returns(DATE)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 1);
              return TimeCalls.strict(arguments.get(0), v -> CivilMath.lastDay(v, part));
            })
        .takes(notText(DATETIME))
        .returns(DATE)
        .strict((Long v) -> CivilMath.lastDay(CivilTime.dateOf(v), DatePart.MONTH))
        .takes(notText(DATETIME), TimeCalls.part(OF_LAST_DAY))
        .returns(DATE)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 1);
              return TimeCalls.strict(
                  arguments.get(0), v -> CivilMath.lastDay(CivilTime.dateOf(v), part));
            });
  }

  private static Set<DatePart> lastDayParts() {
    Set<DatePart> parts = EnumSet.copyOf(TimeCalls.DATE_PARTS);
    parts.remove(DatePart.DAY);
    return parts;
  }

  /** Adds an interval to a value. */
  interface Addition {
    long add(long value, IntervalValue interval);
  }

  private static void add(
      Registry.Definition function,
      Parameter value,
      Parameter interval,
      ScalarType type,
      Addition addition,
      boolean subtract) {
    function
        .takes(value, interval)
        .returns(type)
        .compiled(
            (call, arguments) -> addition(arguments.get(0), arguments.get(1), addition, subtract));
  }

  static Evaluator addition(
      Evaluator value, Evaluator interval, Addition addition, boolean subtract) {
    return row -> {
      Object v = value.evaluate(row);
      Object i = v == null ? null : interval.evaluate(row);
      if (v == null || i == null) {
        return null;
      }
      IntervalValue by = (IntervalValue) i;
      return addition.add((Long) v, subtract ? Intervals.negate(by) : by);
    };
  }

  /**
   * Refuses an interval that is known, or whose part is, and cannot be added to the call's type.
   */
  static void checkInterval(Expression.Call call, int index) {
    Expression argument = index < call.arguments().size() ? call.arguments().get(index) : call;
    IntervalValue interval = null;
    if (argument instanceof Expression.Literal literal) {
      interval = (IntervalValue) literal.value();
    } else if (argument instanceof Expression.Call made && made.function().equals("INTERVAL")) {
      interval = Intervals.of(1, TimeCalls.part(made, 1));
    }
    if (interval == null) {
      return;
    }
    Type type = call.type() instanceof ArrayType array ? array.element() : call.type();
    String parts =
        type == DATE && interval.micros() != 0
            ? "DAY, WEEK, MONTH, QUARTER or YEAR"
            : type == TIMESTAMP && interval.months() != 0
                ? "DAY, HOUR, MINUTE, SECOND, MILLISECOND or MICROSECOND"
                : type == TIME && (interval.months() != 0 || interval.days() != 0)
                    ? "HOUR, MINUTE, SECOND, MILLISECOND or MICROSECOND"
                    : "";
    if (!parts.isEmpty()) {
      throw new EvaluationException(
          call.function() + " of a " + type.sql() + " takes an INTERVAL of " + parts);
    }
  }

  /** How many parts lie between two values. */
  private interface Difference {
    long between(long end, long start, DatePart part);
  }

  private static void diffs(Registry registry) {
    Registry.Definition date = registry.add("DATE_DIFF");
    diff(date, of(DATE), of(DATE), TimeCalls.DATE_PARTS, CivilMath::diffDates);
    diff(date, only(DATETIME), notText(DATETIME), TimeCalls.ALL_PARTS, CivilMath::diffDatetimes);
    diff(date, notText(DATETIME), only(DATETIME), TimeCalls.ALL_PARTS, CivilMath::diffDatetimes);
    diff(date, only(TIMESTAMP), only(TIMESTAMP), OF_TIMESTAMP, CivilMath::diffTimestamps);
    Registry.Definition datetime = registry.add("DATETIME_DIFF");
    diff(datetime, of(DATETIME), of(DATETIME), TimeCalls.ALL_PARTS, CivilMath::diffDatetimes);
    diff(datetime, only(TIMESTAMP), only(TIMESTAMP), OF_TIMESTAMP, CivilMath::diffTimestamps);
    Registry.Definition timestamp = registry.add("TIMESTAMP_DIFF");
    diff(timestamp, of(TIMESTAMP), of(TIMESTAMP), OF_TIMESTAMP, CivilMath::diffTimestamps);
    diff(
        timestamp,
        notText(DATETIME),
        notText(DATETIME),
        TimeCalls.ALL_PARTS,
        CivilMath::diffDatetimes);
    diff(
        registry.add("TIME_DIFF"),
        of(TIME),
        of(TIME),
        TimeCalls.TIME_PARTS,
        CivilMath::diffDatetimes);
  }

  private static void diff(
      Registry.Definition function,
      Parameter end,
      Parameter start,
      Set<DatePart> parts,
      Difference difference) {
    function
        .takes(end, start, TimeCalls.part(parts))
        .returns(INT64)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 2);
              return TimeCalls.strict(
                  arguments.get(0), arguments.get(1), (e, s) -> difference.between(e, s, part));
            });
  }

  /** Cuts a value. */
  private interface Truncation {
    long truncate(long value, DatePart part);
  }

  private static void truncations(Registry registry) {
    Registry.Definition date = registry.add("DATE_TRUNC");
    truncation(date, of(DATE), TimeCalls.DATE_PARTS, DATE, CivilMath::truncateDate);
    truncation(date, only(DATETIME), TimeCalls.ALL_PARTS, DATETIME, CivilMath::truncateDatetime);
    zonedTruncation(date, only(TIMESTAMP));
    Registry.Definition datetime = registry.add("DATETIME_TRUNC");
    truncation(datetime, of(DATETIME), TimeCalls.ALL_PARTS, DATETIME, CivilMath::truncateDatetime);
    zonedTruncation(datetime, only(TIMESTAMP));
    Registry.Definition timestamp = registry.add("TIMESTAMP_TRUNC");
    zonedTruncation(timestamp, of(TIMESTAMP));
    truncation(
        timestamp, notText(DATETIME), TimeCalls.ALL_PARTS, DATETIME, CivilMath::truncateDatetime);
    truncation(
        registry.add("TIME_TRUNC"), of(TIME), TimeCalls.TIME_PARTS, TIME, CivilMath::truncateTime);
  }

  private static void truncation(
      Registry.Definition function,
      Parameter value,
      Set<DatePart> parts,
      Type type,
      Truncation truncation) {
    function
        .takes(value, TimeCalls.part(parts))
        .returns(type)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 1);
              return TimeCalls.strict(arguments.get(0), v -> truncation.truncate(v, part));
            });
  }

  private static void zonedTruncation(Registry.Definition function, Parameter value) {
    function
        .takes(value, TimeCalls.part(TimeCalls.ALL_PARTS), optional(STRING))
        .returns(TIMESTAMP)
        .compiled(
            (Expression.Call call, java.util.List<Evaluator> arguments) -> {
              DatePart part = TimeCalls.part(call, 1);
              return TimeCalls.zoned(
                  arguments, 2, (v, zone) -> CivilMath.truncateTimestamp(v, part, zone));
            });
  }
}
