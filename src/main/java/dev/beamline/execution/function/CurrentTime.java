package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code CURRENT_TIMESTAMP CURRENT_DATE CURRENT_DATETIME CURRENT_TIME}. BigQuery gives one value
 * for a whole statement: the analyzer puts in what {@link #at} says; a call that it leaves has the
 * time at which it was compiled.
 */
public final class CurrentTime {

  /** The functions that give a time's part as these do the current time's. */
  private static final Map<String, String> DETERMINISTIC =
      Map.of(
          "CURRENT_TIMESTAMP", "TIMESTAMP",
          "CURRENT_DATE", "DATE",
          "CURRENT_DATETIME", "DATETIME",
          "CURRENT_TIME", "TIME");

  private CurrentTime() {}

  static void register(Registry registry) {
    registry
        .add("CURRENT_TIMESTAMP")
        .notDeterministic()
        .takes(new Parameter[0])
        .returns(TIMESTAMP)
        .compiled(
            (call, arguments) -> {
              Long now = micros(Instant.now());
              return row -> now;
            });
    zoned(registry, "CURRENT_DATE", DATE, CivilTime::toDate);
    zoned(registry, "CURRENT_DATETIME", DATETIME, CivilTime::toDatetime);
    zoned(registry, "CURRENT_TIME", TIME, CivilTime::toTime);
  }

  private static void zoned(
      Registry registry, String name, ScalarType type, TimeCalls.Zoned function) {
    registry
        .add(name)
        .notDeterministic()
        .takes(optional(STRING))
        .returns(type)
        .compiled(
            (call, arguments) -> {
              Long now = micros(Instant.now());
              Evaluator clock = row -> now;
              List<Evaluator> all =
                  arguments.isEmpty() ? List.of(clock) : List.of(clock, arguments.get(0));
              return TimeCalls.zoned(all, 1, function);
            });
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /**
   * What a call of one of these functions is in a statement that began at the instant: an
   * expression that gives the same for every row. Other calls stay as they are.
   */
  public static Expression at(Instant now, Expression.Call call) {
    String same = DETERMINISTIC.get(call.function());
    if (same == null) {
      return call;
    }
    Expression clock = new Expression.Literal(micros(now), TIMESTAMP);
    if (call.type() == TIMESTAMP) {
      return clock;
    }
    List<Expression> arguments = new ArrayList<>(call.arguments());
    arguments.add(0, clock);
    return new Expression.Call(same, arguments, call.type(), call.safe(), call.place());
  }
}
