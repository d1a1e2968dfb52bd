package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** GROUP BY: the keys, the sets of them, and the window. */
final class GroupBy {

  /** More sets than this are refused; BigQuery has a limit, too. */
  private static final int MOST_SETS = 4096;

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final List<SelectList.Item> items;
  private final Env env;
  private final Predicate<Expression> computedLater;
  private final List<Typed> keys = new ArrayList<>();
  private WindowFunctions.@Nullable Window window;
  private String windowFunction = "";
  private final Set<Integer> named = new HashSet<>();
  private boolean failed;

  /**
   * @param items of the SELECT list, for aliases and ordinals
   * @param computedLater whether a column is known only once the rows are grouped
   */
  GroupBy(
      Compilation compilation,
      ExpressionAnalyzer expressions,
      List<SelectList.Item> items,
      Env env,
      Predicate<Expression> computedLater) {
    this.computedLater = computedLater;
    this.compilation = compilation;
    this.expressions = expressions;
    this.items = items;
    this.env = env;
  }

  /**
   * What rows are grouped by.
   *
   * @param keys over the FROM clause's row, each once
   * @param sets of indexes of keys
   * @param named indexes of the keys that GROUP BY names by the alias or the number of an item
   * @param window null: none
   * @param function the window's, as written
   */
  record Grouping(
      List<Typed> keys,
      List<List<Integer>> sets,
      Set<Integer> named,
      WindowFunctions.@Nullable Window window,
      String function) {}

  boolean failed() {
    return failed;
  }

  Grouping analyze(List<SqlQuery.GroupItem> clauses) {
    List<List<Integer>> sets = List.of(List.of());
    for (SqlQuery.GroupItem item : clauses) {
      sets = product(sets, sets(item, true));
      if (sets.size() > MOST_SETS) {
        compilation.error(
            DiagnosticCode.SQL_UNSUPPORTED,
            place(item),
            "GROUP BY has more than " + MOST_SETS + " grouping sets");
        failed = true;
        sets = List.of(List.of());
      }
    }
    return new Grouping(keys, sets, named, window, windowFunction);
  }

  /** GROUP BY ALL: by each item that holds no aggregate and reads a column. */
  Grouping all() {
    List<Integer> set = new ArrayList<>();
    for (SelectList.Item item : items) {
      boolean computed = Expressions.contains(item.value().expression(), Compilation::isVirtual);
      boolean constant = Expressions.columns(item.value().expression()).isEmpty();
      if (!item.value().isError() && !computed && !constant) {
        set.add(key(item.value()));
      }
    }
    return new Grouping(keys, List.of(List.copyOf(new TreeSet<>(set))), named, null, "");
  }

  private static Place place(SqlQuery.GroupItem item) {
    if (item instanceof SqlQuery.GroupExpression expression) {
      return expression.expression().place();
    } else if (item instanceof SqlQuery.Rollup rollup) {
      return rollup.place();
    } else if (item instanceof SqlQuery.Cube cube) {
      return cube.place();
    } else if (item instanceof SqlQuery.GroupingSets sets) {
      return sets.place();
    }
    return ((SqlQuery.GroupList) item).expressions().isEmpty()
        ? Place.ofFile("")
        : ((SqlQuery.GroupList) item).expressions().get(0).place();
  }

  private static List<List<Integer>> product(List<List<Integer>> left, List<List<Integer>> right) {
    List<List<Integer>> product = new ArrayList<>();
    for (List<Integer> a : left) {
      for (List<Integer> b : right) {
        TreeSet<Integer> both = new TreeSet<>(a);
        both.addAll(b);
        product.add(List.copyOf(both));
      }
    }
    return product;
  }

