package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.notText;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.only;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.Evaluator;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** {@code FORMAT_DATE FORMAT_DATETIME FORMAT_TIME FORMAT_TIMESTAMP} and {@code PARSE_*}. */
final class DateFormats {

  private DateFormats() {}

  static void register(Registry registry) {
    Registry.Definition date = registry.add("FORMAT_DATE");
    format(date, of(DATE), FormatTarget.DATE, Moment::ofDate);
    format(date, only(DATETIME), FormatTarget.DATETIME, Moment::ofDatetime);
    formatTimestamp(date, only(TIMESTAMP));
    Registry.Definition datetime = registry.add("FORMAT_DATETIME");
    format(datetime, of(DATETIME), FormatTarget.DATETIME, Moment::ofDatetime);
    formatTimestamp(datetime, only(TIMESTAMP));
    Registry.Definition timestamp = registry.add("FORMAT_TIMESTAMP");
    formatTimestamp(timestamp, of(TIMESTAMP));
    format(timestamp, notText(DATETIME), FormatTarget.DATETIME, Moment::ofDatetime);
    format(registry.add("FORMAT_TIME"), of(TIME), FormatTarget.TIME, Moment::ofDatetime);

    date.checkedText(0, f -> TimeFormatter.of(f, FormatTarget.TIMESTAMP));
    datetime.checkedText(0, f -> TimeFormatter.of(f, FormatTarget.TIMESTAMP));
    timestamp.checkedText(0, f -> TimeFormatter.of(f, FormatTarget.TIMESTAMP));
    parse(registry, "PARSE_DATE", DATE, FormatTarget.DATE, TimeParser::parseDate);
    parse(registry, "PARSE_DATETIME", DATETIME, FormatTarget.DATETIME, TimeParser::parseDatetime);
    parse(registry, "PARSE_TIME", TIME, FormatTarget.TIME, TimeParser::parseTime);
    registry
        .add("PARSE_TIMESTAMP")
        .checkedText(0, f -> TimeParser.of(f, FormatTarget.TIMESTAMP))
        .checkedText(2, TimeZones::zone)
        .takes(of(STRING), of(STRING), optional(STRING))
        .returns(TIMESTAMP)
        .strictVariadic(
            () -> {
              LastUsed<String, TimeParser> formats =
                  new LastUsed<>(f -> TimeParser.of(f, FormatTarget.TIMESTAMP));
              return a ->
                  formats.get((String) a[0]).parse((String) a[1], zone(a.length > 2 ? a[2] : null));
            });
  }

  private static ZoneId zone(@org.jspecify.annotations.Nullable Object name) {
    return name == null ? ZoneOffset.UTC : TimeZones.zone((String) name);
  }

  /** The moment of a value. */
  private interface ToMoment {
    Moment of(long value);
  }

  private static void format(
      Registry.Definition function, Parameter value, FormatTarget target, ToMoment moment) {
    function
        .takes(of(STRING), value)
        .returns(STRING)
        .strictBinary(
            () -> {
              LastUsed<String, TimeFormatter> formats =
                  new LastUsed<>(f -> TimeFormatter.of(f, target));
              return (String format, Long v) -> formats.get(format).format(moment.of(v));
            });
  }

  private static void formatTimestamp(Registry.Definition function, Parameter value) {
    function
        .takes(of(STRING), value, optional(STRING))
        .returns(STRING)
        .compiled(
            (call, arguments) -> {
              LastUsed<String, TimeFormatter> formats =
                  new LastUsed<>(f -> TimeFormatter.of(f, FormatTarget.TIMESTAMP));
              Evaluator format = arguments.get(0);
              List<Evaluator> rest = arguments.subList(1, arguments.size());
              return row -> {
                Object text = format.evaluate(row);
                if (text == null) {
                  return null;
                }
                TimeFormatter formatter = formats.get((String) text);
                return TimeCalls.zoned(
                        rest, 1, (v, zone) -> formatter.format(Moment.ofTimestamp(v, zone)))
                    .evaluate(row);
              };
            });
  }

  /** Reads a text by a format. */
  private interface Parse {
    long parse(TimeParser parser, String text);
  }

  private static void parse(
      Registry registry, String name, ScalarType type, FormatTarget target, Parse parse) {
    registry
        .add(name)
        .checkedText(0, f -> TimeParser.of(f, target))
        .takes(STRING, STRING)
        .returns(type)
        .strictBinary(
            () -> {
              LastUsed<String, TimeParser> formats = new LastUsed<>(f -> TimeParser.of(f, target));
              return (String format, String text) -> parse.parse(formats.get(format), text);
            });
  }
}
