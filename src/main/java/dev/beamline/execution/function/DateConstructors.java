package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.plan.Expression;
import java.time.ZoneOffset;

/**
 * {@code DATE DATETIME TIME TIMESTAMP STRING} from parts, texts and each other; {@code UNIX_SECONDS
 * UNIX_MILLIS UNIX_MICROS UNIX_DATE TIMESTAMP_SECONDS TIMESTAMP_MILLIS TIMESTAMP_MICROS
 * DATE_FROM_UNIX_DATE}. The time zone is UTC where none is given.
 */
final class DateConstructors {

  private DateConstructors() {}

  static void register(Registry registry) {
    registry
        .add("DATE")
        .takes(INT64, INT64, INT64)
        .returns(DATE)
        .strict((Long year, Long month, Long day) -> CivilTime.date(year, month, day))
        .takes(of(TIMESTAMP), optional(STRING))
        .returns(DATE)
        .compiled(TimeCalls.zoned(CivilTime::toDate))
        .takes(DATETIME)
        .returns(DATE)
        .strict((Long datetime) -> CivilTime.dateOf(datetime))
        .takes(DATE)
        .returns(DATE)
        .strict((Long date) -> date)
        .takes(STRING)
        .returns(DATE)
        .compiled(
            ofText(CivilText::parseDate, timestamp -> CivilTime.toDate(timestamp, ZoneOffset.UTC)));
    registry
        .add("DATETIME")
        .takes(INT64, INT64, INT64, INT64, INT64, INT64)
        .returns(DATETIME)
        .strictAll(
            p ->
                CivilTime.datetime(
                    (Long) p[0], (Long) p[1], (Long) p[2], (Long) p[3], (Long) p[4], (Long) p[5]))
        .takes(DATE, TIME)
        .returns(DATETIME)
        .strict((Long date, Long time) -> date * CivilTime.MICROS_PER_DAY + time)
        .takes(of(TIMESTAMP), optional(STRING))
        .returns(DATETIME)
        .compiled(TimeCalls.zoned(CivilTime::toDatetime))
        .takes(DATE)
        .returns(DATETIME)
        .strict((Long date) -> date * CivilTime.MICROS_PER_DAY)
        .takes(DATETIME)
        .returns(DATETIME)
        .strict((Long datetime) -> datetime)
        .takes(STRING)
        .returns(DATETIME)
        .compiled(ofText(CivilText::parseDatetime, timestamp -> timestamp));
    registry
        .add("TIME")
        .takes(INT64, INT64, INT64)
        .returns(TIME)
        .strict((Long hour, Long minute, Long second) -> CivilTime.time(hour, minute, second))
        .takes(of(TIMESTAMP), optional(STRING))
        .returns(TIME)
        .compiled(TimeCalls.zoned(CivilTime::toTime))
        .takes(DATETIME)
        .returns(TIME)
        .strict((Long datetime) -> CivilTime.timeOf(datetime))
        .takes(TIME)
        .returns(TIME)
        .strict((Long time) -> time)
        .takes(STRING)
        .returns(TIME)
        .compiled(ofText(CivilText::parseTime, CivilTime::timeOf));
    registry
        .add("TIMESTAMP")
        .takes(STRING)
        .returns(TIMESTAMP)
        .strict((String text) -> CivilText.parseTimestamp(text, ZoneOffset.UTC))
        .takes(STRING, STRING)
        .returns(TIMESTAMP)
        .strict(
            (String text, String zone) ->
                CivilText.parseZonelessTimestamp(text, TimeZones.zone(zone)))
        .takes(of(DATE), optional(STRING))
        .returns(TIMESTAMP)
        .compiled(
            TimeCalls.zoned(
                (date, zone) -> CivilTime.toTimestamp(date * CivilTime.MICROS_PER_DAY, zone)))
        .takes(of(DATETIME), optional(STRING))
        .returns(TIMESTAMP)
        .compiled(TimeCalls.zoned(CivilTime::toTimestamp))
        .takes(TIMESTAMP)
        .returns(TIMESTAMP)
        .strict((Long timestamp) -> timestamp);
    registry
        .add("STRING")
        .takes(of(TIMESTAMP), optional(STRING))
        .returns(STRING)
        .compiled(TimeCalls.zoned(CivilText::formatTimestamp))
        .takes(DATE)
        .returns(STRING)
        .strict((Long date) -> CivilText.formatDate(date))
        .takes(DATETIME)
        .returns(STRING)
        .strict((Long datetime) -> CivilText.formatDatetime(datetime))
        .takes(TIME)
        .returns(STRING)
        .strict((Long time) -> CivilText.formatTime(time));
    unix(registry, "SECONDS", CivilTime.MICROS_PER_SECOND);
    unix(registry, "MILLIS", CivilTime.MICROS_PER_MILLI);
    unix(registry, "MICROS", 1);
    registry.add("UNIX_DATE").takes(DATE).returns(INT64).strict((Long date) -> date);
    registry
        .add("DATE_FROM_UNIX_DATE")
        .takes(INT64)
        .returns(DATE)
        .strict((Long days) -> CivilTime.checkDate(days));
  }

  private static void unix(Registry registry, String unit, long micros) {
    registry
        .add("UNIX_" + unit)
        .takes(TIMESTAMP)
        .returns(INT64)
        .strict((Long timestamp) -> Math.floorDiv(timestamp, micros));
    registry
        .add("TIMESTAMP_" + unit)
        .takes(INT64)
        .returns(TIMESTAMP)
        .strict(
            (Long count) -> {
              boolean overflows = Math.multiplyHigh(count, micros) != (count * micros) >> 63;
              if (overflows || !CivilTime.isMicros(count * micros)) {
                throw new EvaluationException(
                    "TIMESTAMP_" + unit + " value is out of range: " + count);
              }
              return count * micros;
            });
  }

  /** Reads a text of a type. */
  private interface OfText {
    long parse(String text);
  }

  /**
   * A literal is read as a TIMESTAMP where it is not of the type itself, since it could be coerced
   * to that; a value must be of the type.
   */
  private static CallCompiler ofText(OfText parser, TimeCalls.OfLong ofTimestamp) {
    return (call, arguments) -> {
      Expression argument = call.arguments().get(0);
      boolean literal = argument instanceof Expression.Literal;
      return row -> {
        Object text = arguments.get(0).evaluate(row);
        if (text == null) {
          return null;
        }
        try {
          return parser.parse((String) text);
        } catch (EvaluationException e) {
          if (!literal) {
            throw e;
          }
          return ofTimestamp.apply(CivilText.parseTimestamp((String) text, ZoneOffset.UTC));
        }
      };
    };
  }
}