  /** The grouping sets that an item stands for. */
  private List<List<Integer>> sets(SqlQuery.GroupItem item, boolean top) {
    if (item instanceof SqlQuery.GroupExpression expression) {
      return List.of(one(expression.expression(), top));
    } else if (item instanceof SqlQuery.GroupList list) {
      TreeSet<Integer> all = new TreeSet<>();
      list.expressions().forEach(e -> all.addAll(one(e, false)));
      return List.of(List.copyOf(all));
    } else if (item instanceof SqlQuery.GroupingSets sets) {
      List<List<Integer>> all = new ArrayList<>();
      sets.sets().forEach(s -> all.addAll(sets(s, false)));
      return all;
    } else if (item instanceof SqlQuery.Rollup rollup) {
      List<List<Integer>> parts = rollup.items().stream().map(i -> sets(i, false).get(0)).toList();
      List<List<Integer>> all = new ArrayList<>();
      for (int size = parts.size(); size >= 0; size--) {
        TreeSet<Integer> prefix = new TreeSet<>();
        parts.subList(0, size).forEach(prefix::addAll);
        all.add(List.copyOf(prefix));
      }
      return all;
    }
    SqlQuery.Cube cube = (SqlQuery.Cube) item;
    List<List<Integer>> parts = cube.items().stream().map(i -> sets(i, false).get(0)).toList();
    List<List<Integer>> all = new ArrayList<>();
    if (parts.size() > 12) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED, cube.place(), "CUBE takes at most 12 items");
      failed = true;
      return List.of(List.of());
    }
    for (int mask = (1 << parts.size()) - 1; mask >= 0; mask--) {
      TreeSet<Integer> some = new TreeSet<>();
      for (int i = 0; i < parts.size(); i++) {
        if ((mask & (1 << (parts.size() - 1 - i))) != 0) {
          some.addAll(parts.get(i));
        }
      }
      all.add(List.copyOf(some));
    }
    return all;
  }

  private List<Integer> one(SqlExpression expression, boolean top) {
    if (expression instanceof SqlExpression.Call call
        && call.over() == null
        && WindowFunctions.isGroupCall(call.name())) {
      window(call, top);
      return List.of();
    }
    Typed key = resolve(expression);
    if (key.isError()) {
      failed = true;
      return List.of();
    }
    if (Expressions.contains(key.expression(), computedLater)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          expression.place(),
          "GROUP BY cannot group by an aggregate, analytic or window function",
          "group by what it is computed from, and filter with HAVING or QUALIFY; a window is written"
              + " as GROUP BY TUMBLE(...)");
      failed = true;
      return List.of();
    }
    if (!Types.groupable(key.type())) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          expression.place(),
          "GROUP BY is not possible on values of type " + key.shown(),
          "group by TO_JSON_STRING(...)");
      failed = true;
      return List.of();
    }
    int index = key(key);
    if (expression instanceof SqlExpression.IntegerLiteral
        || (expression instanceof SqlExpression.Path
            && !(key.expression() instanceof Expression.InputColumn))) {
      named.add(index);
    }
    return List.of(index);
  }

  private int key(Typed key) {
    for (int i = 0; i < keys.size(); i++) {
      if (Expressions.same(keys.get(i).expression(), key.expression())) {
        return i;
      }
    }
    keys.add(key);
    return keys.size() - 1;
  }

  private void window(SqlExpression.Call call, boolean top) {
    WindowFunctions.Window found = new WindowFunctions(compilation, expressions).group(call, env);
    compilation.nameWindow(call.place());
    if (found == null) {
      failed = true;
    } else if (!top) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          call.place(),
          "a window cannot stand inside ROLLUP, CUBE or GROUPING SETS",
          "write GROUP BY " + call.name() + "(...), ROLLUP(...)");
      failed = true;
    } else if (window != null
        && !(window.spec().equals(found.spec())
            && Expressions.same(window.time().expression(), found.time().expression()))) {
      compilation.error(
          DiagnosticCode.WINDOW_CONFLICT,
          call.place(),
          "GROUP BY has two different windows; the other one is at " + window.place(),
          "write a query for each");
      failed = true;
    } else {
      window = found;
      windowFunction = call.name().toUpperCase(Locale.ROOT);
    }
  }

  /** An ordinal, an alias or an expression over the FROM clause's row. */
  private Typed resolve(SqlExpression expression) {
    if (expression instanceof SqlExpression.IntegerLiteral ordinal) {
      SelectList.Item item = ordinal(ordinal);
      return item == null ? Typed.error(expression.place()) : item.value();
    }
    Env names = env;
    if (expression instanceof SqlExpression.Path) {
      names = env.withAliases(SelectAnalyzer.aliases(items));
    }
    Typed key = expressions.analyze(expression, names);
    if (!key.isError()
        && (key.kind() != Typed.Kind.VALUE || key.expression() instanceof Expression.Literal)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          expression.place(),
          "GROUP BY cannot group by a constant",
          "leave it out");
      return Typed.error(expression.place());
    }
    return new Typed(key.expression(), key.kind(), expression.place());
  }

  private SelectList.@Nullable Item ordinal(SqlExpression.IntegerLiteral ordinal) {
    return ordinal(compilation, ordinal, items, "GROUP BY");
  }

  /** The item that a number in GROUP BY or ORDER BY stands for; null where there is none. */
  static SelectList.@Nullable Item ordinal(
      Compilation compilation,
      SqlExpression.IntegerLiteral ordinal,
      List<SelectList.Item> items,
      String clause) {
    int number = 0;
    try {
      number = Integer.parseInt(ordinal.text());
    } catch (NumberFormatException e) {
      // Too large or hexadecimal: no column has that number.
      number = 0;
    }
    if (number < 1 || number > items.size()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          ordinal.place(),
          clause + " " + ordinal.text() + " is out of range",
          "the SELECT list has " + items.size() + (items.size() == 1 ? " column" : " columns"));
      return null;
    }
    return items.get(number - 1);
  }
}
