package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.word;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;

/**
 * {@code MAKE_INTERVAL JUSTIFY_HOURS JUSTIFY_DAYS JUSTIFY_INTERVAL} and the constructor {@code
 * INTERVAL count PART}, whose arguments are the count and the part.
 */
final class IntervalFunctions {

  private static final Set<String> PARTS =
      Set.of(
          "YEAR",
          "QUARTER",
          "MONTH",
          "WEEK",
          "DAY",
          "HOUR",
          "MINUTE",
          "SECOND",
          "MILLISECOND",
          "MICROSECOND");

  private static final int MAKE_PARTS = 6;

  private IntervalFunctions() {}

  static void register(Registry registry) {
    registry
        .operator("INTERVAL", "INTERVAL")
        .takes(
            of(INT64),
            word("YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND|MILLISECOND|MICROSECOND", PARTS))
        .returns(INTERVAL)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 1);
              Evaluator count = arguments.get(0);
              return row -> count.evaluate(row) instanceof Long n ? Intervals.of(n, part) : null;
            });
    Registry.Definition make = registry.add("MAKE_INTERVAL");
    for (String name : new String[] {"year", "month", "day", "hour", "minute", "second"}) {
      make.named(name, 0L, INT64);
    }
    for (int positional = 0; positional <= MAKE_PARTS; positional++) {
      int skipped = positional;
      Type[] types = new Type[positional + MAKE_PARTS];
      Arrays.fill(types, INT64);
      make.takes(types).returns(INTERVAL).strictAll(a -> make(a, skipped));
    }
    registry
        .add("JUSTIFY_HOURS")
        .takes(INTERVAL)
        .returns(INTERVAL)
        .strict((IntervalValue i) -> Intervals.justifyHours(i));
    registry
        .add("JUSTIFY_DAYS")
        .takes(INTERVAL)
        .returns(INTERVAL)
        .strict((IntervalValue i) -> Intervals.justifyDays(i));
    registry
        .add("JUSTIFY_INTERVAL")
        .takes(INTERVAL)
        .returns(INTERVAL)
        .strict((IntervalValue i) -> Intervals.justify(i));
  }

  /** Parts that are given by position come first, then all by name; a position counts. */
  private static IntervalValue make(Object[] arguments, int positional) {
    Object[] parts = Arrays.copyOfRange(arguments, positional, arguments.length);
    System.arraycopy(arguments, 0, parts, 0, positional);
    BigInteger months = big(parts[0]).multiply(BigInteger.valueOf(12)).add(big(parts[1]));
    BigInteger seconds =
        big(parts[3])
            .multiply(BigInteger.valueOf(3600))
            .add(big(parts[4]).multiply(BigInteger.valueOf(60)))
            .add(big(parts[5]));
    BigInteger micros = seconds.multiply(BigInteger.valueOf(CivilTime.MICROS_PER_SECOND));
    if (months.bitLength() > 63 || micros.bitLength() > 63) {
      throw new EvaluationException("MAKE_INTERVAL is out of range");
    }
    return Intervals.of(months.longValue(), (Long) parts[2], micros.longValue());
  }

  private static BigInteger big(Object value) {
    return BigInteger.valueOf((Long) value);
  }
}
