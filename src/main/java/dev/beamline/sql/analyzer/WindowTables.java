package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL 1 HOUR))} and its kin. */
final class WindowTables {

  /** Names of arguments, in their order, by function. */
  private static final Map<String, List<String>> LENGTHS =
      Map.of(
          "TUMBLE", List.of("SIZE", "OFFSET"),
          "HOP", List.of("SLIDE", "SIZE", "OFFSET"),
          "CUMULATE", List.of("STEP", "SIZE", "OFFSET"),
          "SESSION", List.of("GAP"));

  private static final Map<String, String> ALIASES =
      Map.of("TIMECOL", "TIMECOL", "PERIOD", "SLIDE", "TIMESTAMP_COLUMN", "TIMECOL");

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final FromAnalyzer from;

  WindowTables(Compilation compilation, ExpressionAnalyzer expressions, FromAnalyzer from) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.from = from;
  }

  FromAnalyzer.Rows analyze(SqlQuery.TableFunction function) {
    String name = function.function().toUpperCase(Locale.ROOT);
    List<String> lengthNames = LENGTHS.get(name);
    if (lengthNames == null) {
      compilation.error(
          DiagnosticCode.SQL_UNKNOWN_FUNCTION,
          function.place(),
          "there is no table function " + function.function(),
          Compilation.nearest(name, LENGTHS.keySet()));
      return from.failure();
    }
    SqlQuery.@Nullable InputTable data = null;
    SqlQuery.@Nullable TableArgumentValue time = null;
    SqlQuery.@Nullable TableArgumentValue key = null;
    List<SqlQuery.@Nullable ScalarArgument> lengths = new ArrayList<>();
    lengthNames.forEach(n -> lengths.add(null));
    int position = 0;
    for (SqlQuery.TableArgument argument : function.arguments()) {
      String given = argument.name();
      String wanted = given == null ? null : ALIASES.getOrDefault(given, given);
      SqlQuery.TableArgumentValue value = argument.value();
      if (wanted == null && value instanceof SqlQuery.InputTable table && data == null) {
        data = table;
      } else if ("DATA".equals(wanted) && value instanceof SqlQuery.InputTable table) {
        data = table;
      } else if ("TIMECOL".equals(wanted)
          || (wanted == null && time == null && data != null && position == 1)) {
        time = value;
      } else if (name.equals("SESSION")
          && ("KEY".equals(wanted) || (wanted == null && value instanceof SqlQuery.Descriptor))) {
        key = value;
      } else if (value instanceof SqlQuery.ScalarArgument scalar) {
        int at = wanted == null ? lengths.indexOf(null) : lengthNames.indexOf(wanted);
        if (at < 0) {
          return wrong(function, name);
        }
        lengths.set(at, scalar);
      } else {
        return wrong(function, name);
      }
      position++;
    }
    if (data == null || time == null) {
      return wrong(function, name);
    }
    if (name.equals("HOP")
        && time instanceof SqlQuery.ScalarArgument text
        && text.expression() instanceof SqlExpression.StringLiteral
        && function.arguments().stream().allMatch(a -> a.name() == null)) {
      // GoogleSQL's own HOP names the column by a text, and takes the size before the period.
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          function.place(),
          "HOP with the column as a text has its size before its period in GoogleSQL, and behind it"
              + " in Beam and Flink",
          "write HOP(TABLE t, DESCRIPTOR(event_time), INTERVAL period, INTERVAL size), or name them:"
              + " slide => INTERVAL ..., size => INTERVAL ...");
      return from.failure();
    }
    return assign(function, name, data, time, key, lengths);
  }

  private FromAnalyzer.Rows wrong(SqlQuery.TableFunction function, String name) {
    String lengths =
        switch (name) {
          case "TUMBLE" -> "INTERVAL size [, INTERVAL offset]";
          case "HOP" -> "INTERVAL period, INTERVAL size [, INTERVAL offset]";
          case "CUMULATE" -> "INTERVAL step, INTERVAL size [, INTERVAL offset]";
          default -> "INTERVAL gap";
        };
    String table = name.equals("SESSION") ? "TABLE t PARTITION BY key" : "TABLE t";
    compilation.error(
        DiagnosticCode.SQL_WRONG_ARGUMENTS,
        function.place(),
        "the arguments of " + name + " are wrong",
        "write TABLE(" + name + "(" + table + ", DESCRIPTOR(event_time), " + lengths + "))");
    return from.failure();
  }

  private FromAnalyzer.Rows assign(
      SqlQuery.TableFunction function,
      String name,
      SqlQuery.InputTable data,
      SqlQuery.TableArgumentValue time,
      SqlQuery.@Nullable TableArgumentValue key,
      List<SqlQuery.@Nullable ScalarArgument> lengthArguments) {
    compilation.nameWindow(function.place());
    FromAnalyzer.Rows rows = from.analyze(data.table());
    if (rows.failed()) {
      return from.failure();
    }
    WindowFunctions windows = new WindowFunctions(compilation, expressions);
    Env env = Env.plain(Scope.empty(null), "an argument of " + name, null);
    List<Long> lengths = new ArrayList<>();
    int needed = name.equals("TUMBLE") || name.equals("SESSION") ? 1 : 2;
    boolean failed = rows.failed();
    for (SqlQuery.ScalarArgument argument : lengthArguments) {
      if (argument == null) {
        continue;
      }
      Long length = windows.length(argument.expression(), env, lengths.size() < needed);
      failed |= length == null;
      lengths.add(length == null ? 1L : length);
    }
    for (int i = 0; i < needed; i++) {
      if (lengthArguments.get(i) == null) {
        return wrong(function, name);
      }
    }
    Typed timeColumn = timeColumn(time, rows, function);
    List<Expression> keys = new ArrayList<>();
    for (SqlExpression expression : partition(data, key)) {
      Typed one = expressions.analyze(expression, Env.plain(rows.scope(), "PARTITION BY", null));
      failed |= one.isError();
      keys.add(one.expression());
    }
    if (!keys.isEmpty() && !name.equals("SESSION")) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          function.place(),
          "PARTITION BY stands only in SESSION",
          "group by the column");
      failed = true;
    }
    WindowSpec spec = failed ? null : windows.spec(name, name, lengths, function.place());
    if (spec == null || timeColumn.isError()) {
      return withWindow(function, rows, rows.plan().schema().size(), true);
    }
    int column = windows.timeColumn(rows.plan(), timeColumn, timeColumn.expression(), spec, name);
    if (column < 0) {
      return withWindow(function, rows, rows.plan().schema().size(), true);
    }
    Joins.Keyed keyed = Joins.keyed(rows.plan(), keys);
    Plan.AssignWindows plan =
        compilation.at(
            Plans.assign(keyed.plan(), spec, column, keyed.keys(), ScalarType.TIMESTAMP),
            function.place());
    return withWindow(
        function, new FromAnalyzer.Rows(plan, rows.scope(), false), plan.windowStart(), false);
  }

  private static List<SqlExpression> partition(
      SqlQuery.InputTable data, SqlQuery.@Nullable TableArgumentValue key) {
    List<SqlExpression> keys = new ArrayList<>(data.partitionBy());
    if (key instanceof SqlQuery.Descriptor descriptor) {
      descriptor.columns().forEach(c -> keys.add(new SqlExpression.Path(List.of(c))));
    }
    return keys;
  }

  private Typed timeColumn(
      SqlQuery.TableArgumentValue time, FromAnalyzer.Rows rows, SqlQuery.TableFunction function) {
    Env env = Env.plain(rows.scope(), "DESCRIPTOR", null);
    if (time instanceof SqlQuery.Descriptor descriptor && descriptor.columns().size() == 1) {
      return rows.failed()
          ? Typed.error(descriptor.place())
          : expressions.analyze(new SqlExpression.Path(descriptor.columns()), env);
    } else if (time instanceof SqlQuery.ScalarArgument scalar) {
      if (scalar.expression() instanceof SqlExpression.StringLiteral text) {
        return expressions.analyze(
            new SqlExpression.Path(
                List.of(new SqlExpression.Identifier(text.value(), text.place()))),
            env);
      }
      return expressions.analyze(scalar.expression(), env);
    }
    compilation.error(
        DiagnosticCode.SQL_WRONG_ARGUMENTS,
        time instanceof SqlQuery.Descriptor d ? d.place() : function.place(),
        function.function().toUpperCase(Locale.ROOT) + " needs DESCRIPTOR with one column",
        "write DESCRIPTOR(event_time)");
    return Typed.error(function.place());
  }

  /** The rows' names and window_start and window_end, all under the function's alias. */
  private FromAnalyzer.Rows withWindow(
      SqlQuery.TableFunction function, FromAnalyzer.Rows rows, int start, boolean failed) {
    SqlExpression.Identifier alias = function.alias();
    String table = alias == null ? "" : alias.name();
    List<Scope.Name> names = new ArrayList<>();
    for (Scope.Name name : rows.scope().columns()) {
      if (!Set.of("window_start", "window_end").contains(name.name().toLowerCase(Locale.ROOT))) {
        names.add(new Scope.Name(name.name(), name.expression(), table));
      }
    }
    names.add(
        new Scope.Name(
            "window_start", new Expression.InputColumn(start, ScalarType.TIMESTAMP), table));
    names.add(
        new Scope.Name(
            "window_end", new Expression.InputColumn(start + 1, ScalarType.TIMESTAMP), table));
    List<Scope.Variable> variables = new ArrayList<>();
    if (!table.isEmpty()) {
      variables.add(new Scope.Variable(table, names, null));
    } else {
      for (Scope.Variable variable : rows.scope().variables()) {
        variables.add(new Scope.Variable(variable.name(), names, null));
      }
    }
    return new FromAnalyzer.Rows(
        rows.plan(), new Scope(variables, names, from.outer()), failed || rows.failed());
  }
}
