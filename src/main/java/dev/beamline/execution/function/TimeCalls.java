package dev.beamline.execution.function;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What functions of dates and times have in common: date parts and optional time zones. */
final class TimeCalls {

  /** DAY and longer parts that dates are added, cut and counted by. */
  static final Set<DatePart> DATE_PARTS =
      EnumSet.of(
          DatePart.DAY,
          DatePart.WEEK,
          DatePart.WEEK_MONDAY,
          DatePart.WEEK_TUESDAY,
          DatePart.WEEK_WEDNESDAY,
          DatePart.WEEK_THURSDAY,
          DatePart.WEEK_FRIDAY,
          DatePart.WEEK_SATURDAY,
          DatePart.ISOWEEK,
          DatePart.MONTH,
          DatePart.QUARTER,
          DatePart.YEAR,
          DatePart.ISOYEAR);

  static final Set<DatePart> TIME_PARTS = EnumSet.range(DatePart.MICROSECOND, DatePart.HOUR);

  static final Set<DatePart> ALL_PARTS = union(DATE_PARTS, TIME_PARTS);

  private TimeCalls() {}

  static Set<DatePart> union(Set<DatePart> a, Set<DatePart> b) {
    Set<DatePart> all = EnumSet.copyOf(a);
    all.addAll(b);
    return all;
  }

  static Set<DatePart> with(Set<DatePart> a, DatePart first, DatePart... more) {
    return union(a, EnumSet.of(first, more));
  }

  /** A date part out of some, shown as a list of them. */
  static Parameter part(Set<DatePart> parts) {
    Set<String> words = parts.stream().map(DatePart::sql).collect(Collectors.toSet());
    if (parts.contains(DatePart.WEEK)) {
      words.add("WEEK(SUNDAY)");
    }
    String shown =
        parts.stream()
            .filter(p -> !p.isWeek() || p == DatePart.WEEK || p == DatePart.ISOWEEK)
            .map(p -> p == DatePart.WEEK ? "WEEK[(weekday)]" : p.sql())
            .collect(Collectors.joining("|"));
    return Parameter.word(shown, words);
  }

  /** The date part that is an argument of a call. */
  static DatePart part(Expression.Call call, int index) {
    if (call.arguments().get(index) instanceof Expression.Literal literal
        && literal.value() instanceof String text) {
      return DatePart.of(text)
          .orElseThrow(() -> new IllegalArgumentException("no date part: " + text));
    }
    throw new IllegalArgumentException("no date part: " + call);
  }

  /** A function of a value and a zone. */
  interface Zoned {
    @Nullable Object apply(long value, ZoneId zone);
  }

  /** The value is the first argument, the zone the given one, if there is one; else it is UTC. */
  static Evaluator zoned(List<Evaluator> arguments, int zoneIndex, Zoned function) {
    Evaluator value = arguments.get(0);
    if (arguments.size() <= zoneIndex) {
      return row ->
          value.evaluate(row) instanceof Long v ? function.apply(v, ZoneOffset.UTC) : null;
    }
    Evaluator zone = arguments.get(zoneIndex);
    return row -> {
      Object v = value.evaluate(row);
      String name = v == null ? null : (String) zone.evaluate(row);
      return v == null || name == null ? null : function.apply((Long) v, TimeZones.zone(name));
    };
  }

  /** As {@link #zoned(List, int, Zoned)}, for functions whose only other argument is the zone. */
  static CallCompiler zoned(Zoned function) {
    return (call, arguments) -> zoned(arguments, 1, function);
  }

  /** A function of one value. */
  interface OfLong {
    @Nullable Object apply(long value);
  }

  static Evaluator strict(Evaluator value, OfLong function) {
    return row -> value.evaluate(row) instanceof Long v ? function.apply(v) : null;
  }

  /** A function of two values. */
  interface OfLongs {
    @Nullable Object apply(long a, long b);
  }

  static Evaluator strict(Evaluator first, Evaluator second, OfLongs function) {
    return (Tuple row) -> {
      Object a = first.evaluate(row);
      Object b = a == null ? null : second.evaluate(row);
      return a == null || b == null ? null : function.apply((Long) a, (Long) b);
    };
  }
}
