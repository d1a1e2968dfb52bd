package dev.beamline.sql.analyzer;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** TUMBLE, HOP, SESSION and CUMULATE in all their forms, and what they may be applied to. */
final class WindowFunctions {

  private static final long MICROS_A_DAY = 86_400_000_000L;
  private static final long MICROS_A_MILLI = 1_000;

  /** More windows a row than this deserve a warning. */
  private static final long MANY_WINDOWS = 10_000;

  private static final Set<String> GROUPS = Set.of("TUMBLE", "HOP", "SESSION", "CUMULATE");

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;

  WindowFunctions(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  static boolean isGroupCall(String name) {
    return GROUPS.contains(name.toUpperCase(Locale.ROOT));
  }

  static boolean isBoundCall(String name) {
    int end = name.lastIndexOf('_');
    return end > 0
        && GROUPS.contains(name.substring(0, end))
        && Set.of("START", "END", "ROWTIME", "PROCTIME").contains(name.substring(end + 1));
  }

  /** A window and the time it divides. */
  record Window(WindowSpec spec, Typed time, Place place) {}

  /** TUMBLE_START(ts, size) and the like: a virtual column until the group's window is known. */
  Typed bound(SqlExpression.Call call, Env env) {
    String name = call.name().toUpperCase(Locale.ROOT);
    int split = name.lastIndexOf('_');
    String bound = name.substring(split + 1);
    if (bound.equals("ROWTIME") || bound.equals("PROCTIME")) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          call.place(),
          name + " is not supported",
          "write " + name.substring(0, split) + "_END");
      return Typed.error(call.place());
    }
    WindowCalls calls = env.windowCalls();
    if (calls == null) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          name + " is not allowed in " + env.clause(),
          "it stands in SELECT, HAVING, QUALIFY and ORDER BY of a query with GROUP BY "
              + name.substring(0, split));
      return Typed.error(call.place());
    }
    Window window =
        window(
            name.substring(0, split),
            name,
            call.arguments(),
            env.inside("an argument of " + name, null),
            call.place());
    return window == null
        ? Typed.error(call.place())
        : Typed.value(
            calls.add(
                name, window.spec(), window.time().expression(), bound.equals("END"), call.place()),
            call.place());
  }

  /** The window of a call in GROUP BY; null where it is wrong, which was reported. */
  @Nullable Window group(SqlExpression.Call call, Env env) {
    String name = call.name().toUpperCase(Locale.ROOT);
    return window(
        name, name, call.arguments(), env.inside("an argument of " + name, null), call.place());
  }

  private @Nullable Window window(
      String function, String shown, List<SqlExpression> arguments, Env env, Place place) {
    if (arguments.isEmpty()) {
      wrongArguments(function, shown, place);
      return null;
    }
    Typed time = expressions.analyze(arguments.get(0), env);
    List<Long> lengths = new ArrayList<>();
    boolean failed = time.isError();
    for (SqlExpression argument : arguments.subList(1, arguments.size())) {
      Long length = length(argument, env, lengths.size() < lengthsOf(function));
      failed |= length == null;
      lengths.add(length == null ? 1L : length);
    }
    if (failed) {
      return null;
    }
    WindowSpec spec = spec(function, shown, lengths, place);
    return spec == null ? null : new Window(spec, time, place);
  }

  private static int lengthsOf(String function) {
    return function.equals("TUMBLE") || function.equals("SESSION") ? 1 : 2;
  }

  /**
   * The window of lengths in microseconds; null where there are too many or too few.
   *
   * @param lengths for TUMBLE the size, for HOP period and size, for CUMULATE step and size, for
   *     SESSION the gap; then perhaps the offset
   */
  @Nullable WindowSpec spec(String function, String shown, List<Long> lengths, Place place) {
    int wanted = lengthsOf(function);
    int most = function.equals("SESSION") ? wanted : wanted + 1;
    if (lengths.size() < wanted || lengths.size() > most) {
      wrongArguments(function, shown, place);
      return null;
    }
    long first = lengths.get(0);
    long offset = lengths.size() > wanted ? lengths.get(wanted) : 0;
    return switch (function) {
      case "TUMBLE" -> new WindowSpec.Tumble(first, Math.floorMod(offset, first));
      case "SESSION" -> new WindowSpec.Session(first);
      case "HOP" -> {
        long size = lengths.get(1);
        warnOfMany(size / first, "a longer period makes it cheaper", place);
        yield new WindowSpec.Hop(first, size, Math.floorMod(offset, first));
      }
      default -> cumulate(first, lengths.get(1), offset, place);
    };
  }

  private @Nullable WindowSpec cumulate(long step, long size, long offset, Place place) {
    if (size % step != 0) {
      compilation.error(
          DiagnosticCode.WINDOW_INVALID,
          place,
          "the size of CUMULATE must be a whole multiple of its step",
          "write CUMULATE(ts, step, size)");
      return null;
    }
    warnOfMany(size / step, "a longer step makes it cheaper", place);
    return new WindowSpec.Cumulate(step, size, Math.floorMod(offset, size));
  }

  private void warnOfMany(long windows, String hint, Place place) {
    if (windows > MANY_WINDOWS) {
      compilation.warning(
          DiagnosticCode.EXPENSIVE_WINDOW,
          place,
          "each row falls into up to " + windows + " windows",
          hint);
    }
  }

  private void wrongArguments(String function, String shown, Place place) {
    String lengths =
        switch (function) {
          case "TUMBLE" -> "INTERVAL size [, INTERVAL offset]";
          case "HOP" -> "INTERVAL period, INTERVAL size [, INTERVAL offset]";
          case "CUMULATE" -> "INTERVAL step, INTERVAL size [, INTERVAL offset]";
          default -> "INTERVAL gap";
        };
    compilation.error(
        DiagnosticCode.SQL_WRONG_ARGUMENTS,
        place,
        "wrong number of arguments for " + shown,
        "write " + shown + "(event_time, " + lengths + ")");
  }

  /**
   * A constant length in microseconds; null where it is none, which is reported.
   *
   * @param positive whether it must be more than nothing; an offset need not
   */
  @Nullable Long length(SqlExpression expression, Env env, boolean positive) {
    Typed value = expressions.analyze(expression, env);
    if (value.isError()) {
      return null;
    }
    Expression folded = ConstantFolding.fold(value.expression());
    Object constant = folded instanceof Expression.Literal literal ? literal.value() : null;
    String problem = null;
    String hint = "write such as INTERVAL 1 HOUR";
    long micros = 0;
    if (!positive && value.type() == ScalarType.TIME && constant instanceof Long time) {
      micros = time;
    } else if (value.type() != ScalarType.INTERVAL) {
      problem = "a window's length must be an INTERVAL, not " + value.shown();
    } else if (!(constant instanceof IntervalValue interval)) {
      problem = "a window's length must be a constant";
    } else if (interval.months() != 0) {
      problem = "months and years differ in length, so they cannot be a window's length";
      hint = "write days, or group by TIMESTAMP_TRUNC(window_start, MONTH) over a query of days";
    } else {
      try {
        micros =
            Math.addExact(Math.multiplyExact(interval.days(), MICROS_A_DAY), interval.micros());
      } catch (ArithmeticException e) {
        problem = "the window is too long";
      }
    }
    if (problem == null && micros % MICROS_A_MILLI != 0) {
      problem = "a window's length must be whole milliseconds";
    } else if (problem == null && positive && micros <= 0) {
      problem = "a window's length must be more than nothing";
    }
    if (problem != null) {
      compilation.error(DiagnosticCode.WINDOW_INVALID, value.place(), problem, hint);
      return null;
    }
    return micros;
  }

  /**
   * The column of the plan that a window may be assigned by; -1 where the expression is none, which
   * is reported.
   */
  int timeColumn(Plan plan, Typed time, Expression inPlan, WindowSpec window, String function) {
    PlanTraits traits = PlanTraits.of(plan);
    if (time.type() != ScalarType.TIMESTAMP) {
      compilation.error(
          DiagnosticCode.WINDOW_NOT_EVENT_TIME,
          time.place(),
          function + " needs a TIMESTAMP, not " + time.shown(),
          rightColumn(plan, traits, function));
      return -1;
    }
    int column = inPlan instanceof Expression.InputColumn input ? input.index() : -1;
    if (traits.windowed() && !traits.assigned()) {
      if (traits.ends().contains(column)) {
        return column;
      } else if (traits.starts().contains(column)) {
        if (nests(java.util.Objects.requireNonNull(traits.window()), window)) {
          return column;
        }
        compilation.error(
            DiagnosticCode.WINDOW_INVALID,
            time.place(),
            "a window of the inner query may reach beyond the " + function + " its start is in",
            "take a size of which the inner one is a part, or window_end in place of window_start");
        return -1;
      }
    } else if (traits.eventTime().contains(column)) {
      return column;
    } else if (column >= 0
        && traits.eventTime().isEmpty()
        && !compilation.context().streaming()
        && traits.bounded()) {
      return column;
    }
    compilation.error(
        DiagnosticCode.WINDOW_NOT_EVENT_TIME,
        time.place(),
        function + " needs the event time of the rows, which this is not",
        rightColumn(plan, traits, function));
    return -1;
  }

  private static String rightColumn(Plan plan, PlanTraits traits, String function) {
    Set<String> names = new TreeSet<>();
    Set<Integer> columns = traits.windowed() ? traits.starts() : traits.eventTime();
    columns.forEach(c -> names.add(plan.schema().name(c)));
    return names.isEmpty()
        ? "the rows have no event time: set event_time of the source, or let the subquery pass its"
            + " column on unchanged"
        : "write " + function + "(" + String.join(" or ", names) + ", ...)";
  }

  /**
   * Whether every inner window lies in one outer window whole, wherever it starts in it, so that
   * its start is as good as any of its moments.
   */
  static boolean nests(WindowSpec inner, WindowSpec outer) {
    long unit;
    long at;
    if (inner instanceof WindowSpec.Tumble tumble) {
      unit = tumble.size();
      at = tumble.offset();
    } else if (inner instanceof WindowSpec.Cumulate cumulate) {
      unit = cumulate.size();
      at = cumulate.offset();
    } else if (inner instanceof WindowSpec.Hop hop && hop.size() <= hop.period()) {
      unit = hop.period();
      at = hop.offset();
    } else {
      return false;
    }
    if (outer instanceof WindowSpec.Tumble tumble) {
      return tumble.size() % unit == 0 && Math.floorMod(tumble.offset() - at, unit) == 0;
    } else if (outer instanceof WindowSpec.Hop hop) {
      return hop.period() % unit == 0
          && hop.size() % unit == 0
          && Math.floorMod(hop.offset() - at, unit) == 0;
    } else if (outer instanceof WindowSpec.Cumulate cumulate) {
      return cumulate.step() % unit == 0 && Math.floorMod(cumulate.offset() - at, unit) == 0;
    }
    return false;
  }
}
