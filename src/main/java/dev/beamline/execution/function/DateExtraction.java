package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.only;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.Evaluator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code EXTRACT(part FROM value [AT TIME ZONE zone])}, as arguments part, value and zone. */
final class DateExtraction {

  private static final Set<DatePart> OF_DATE =
      TimeCalls.with(TimeCalls.DATE_PARTS, DatePart.DAYOFWEEK, DatePart.DAYOFYEAR);

  private static final Set<DatePart> OF_BOTH = TimeCalls.union(OF_DATE, TimeCalls.TIME_PARTS);

  private static final Set<DatePart> OF_INTERVAL =
      TimeCalls.with(TimeCalls.TIME_PARTS, DatePart.DAY, DatePart.MONTH, DatePart.YEAR);

  private DateExtraction() {}

  static void register(Registry registry) {
    Registry.Definition extract = registry.operator("EXTRACT", "EXTRACT");
    extract
        .takes(TimeCalls.part(OF_DATE), only(DATE))
        .returns(INT64)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 0);
              return TimeCalls.strict(arguments.get(1), v -> CivilFields.ofDate(part, v));
            });
    extract
        .takes(TimeCalls.part(TimeCalls.TIME_PARTS), only(TIME))
        .returns(INT64)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 0);
              return TimeCalls.strict(arguments.get(1), v -> CivilFields.ofTime(part, v));
            });
    ofBoth(extract, OF_BOTH, INT64);
    ofBoth(extract, EnumSet.of(DatePart.DATE), DATE);
    ofBoth(extract, EnumSet.of(DatePart.TIME), TIME);
    ofTimestamp(extract, EnumSet.of(DatePart.DATETIME), DATETIME);
    extract
        .takes(TimeCalls.part(OF_INTERVAL), only(INTERVAL))
        .returns(INT64)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 0);
              Evaluator value = arguments.get(1);
              return row ->
                  value.evaluate(row) instanceof IntervalValue interval
                      ? Intervals.extract(part, interval)
                      : null;
            });
  }

  private static void ofBoth(Registry.Definition extract, Set<DatePart> parts, ScalarType result) {
    extract
        .takes(TimeCalls.part(parts), only(DATETIME))
        .returns(result)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 0);
              return TimeCalls.strict(arguments.get(1), v -> CivilFields.ofDatetime(part, v));
            });
    ofTimestamp(extract, parts, result);
  }

  private static void ofTimestamp(
      Registry.Definition extract, Set<DatePart> parts, ScalarType result) {
    extract
        .takes(TimeCalls.part(parts), only(TIMESTAMP), optional(STRING))
        .returns(result)
        .compiled(
            (call, arguments) -> {
              DatePart part = TimeCalls.part(call, 0);
              List<Evaluator> rest = arguments.subList(1, arguments.size());
              return TimeCalls.zoned(
                  rest,
                  1,
                  (v, zone) -> {
                    long local = CivilTime.toLocal(v, zone);
                    return part == DatePart.DATE
                        ? CivilTime.checkDate(CivilTime.dateOf(local))
                        : part == DatePart.DATETIME
                            ? CivilTime.checkDatetime(local)
                            : CivilFields.ofDatetime(part, local);
                  });
            });
  }
}
