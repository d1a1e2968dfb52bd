package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a subquery over tables whose WHERE reads the row around it into a join: rows with equal
 * values are found by keys, so that each subquery is computed once for all rows. What cannot be is
 * refused.
 */
final class Decorrelation {

  /** Aggregates of no rows that are not NULL but 0. */
  private static final Set<String> COUNTS =
      Set.of("COUNT", "COUNTIF", "APPROX_COUNT_DISTINCT", "HLL_COUNT.MERGE");

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final SelectAnalyzer select;
  private final Place place;

  Decorrelation(
      Compilation compilation, ExpressionAnalyzer expressions, SelectAnalyzer select, Place place) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.select = select;
    this.place = place;
  }

  /**
   * The conditions on the row around: equal values, and what else there is.
   *
   * @param outer over the row around, one an equality
   * @param inner over the subquery's row, one an equality
   * @param rest over the subquery's row, with outer columns
   */
  private record Conditions(List<Expression> outer, List<Expression> inner, List<Expression> rest) {

    /** What of the row around is read. */
    List<Expression> reads() {
      List<Expression> reads = new ArrayList<>(outer);
      rest.forEach(condition -> addOuter(condition, reads));
      return reads;
    }
  }

  /** The conditions over the filtered rows, where values of subqueries have become columns. */
  private Conditions conditions(Stage inner) {
    Conditions conditions = conditions();
    return new Conditions(
        conditions.outer(),
        conditions.inner().stream().map(e -> inner.map(e, place)).toList(),
        conditions.rest().stream().map(e -> inner.map(e, place)).toList());
  }

  /** Adds the columns of rows around that an expression reads, as they are written there. */
  private static void addOuter(Expression expression, List<Expression> reads) {
    Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (part instanceof Expression.OuterColumn column && column.depth() > depth) {
            int out = column.depth() - depth;
            reads.add(
                out == 1
                    ? new Expression.InputColumn(column.index(), column.type())
                    : new Expression.OuterColumn(out - 1, column.index(), column.type()));
          }
          return null;
        });
  }

  private Conditions conditions() {
    List<Expression> outer = new ArrayList<>();
    List<Expression> inner = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Typed condition : select.correlated()) {
      Equal equal = equal(condition.expression());
      if (equal == null) {
        rest.add(condition.expression());
      } else {
        outer.add(equal.outer());
        inner.add(equal.inner());
      }
    }
    return new Conditions(outer, inner, rest);
  }

  /**
   * An equality of a value of the row around, as it is written there, and one of the subquery's.
   */
  record Equal(Expression outer, Expression inner) {}

  /** The condition as such an equality that keys can have; null where it is none. */
  static @Nullable Equal equal(Expression condition) {
    if (!(condition instanceof Expression.Call call)
        || !call.function().equals("EQ")
        || call.arguments().get(0).type() instanceof StructType) {
      return null;
    }
    Expression a = call.arguments().get(0);
    Expression b = call.arguments().get(1);
    if (onlyOuter(a) && onlyInner(b)) {
      return new Equal(lower(a), b);
    }
    return onlyOuter(b) && onlyInner(a) ? new Equal(lower(b), a) : null;
  }

  private static boolean onlyOuter(Expression expression) {
    return Expressions.columns(expression).isEmpty() && Expressions.readsOuter(expression);
  }

  private static boolean onlyInner(Expression expression) {
    return !Expressions.columns(expression).isEmpty() && !Expressions.readsOuter(expression);
  }

  /** An expression of the row around as it is written there. */
  private static Expression lower(Expression expression) {
    return Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (part instanceof Expression.OuterColumn column && column.depth() > depth) {
            int by = column.depth() - 1;
            return by == 0 && depth == 0
                ? new Expression.InputColumn(column.index(), column.type())
                : new Expression.OuterColumn(by, column.index(), column.type());
          }
          return null;
        });
  }

  private void refuse(String what, String hint) {
    compilation.error(DiagnosticCode.SQL_UNSUPPORTED, place, what, hint);
  }

  /**
   * Conditions for a join whose left side is the stage and whose right side is the subquery's rows.
   */
  private static List<Expression> overBoth(
      Stage stage, List<Expression> conditions, int leftSize, Place place) {
    return conditions.stream()
        .map(
            c ->
                Expressions.rewrite(
                    c,
                    (part, depth) -> {
                      if (depth == 0 && part instanceof Expression.InputColumn input) {
                        return new Expression.InputColumn(input.index() + leftSize, input.type());
                      } else if (depth > 0
                          && part instanceof Expression.OuterColumn own
                          && own.depth() == depth) {
                        return new Expression.OuterColumn(
                            depth, own.index() + leftSize, own.type());
                      }
                      return ofRowAround(part, depth, stage, place);
                    }))
        .toList();
  }

  /**
   * A column of a row around the subquery, where the subquery's rows are joined with the stage's;
   * null where the part is none.
   */
  private static @Nullable Expression ofRowAround(
      Expression part, int depth, Stage stage, Place place) {
    if (!(part instanceof Expression.OuterColumn outer) || outer.depth() <= depth) {
      return null;
    }
    return outer.depth() == depth + 1
        ? Expressions.lift(
            stage.map(new Expression.InputColumn(outer.index(), outer.type()), place), depth)
        : new Expression.OuterColumn(outer.depth() - 1, outer.index(), outer.type());
  }

  private List<Joins.Pair> pairs(Stage stage, Conditions conditions, List<Expression> right) {
    List<Joins.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < conditions.outer().size(); i++) {
      pairs.add(new Joins.Pair(stage.map(conditions.outer().get(i), place), right.get(i)));
    }
    return pairs;
  }

  /** EXISTS and NOT EXISTS as a condition. */
  Attachment semi(boolean negated) {
    Stage inner = select.filtered();
    Conditions conditions = conditions(inner);
    Plan right = inner.plan();
    return new Attachment(
        conditions.reads(),
        stage -> {
          int size = stage.plan().schema().size();
          stage.over(
              compilation.at(
                  Joins.join(
                      stage.plan(),
                      right,
                      negated ? Plan.Join.Kind.ANTI : Plan.Join.Kind.SEMI,
                      pairs(stage, conditions, conditions.inner()),
                      overBoth(stage, conditions.rest(), size, place)),
                  place));
        });
  }

  /** Whether the subquery has a row just where its FROM and WHERE give one. */
  boolean existsByRows() {
    return !(select.fromReadsOuter()
        || select.hasTotal()
        || !select.having().isEmpty()
        || select.hasAnalytics()
        || select.limit().present());
  }

  /** Whether {@link #in} can be: by a join with the subquery's rows. */
  boolean inByRows(Typed operand) {
    return select.items().size() == 1
        && !select.fromReadsOuter()
        && !select.hasLateSubqueries()
        && !select.aggregated()
        && !select.hasAnalytics()
        && !select.limit().present()
        && select.as().isEmpty()
        && !Expressions.readsOuter(select.items().get(0).value().expression())
        && !(select.items().get(0).value().type() instanceof StructType)
        && !(operand.type() instanceof StructType);
  }

  /** Whether {@link #exists} can be. */
  boolean existsByKeys() {
    return existsByRows() && onlyKeys();
  }

  /** Whether {@link #scalar} can be. */
  boolean scalarByKeys() {
    if (!onlyKeys()
        || select.hasLateSubqueries()
        || select.hasGroupBy()
        || select.hasAnalytics()
        || select.distinct()) {
      return false;
    }
    LimitClause limit = select.limit();
    if (select.aggregated()) {
      return !(limit.present() && (limit.count() == 0 || limit.skip() > 0))
          && select.aggregates().calls().stream().noneMatch(Decorrelation::readsOuter);
    }
    boolean first = limit.present() && limit.count() == 1 && limit.skip() == 0;
    return !Expressions.readsOuter(value().expression())
        && select.order().stream().noneMatch(k -> Expressions.readsOuter(k.value().expression()))
        && (!limit.present() || first);
  }

  /** Whether {@link #array} can be. */
  boolean arrayByKeys() {
    return onlyKeys()
        && !select.hasLateSubqueries()
        && !select.aggregated()
        && !select.hasAnalytics()
        && !select.distinct()
        && !select.limit().present()
        && !Expressions.readsOuter(value().expression())
        && select.order().stream().noneMatch(k -> Expressions.readsOuter(k.value().expression()));
  }

  /** Whether equalities are all that is said of the row around, and there is one. */
  private boolean onlyKeys() {
    Conditions conditions = conditions();
    return !conditions.outer().isEmpty()
        && !select.fromReadsOuter()
        && conditions.rest().stream().allMatch(c -> Expressions.columns(c).isEmpty());
  }

  /**
   * The subquery over an array of its table's rows, which becomes a column of the row around it: so
   * it may do with that row whatever it likes. The array holds the rows that are equal in the
   * conditions that are equalities; all rows where there are none.
   *
   * @return a relation that reads nothing but the row; null where it is refused
   */
  @Nullable Relation collected(List<Attachment> attachments) {
    if (select.groupsByWindow()) {
      refuse(
          "a subquery that reads the row around it cannot group by a window",
          "compute the windows in a WITH query and read that");
      return null;
    }
    if (select.fromReadsOuter()) {
      return overArrays(attachments);
    }
    Conditions conditions = conditions();
    Stage stage = select.filtered();
    Set<Integer> needed = select.columnsAbove(stage);
    List<Integer> kept =
        IntStream.range(0, stage.plan().schema().size())
            .filter(i -> needed == null || needed.contains(i))
            .boxed()
            .toList();
    List<Expression> inner = conditions.inner().stream().map(k -> stage.map(k, place)).toList();
    stage.over(
        new TableArrays(compilation, attachments, place)
            .collected(stage.plan(), conditions.outer(), inner, kept));
    List<Expression> rest = conditions.rest().stream().map(c -> stage.map(c, place)).toList();
    stage.over(Plans.filter(stage.plan(), Expressions.and(rest)));
    Relation relation = select.finish(stage, true);
    return withoutTables(relation, attachments);
  }

  /** The whole subquery over arrays of what it reads, where its FROM looks at the row around it. */
  private @Nullable Relation overArrays(List<Attachment> attachments) {
    // The conditions come first, so that equal values pick the rows of the arrays.
    Stage stage = select.filteredWhole();
    return withoutTables(select.finish(stage, true), attachments);
  }

  private @Nullable Relation withoutTables(Relation relation, List<Attachment> attachments) {
    return relation.failed()
        ? null
        : relation.withPlan(new TableArrays(compilation, attachments, place).over(relation.plan()));
  }

  /** IN and NOT IN as a condition; null where it is refused. */
  @Nullable Attachment in(Typed operand, boolean negated) {
    Typed item = select.items().get(0).value();
    Optional<Type> type =
        expressions.functions().supertype(List.of(operand, item), "both sides of IN", place);
    if (type.isEmpty()) {
      return null;
    }
    Typed left = expressions.functions().coerce(operand, type.get());
    Typed right = expressions.functions().coerce(item, type.get());
    if (left.isError() || right.isError()) {
      return null;
    }
    Stage inner = select.filtered();
    Conditions conditions = conditions(inner);
    Expression element = inner.map(right.expression(), place);
    List<Expression> reads = conditions.reads();
    reads.add(left.expression());
    return new Attachment(
        reads,
        stage -> {
          int size = stage.plan().schema().size();
          List<Joins.Pair> pairs = pairs(stage, conditions, conditions.inner());
          List<Expression> rest = new ArrayList<>(overBoth(stage, conditions.rest(), size, place));
          Expression value = stage.map(left.expression(), place);
          if (negated) {
            // TRUE only where no row of the subquery is equal or cannot be compared.
            Expression moved = Expressions.shift(element, size);
            rest.add(
                SubqueryAnalyzer.call(
                    "OR",
                    ScalarType.BOOL,
                    place,
                    SubqueryAnalyzer.call("EQ", ScalarType.BOOL, place, value, moved),
                    SubqueryAnalyzer.call("IS_NULL", ScalarType.BOOL, place, value),
                    SubqueryAnalyzer.call("IS_NULL", ScalarType.BOOL, place, moved)));
          } else {
            pairs.add(new Joins.Pair(value, element));
          }
          stage.over(
              compilation.at(
                  Joins.join(
                      stage.plan(),
                      inner.plan(),
                      negated ? Plan.Join.Kind.ANTI : Plan.Join.Kind.SEMI,
                      pairs,
                      rest),
                  place));
        });
  }

  /** EXISTS as a value. */
  Typed exists(List<Attachment> attachments) {
    Stage inner = select.filtered();
    Conditions conditions = conditions(inner);
    Plan rows = withKeys(inner.plan(), conditions, List.of(), List.of());
    Plan distinct = QueryAnalyzer.distinct(rows);
    Plan marks =
        Plans.append(distinct, List.of(new Expression.Literal(true, ScalarType.BOOL)), List.of(""));
    Expression.InputColumn column = compilation.newVirtual(ScalarType.BOOL);
    attachments.add(
        new Attachment(
            conditions.reads(),
            stage -> {
              int mark = join(stage, marks, conditions, conditions.inner().size());
              stage.know(
                  column,
                  SubqueryAnalyzer.call(
                      "IS_NOT_NULL", ScalarType.BOOL, place, Plans.column(stage.plan(), mark)));
            }));
    return Typed.value(column, place);
  }

  /** The keys and then the values, computed over the rows. */
  private static Plan withKeys(
      Plan rows, Conditions conditions, List<Expression> values, List<SortKey> order) {
    List<Expression> columns = new ArrayList<>(conditions.inner());
    columns.addAll(values);
    order.forEach(k -> columns.add(k.expression()));
    return Plans.project(rows, columns, columns.stream().map(c -> "").toList());
  }

  /**
   * Joins the stage with rows whose first columns are the keys.
   *
   * @param column of the rows
   * @return its index in the stage's plan; further columns follow it
   */
  private int join(Stage stage, Plan rows, Conditions conditions, int column) {
    List<Expression> keys = new ArrayList<>();
    for (int i = 0; i < conditions.inner().size(); i++) {
      keys.add(Plans.column(rows, i));
    }
    int size = stage.plan().schema().size();
    Plan.Join join =
        Joins.join(
            stage.plan(),
            rows,
            Plan.Join.Kind.LEFT,
            pairs(stage, conditions, keys),
            overBoth(stage, conditions.rest(), size, place));
    stage.over(compilation.at(join, place));
    return join.left().schema().size() + column;
  }

  /** The subquery's one value. */
  Typed scalar(List<Attachment> attachments) {
    Stage inner = select.filtered();
    Conditions conditions = conditions(inner);
    return select.aggregated()
        ? aggregated(inner, conditions, attachments)
        : single(inner, conditions, attachments);
  }

  private Typed aggregated(Stage inner, Conditions conditions, List<Attachment> attachments) {
    Typed item = value();
    List<AggregateCall> calls =
        select.aggregates().calls().stream()
            .map(c -> Plans.mapCall(c, e -> inner.map(e, c.place())))
            .toList();
    List<Expression> columns = new ArrayList<>(Plans.identity(inner.plan().schema()));
    int first = columns.size();
    columns.addAll(conditions.inner());
    Plan rows = Plans.project(inner.plan(), columns, columns.stream().map(c -> "").toList());
    List<Integer> keys = IntStream.range(first, columns.size()).boxed().toList();
    Plan grouped = compilation.at(Plans.group(rows, keys, calls), place);
    Expression.InputColumn column = compilation.newVirtual(item.type());
    List<Expression> reads = conditions.reads();
    addOuter(item.expression(), reads);
    select.having().forEach(condition -> addOuter(condition.expression(), reads));
    Map<Integer, Integer> virtual = new HashMap<>();
    for (int i = 0; i < calls.size(); i++) {
      virtual.put(select.aggregates().columns().get(i).index(), i);
    }
    attachments.add(
        new Attachment(
            reads,
            stage -> {
              int at = join(stage, grouped, conditions, keys.size());
              Expression value = overJoin(item.expression(), stage, virtual, calls, at);
              for (Typed condition : select.having()) {
                value =
                    SubqueryAnalyzer.call(
                        "CASE",
                        item.type(),
                        place,
                        overJoin(condition.expression(), stage, virtual, calls, at),
                        value,
                        new Expression.Literal(null, item.type()));
              }
              stage.know(column, value);
            }));
    return Typed.value(column, place);
  }

  /** The SELECT list's one value, as a STRUCT where it is SELECT AS STRUCT. */
  private Typed value() {
    if (!select.as().equals("STRUCT")) {
      return select.items().get(0).value();
    }
    List<Column> fields = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (SelectList.Item item : select.items()) {
      fields.add(Column.of(item.name(), item.value().type()));
      values.add(item.value().expression());
    }
    return Typed.value(
        new Expression.Call("STRUCT", values, new StructType(fields), false, place), place);
  }

  private static boolean readsOuter(AggregateCall call) {
    return call.expressions().stream().anyMatch(Expressions::readsOuter);
  }

  /** An expression over aggregates and the row around, over the joined row. */
  private Expression overJoin(
      Expression expression,
      Stage stage,
      Map<Integer, Integer> virtual,
      List<AggregateCall> calls,
      int first) {
    return Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (depth == 0 && part instanceof Expression.InputColumn input) {
            Integer call = virtual.get(input.index());
            if (call == null) {
              compilation.error(
                  DiagnosticCode.SQL_NOT_GROUPED,
                  place,
                  "a column of this subquery is neither grouped nor aggregated",
                  "put it into an aggregate function");
              return new Expression.Literal(null, input.type());
            }
            Expression value = Plans.column(stage.plan(), first + call);
            return COUNTS.contains(calls.get(call).function())
                ? SubqueryAnalyzer.call(
                    "COALESCE",
                    value.type(),
                    place,
                    value,
                    new Expression.Literal(0L, ScalarType.INT64))
                : value;
          }
          return ofRowAround(part, depth, stage, place);
        });
  }

  /** A value of at most one row; more are an error, unless LIMIT 1 takes the first. */
  private Typed single(Stage inner, Conditions conditions, List<Attachment> attachments) {
    Typed item = value();
    boolean first =
        select.limit().present() && select.limit().count() == 1 && select.limit().skip() == 0;
    List<SortKey> order = order(inner);
    List<Expression> values = List.of(inner.map(item.expression(), place));
    Plan rows = withKeys(inner.plan(), conditions, values, order);
    int keyCount = conditions.inner().size();
    List<Integer> keys = Plans.places(keyCount);
    Expression value = Plans.column(rows, keyCount);
    Expression.InputColumn column = compilation.newVirtual(item.type());
    Plan right;
    if (first) {
      List<SortKey> moved = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        SortKey key = order.get(i);
        moved.add(
            new SortKey(Plans.column(rows, keyCount + 1 + i), key.descending(), key.nullsFirst()));
      }
      right = compilation.at(new Plan.Limit(rows, keys, moved, 1, 0), place);
    } else {
      List<AggregateCall> calls =
          List.of(
              new AggregateCall(
                  "ANY_VALUE",
                  List.of(value),
                  false,
                  null,
                  List.of(),
                  null,
                  AggregateCall.Nulls.DEFAULT,
                  value.type(),
                  place),
              SubqueryAnalyzer.count(List.of(), place));
      right = compilation.at(Plans.group(rows, keys, calls), place);
    }
    attachments.add(
        new Attachment(
            conditions.reads(),
            stage -> {
              int at = join(stage, right, conditions, keyCount);
              Expression found = Plans.column(stage.plan(), at);
              stage.know(column, first ? found : onlyOne(found, stage, at + 1));
            }));
    return Typed.value(column, place);
  }

  private Expression onlyOne(Expression value, Stage stage, int count) {
    return SubqueryAnalyzer.call(
        "CASE",
        value.type(),
        place,
        SubqueryAnalyzer.call(
            "GT",
            ScalarType.BOOL,
            place,
            Plans.column(stage.plan(), count),
            new Expression.Literal(1L, ScalarType.INT64)),
        SubqueryAnalyzer.call(
            "ERROR",
            value.type(),
            place,
            new Expression.Literal(
                "Scalar subquery produced more than one element", ScalarType.STRING)),
        value);
  }

  private List<SortKey> order(Stage inner) {
    List<SortKey> order = new ArrayList<>();
    for (SelectAnalyzer.OrderKey key : select.order()) {
      order.add(
          AggregateCalls.sortKey(
              key.clause(), inner.map(key.value().expression(), key.value().place())));
    }
    return order;
  }

  /** ARRAY of the subquery's values. */
  Typed array(List<Attachment> attachments) {
    Typed item = value();
    Stage inner = select.filtered();
    Conditions conditions = conditions(inner);
    AggregateCall call =
        SubqueryAnalyzer.arrayAgg(inner.map(item.expression(), place), order(inner), place);
    List<Expression> columns = new ArrayList<>(Plans.identity(inner.plan().schema()));
    int first = columns.size();
    columns.addAll(conditions.inner());
    Plan rows = Plans.project(inner.plan(), columns, columns.stream().map(c -> "").toList());
    List<Integer> keys = IntStream.range(first, columns.size()).boxed().toList();
    Plan grouped = compilation.at(Plans.group(rows, keys, List.of(call)), place);
    Expression.InputColumn column = compilation.newVirtual(call.type());
    attachments.add(
        new Attachment(
            conditions.reads(),
            stage -> {
              int at = join(stage, grouped, conditions, keys.size());
              stage.know(column, SubqueryAnalyzer.orEmpty(Plans.column(stage.plan(), at), place));
            }));
    return Typed.value(column, place);
  }
}
