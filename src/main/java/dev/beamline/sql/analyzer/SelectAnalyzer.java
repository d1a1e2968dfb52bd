package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.SortKey;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One SELECT. {@link #resolve} finds out what everything means and reports what is wrong, in every
 * clause; {@link #finish} then builds the plan.
 */
final class SelectAnalyzer {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final @Nullable Scope outer;
  private final SqlQuery.Select select;
  private final List<SqlExpression.OrderItem> orderItems;
  private final LimitClause limit;
  private final boolean correlates;

  private final Aggregates aggregates;
  private final Analytics analytics;
  private final WindowCalls windowCalls;
  private final List<Attachment> before = new ArrayList<>();
  private final List<Attachment> after = new ArrayList<>();
  private final List<Attachment> whereJoins = new ArrayList<>();
  private final List<Attachment> havingJoins = new ArrayList<>();
  private final List<Attachment> qualifyJoins = new ArrayList<>();
  private final List<Typed> where = new ArrayList<>();
  private final List<Typed> correlated = new ArrayList<>();
  private final List<Typed> having = new ArrayList<>();
  private final List<Typed> qualify = new ArrayList<>();
  private final List<OrderKey> order = new ArrayList<>();
  private FromAnalyzer.Rows rows;
  private List<SelectList.Item> items = List.of();
  private GroupBy.@Nullable Grouping grouping;
  private boolean failed;

  /**
   * @param limit of the query around the SELECT
   * @param correlates whether conditions of WHERE on the row around a subquery are to be kept apart
   */
  SelectAnalyzer(
      Compilation compilation,
      ExpressionAnalyzer expressions,
      @Nullable Scope outer,
      SqlQuery.Select select,
      List<SqlExpression.OrderItem> orderItems,
      LimitClause limit,
      boolean correlates) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.outer = outer;
    this.select = select;
    this.orderItems = orderItems;
    this.limit = limit;
    this.correlates = correlates;
    aggregates = new Aggregates(compilation);
    analytics = new Analytics(compilation);
    windowCalls = new WindowCalls(compilation, groupsByWindow(select));
    rows = FromAnalyzer.single(outer);
  }

  private static boolean groupsByWindow(SqlQuery.Select select) {
    return select.groupBy().stream()
        .anyMatch(
            g ->
                g instanceof SqlQuery.GroupExpression group
                    && group.expression() instanceof SqlExpression.Call call
                    && WindowFunctions.isGroupCall(call.name()));
  }

  /** A key of ORDER BY; {@code item} is the position in the SELECT list that it names, or -1. */
  record OrderKey(SqlExpression.OrderItem clause, Typed value, int item) {}

  boolean failed() {
    return failed;
  }

  /** Conditions of WHERE that read the row around the subquery. */
  List<Typed> correlated() {
    return correlated;
  }

  List<SelectList.Item> items() {
    return items;
  }

  Aggregates aggregates() {
    return aggregates;
  }

  List<Typed> having() {
    return having;
  }

  List<OrderKey> order() {
    return order;
  }

  LimitClause limit() {
    return limit;
  }

  boolean distinct() {
    return select.distinct();
  }

  String as() {
    return select.as();
  }

  boolean hasGroupBy() {
    return grouping != null;
  }

  /** Whether one of the groups is of all rows, so that there is a row even of no rows. */
  boolean hasTotal() {
    return grouping == null
        ? !aggregates.isEmpty()
        : grouping.window() == null && grouping.sets().contains(List.of());
  }

  boolean hasAnalytics() {
    return !analytics.isEmpty() || select.qualify() != null;
  }

  boolean aggregated() {
    return grouping != null || !aggregates.isEmpty();
  }

  boolean readsSource() {
    return Plans.readsSource(rows.plan());
  }

  void resolve() {
    SqlQuery.FromItem from = select.from();
    if (from != null) {
      rows = new FromAnalyzer(compilation, expressions, outer).analyze(from);
    }
    failed |= rows.failed();
    resolveWhere();
    Map<String, SqlExpression.Over> windows = namedWindows();
    Env plain =
        new Env(
            rows.scope(),
            "SELECT",
            aggregates,
            analytics,
            windowCalls,
            after,
            before,
            Map.of(),
            windows);
    // A subquery that is a key of GROUP BY must be known before the rows are grouped.
    Env key =
        new Env(
            rows.scope(),
            "SELECT",
            aggregates,
            analytics,
            windowCalls,
            before,
            before,
            Map.of(),
            windows);
    items =
        new SelectList(compilation, expressions)
            .analyze(select.items(), plain, select.groupBy(), key);
    failed |= items.stream().anyMatch(i -> i.value().isError());
    resolveGroupBy();
    Env named = plain.withAliases(aliases(items));
    SqlExpression havingClause = select.having();
    if (havingClause != null) {
      conditions(havingClause, named.in("HAVING", false), having, havingJoins);
      if (!aggregated()) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            havingClause.place(),
            "HAVING needs GROUP BY or an aggregate function",
            "write WHERE");
        failed = true;
      }
    }
    SqlExpression qualifyClause = select.qualify();
    if (qualifyClause != null) {
      conditions(qualifyClause, named.in("QUALIFY", true), qualify, qualifyJoins);
      if (analytics.isEmpty() && !failed) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            qualifyClause.place(),
            "QUALIFY needs an analytic function, here or in the SELECT list",
            "write WHERE or HAVING");
        failed = true;
      }
    }
    resolveOrder(named.in("ORDER BY", true));
    limit.resolve();
    failed |= limit.failed();
  }

  private void resolveWhere() {
    SqlExpression clause = select.where();
    if (clause == null) {
      return;
    }
    List<Typed> all = new ArrayList<>();
    conditions(clause, Env.plain(rows.scope(), "WHERE", before), all, whereJoins);
    boolean apart = correlates && readsSource();
    for (Typed condition : all) {
      for (Expression conjunct : Expressions.conjuncts(condition.expression())) {
        Typed one = Typed.value(conjunct, condition.place());
        (apart && Expressions.readsOuter(conjunct) ? correlated : where).add(one);
      }
    }
  }

  /** Splits a condition at its ANDs, so that subqueries in it can become joins. */
  private void conditions(
      SqlExpression clause, Env env, List<Typed> plain, List<Attachment> joins) {
    if (clause instanceof SqlExpression.Binary binary && binary.operator().equals("AND")) {
      conditions(binary.left(), env, plain, joins);
      conditions(binary.right(), env, plain, joins);
      return;
    }
    SubqueryAnalyzer.Filter filter = expressions.subqueries().filter(clause, env);
    Attachment join = filter.join();
    Typed condition = filter.condition();
    if (join != null) {
      joins.add(join);
    } else if (condition != null) {
      Typed bool =
          expressions
              .functions()
              .require(condition, ScalarType.BOOL, "the condition of " + env.clause());
      failed |= bool.isError();
      if (!bool.isError()) {
        plain.add(bool);
      }
    }
  }

  private Map<String, SqlExpression.Over> namedWindows() {
    Map<String, SqlExpression.Over> windows = new LinkedHashMap<>();
    for (SqlQuery.NamedWindow window : select.windows()) {
      if (windows.putIfAbsent(window.name().name().toLowerCase(Locale.ROOT), window.over())
          != null) {
        compilation.error(
            DiagnosticCode.DUPLICATE_NAME,
            window.name().place(),
            "two windows are named " + window.name().name());
        failed = true;
      }
    }
    return windows;
  }

  /** The names of the SELECT list, without those of stars. */
  static Map<String, List<Typed>> aliases(List<SelectList.Item> items) {
    Map<String, List<Typed>> aliases = new HashMap<>();
    for (SelectList.Item item : items) {
      if (!item.name().isEmpty() && !item.star()) {
        aliases
            .computeIfAbsent(item.name().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
            .add(item.value());
      }
    }
    return aliases;
  }

  private void resolveGroupBy() {
    if (select.groupBy().isEmpty() && !select.groupByAll()) {
      return;
    }
    GroupBy groupBy =
        new GroupBy(
            compilation,
            expressions,
            items,
            Env.plain(rows.scope(), "GROUP BY", before),
            this::isComputedLater);
    grouping = select.groupByAll() ? groupBy.all() : groupBy.analyze(select.groupBy());
    failed |= groupBy.failed();
  }

  /** Whether a column is known only once the rows are grouped. */
  private boolean isComputedLater(Expression expression) {
    return expression instanceof Expression.InputColumn column
        && Compilation.isVirtual(column)
        && (aggregates.makes(column.index())
            || analytics.items().stream().anyMatch(i -> i.column().index() == column.index())
            || windowCalls.items().stream().anyMatch(i -> i.column().index() == column.index()));
  }

  private void resolveOrder(Env env) {
    for (SqlExpression.OrderItem item : orderItems) {
      if (item.expression() instanceof SqlExpression.IntegerLiteral ordinal) {
        SelectList.Item named = GroupBy.ordinal(compilation, ordinal, items, "ORDER BY");
        failed |= named == null;
        if (named != null) {
          addOrder(item, named.value(), items.indexOf(named));
        }
        continue;
      }
      addOrder(item, expressions.analyze(item.expression(), env), -1);
    }
  }

  private void addOrder(SqlExpression.OrderItem item, Typed value, int index) {
    failed |= value.isError();
    if (value.isError()) {
      return;
    }
    if (!Types.orderable(value.type())) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          item.expression().place(),
          "ORDER BY is not possible on values of type " + value.shown(),
          "order by a part of it, or by TO_JSON_STRING(...)");
      failed = true;
      return;
    }
    order.add(new OrderKey(item, value, index));
  }

  /** The result's names and types, to go on with after an error. */
  private Relation failure() {
    List<Column> columns = new ArrayList<>();
    Set<Integer> wrong = new HashSet<>();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      SelectList.Item item = items.get(i);
      columns.add(Column.of(item.name(), item.value().type()));
      places.add(item.place());
      if (item.value().isError()) {
        wrong.add(i);
      }
    }
    boolean open = rows.scope().mayHaveMore() && items.stream().anyMatch(SelectList.Item::star);
    return new Relation(
        new Plan.ConstantRows(new Schema(columns), List.of()),
        columns.size(),
        false,
        places,
        true,
        wrong,
        open);
  }

  /** The rows of FROM that satisfy WHERE, with the subqueries that grouping needs. */
  Stage filtered() {
    return filtered(where);
  }

  /** The same rows, of which also the conditions on the row around the subquery are true. */
  Stage filteredWhole() {
    List<Typed> all = new ArrayList<>(where);
    all.addAll(correlated);
    return filtered(all);
  }

  private Stage filtered(List<Typed> wanted) {
    Stage stage = new Stage(compilation, rows.plan());
    List<Expression> conditions = new ArrayList<>();
    List<Typed> later = new ArrayList<>();
    for (Typed condition : wanted) {
      if (!stage.ready(condition.expression())) {
        later.add(condition);
        continue;
      }
      Plan joined = Joins.into(stage.plan(), condition.expression());
      if (joined != null) {
        keepPlace(stage.plan(), joined);
        stage.over(joined);
      } else {
        conditions.add(condition.expression());
      }
    }
    stage.over(Plans.filter(stage.plan(), Expressions.and(conditions)));
    Attachment.all(before, stage);
    for (Typed condition : later) {
      stage.over(Plans.filter(stage.plan(), stage.map(condition.expression(), condition.place())));
    }
    whereJoins.forEach(j -> j.attach().accept(stage));
    return stage;
  }

  /** Whether GROUP BY has a window. */
  boolean groupsByWindow() {
    return (grouping != null && grouping.window() != null) || !windowCalls.items().isEmpty();
  }

  /**
   * Whether FROM reads the row around the subquery, or a subquery in it that is a join does, so
   * that the filtered rows are not the same for all rows around.
   */
  boolean fromReadsOuter() {
    return Plans.readsOuter(rows.plan())
        || before.stream().anyMatch(Attachment::readsOuter)
        || whereJoins.stream().anyMatch(Attachment::readsOuter);
  }

  /** Whether subqueries over tables are computed behind WHERE, for SELECT and what follows it. */
  boolean hasLateSubqueries() {
    return !after.isEmpty() || !havingJoins.isEmpty() || !qualifyJoins.isEmpty();
  }

  /** Whether anything above FROM and WHERE reads the row around the subquery. */
  boolean readsOuterAbove() {
    boolean[] found = {false};
    forEachAbove(e -> found[0] |= Expressions.readsOuter(e));
    return found[0];
  }

  /**
   * The columns of the stage, which is {@link #filtered()}, that the rest of the SELECT needs.
   *
   * @return null where that is not known
   */
  @Nullable Set<Integer> columnsAbove(Stage stage) {
    if (!after.isEmpty() || !havingJoins.isEmpty() || !qualifyJoins.isEmpty()) {
      return null;
    }
    Set<Integer> columns = new HashSet<>();
    forEachAbove(
        expression ->
            Expressions.columns(expression).forEach(c -> columns.addAll(stage.columnsOf(c))));
    return columns;
  }

  private void forEachAbove(Consumer<Expression> reader) {
    List<Typed> read = new ArrayList<>(having);
    read.addAll(qualify);
    read.addAll(correlated);
    items.forEach(i -> read.add(i.value()));
    order.forEach(k -> read.add(k.value()));
    if (grouping != null) {
      read.addAll(grouping.keys());
    }
    aggregates.groupings().forEach(g -> read.add(g.key()));
    UnaryOperator<Expression> look =
        e -> {
          reader.accept(e);
          return e;
        };
    read.forEach(t -> reader.accept(t.expression()));
    aggregates.calls().forEach(c -> Plans.mapCall(c, look));
    for (Analytics.Item item : analytics.items()) {
      item.partitionBy().forEach(k -> reader.accept(k.expression()));
      Plans.mapOrder(item.orderBy(), look);
      Plans.mapCall(item.call(), look);
    }
  }

  private void keepPlace(Plan old, Plan replaced) {
    Place place = compilation.place(old);
    if (place != null) {
      compilation.at(replaced, place);
    }
  }

  /**
   * Builds the plan.
   *
   * @param keepOrder whether the order of the rows matters to who reads them
   */
  Relation finish(boolean keepOrder) {
    return failed ? failure() : finish(filtered(), keepOrder);
  }

  /**
   * Builds the plan upon rows of FROM and WHERE.
   *
   * @param stage {@link #filtered()}, perhaps with another plan of the same columns
   */
  Relation finish(Stage stage, boolean keepOrder) {
    if (failed) {
      return failure();
    }
    boolean windowedHere = false;
    if (aggregated()) {
      windowedHere =
          new GroupStage(compilation, aggregates, windowCalls)
              .group(stage, grouping, select.place());
    }
    if (!checkWindowCalls()) {
      return failure();
    }
    Attachment.all(after, stage);
    filter(stage, having, havingJoins);
    analyze(stage);
    Attachment.all(after, stage);
    filter(stage, qualify, qualifyJoins);
    Relation relation = project(stage, windowedHere, keepOrder);
    return compilation.problems().hasErrors() && relation.failed() ? failure() : relation;
  }

  private boolean checkWindowCalls() {
    if (windowCalls.items().isEmpty() || (grouping != null && grouping.window() != null)) {
      return true;
    }
    for (WindowCalls.Item item : windowCalls.items()) {
      if (item.window() == null) {
        continue; // What is wrong with GROUP BY's window was said there.
      }
      String function = item.function().substring(0, item.function().lastIndexOf('_'));
      compilation.error(
          DiagnosticCode.WINDOW_MISSING,
          item.place(),
          item.function() + " needs GROUP BY " + function + "(...)",
          "write GROUP BY "
              + function
              + "(event_time, ...), or select window_"
              + (item.end() ? "end" : "start")
              + " where the table has it");
    }
    return false;
  }

  private void filter(Stage stage, List<Typed> conditions, List<Attachment> joins) {
    List<Expression> mapped =
        conditions.stream().map(c -> stage.map(c.expression(), c.place())).toList();
    stage.over(Plans.filter(stage.plan(), Expressions.and(mapped)));
    joins.forEach(j -> j.attach().accept(stage));
  }

  /** One operator for all analytic calls over the same partitions in the same order. */
  private void analyze(Stage stage) {
    List<Analytics.Item> open = new ArrayList<>(analytics.items());
    while (!open.isEmpty()) {
      Analytics.Item first = open.get(0);
      List<Expression> partition = partition(first);
      List<SortKey> sort = Plans.mapOrder(first.orderBy(), Expressions::canonical);
      List<Analytics.Item> same =
          open.stream()
              .filter(
                  i ->
                      partition(i).equals(partition)
                          && Plans.mapOrder(i.orderBy(), Expressions::canonical).equals(sort))
              .toList();
      open.removeAll(same);
      List<AnalyticCall> calls = new ArrayList<>();
      List<Column> columns = new ArrayList<>();
      for (Analytics.Item item : same) {
        calls.add(Plans.mapCall(item.call(), e -> stage.map(e, item.place())));
        columns.add(Column.of("", item.call().type()));
      }
      int size = stage.plan().schema().size();
      Plan plan =
          new Plan.Analytic(
              stage.plan(),
              first.partitionBy().stream().map(k -> stage.map(k.expression(), k.place())).toList(),
              Plans.mapOrder(first.orderBy(), e -> stage.map(e, first.place())),
              calls,
              Plans.plus(stage.plan().schema(), columns));
      stage.over(compilation.at(plan, first.place()));
      for (int i = 0; i < same.size(); i++) {
        stage.know(
            same.get(i).column(), new Expression.InputColumn(size + i, same.get(i).call().type()));
      }
    }
  }

  private static List<Expression> partition(Analytics.Item item) {
    return item.partitionBy().stream().map(k -> Expressions.canonical(k.expression())).toList();
  }

  private Relation project(Stage stage, boolean windowedHere, boolean keepOrder) {
    List<Expression> projections = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (SelectList.Item item : items) {
      projections.add(stage.map(item.value().expression(), item.value().place()));
      names.add(item.name());
      places.add(item.place());
    }
    boolean value = false;
    if (!select.as().isEmpty()) {
      value = true;
      if (select.as().equals("STRUCT")) {
        List<Column> fields = new ArrayList<>();
        for (int i = 0; i < projections.size(); i++) {
          fields.add(Column.of(names.get(i), projections.get(i).type()));
        }
        Expression struct =
            new Expression.Call(
                "STRUCT", List.copyOf(projections), new StructType(fields), false, select.place());
        projections = new ArrayList<>(List.of(struct));
        names = new ArrayList<>(List.of(""));
        places = List.of(select.place());
      } else if (projections.size() != 1) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            select.place(),
            "SELECT AS VALUE takes one column, not " + projections.size());
        return failure();
      }
    }
    int visible = projections.size();
    PlanTraits traits = PlanTraits.of(stage.plan());
    if (traits.windowed() && (windowedHere || !select.distinct())) {
      addWindow(stage.plan(), traits, projections, names);
    }
    List<SortKey> sort = sortKeys(stage, projections, names, value);
    if (sort == null) {
      return failure();
    }
    int kept = projections.size();
    if (select.distinct()) {
      for (int i = 0; i < visible; i++) {
        if (!Types.groupable(projections.get(i).type())) {
          compilation.error(
              DiagnosticCode.SQL_WRONG_TYPE,
              places.get(i),
              "SELECT DISTINCT is not possible on values of type "
                  + projections.get(i).type().sql());
          return failure();
        }
      }
    }
    Plan plan = Plans.project(stage.plan(), projections, names);
    if (select.distinct()) {
      plan = compilation.at(QueryAnalyzer.distinct(plan), select.place());
    }
    plan = limit.apply(compilation, plan, sort);
    if (keepOrder && !sort.isEmpty()) {
      plan = new Plan.Sort(plan, sort);
    }
    int wanted = hiddenEnd(plan, visible, names);
    if (wanted < kept) {
      List<Integer> first = new ArrayList<>();
      for (int i = 0; i < wanted; i++) {
        first.add(i);
      }
      plan = Plans.select(plan, first);
    }
    return new Relation(plan, visible, value, places, false, Set.of(), false);
  }

  /** Where the columns that carry the window end and those that only sort begin. */
  private static int hiddenEnd(Plan plan, int visible, List<String> names) {
    int end = visible;
    while (end < plan.schema().size()
        && (names.get(end).equals("window_start") || names.get(end).equals("window_end"))) {
      end++;
    }
    return end;
  }

  /** Appends the window's columns unless the SELECT list has them under whatever name. */
  private static void addWindow(
      Plan plan, PlanTraits traits, List<Expression> projections, List<String> names) {
    addWindow(plan, traits.starts(), "window_start", projections, names);
    addWindow(plan, traits.ends(), "window_end", projections, names);
  }

  private static void addWindow(
      Plan plan,
      Set<Integer> columns,
      String name,
      List<Expression> projections,
      List<String> names) {
    boolean has =
        projections.stream()
            .anyMatch(
                p ->
                    p instanceof Expression.InputColumn column && columns.contains(column.index()));
    if (!has) {
      projections.add(Plans.column(plan, columns.iterator().next()));
      names.add(name);
    }
  }

  /** The keys over the projected columns; those that are not projected yet are appended. */
  private @Nullable List<SortKey> sortKeys(
      Stage stage, List<Expression> projections, List<String> names, boolean value) {
    List<SortKey> keys = new ArrayList<>();
    for (OrderKey key : order) {
      Expression mapped = stage.map(key.value().expression(), key.value().place());
      int at = value ? -1 : key.item();
      for (int i = 0; at < 0 && i < projections.size(); i++) {
        if (Expressions.same(projections.get(i), mapped)) {
          at = i;
        }
      }
      if (at < 0 && select.distinct()) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            key.clause().expression().place(),
            "ORDER BY of SELECT DISTINCT takes only columns of the SELECT list",
            "add it to the SELECT list");
        return null;
      }
      if (at < 0) {
        at = projections.size();
        projections.add(mapped);
        names.add("");
      }
      keys.add(AggregateCalls.sortKey(key.clause(), new Expression.InputColumn(at, mapped.type())));
    }
    return keys;
  }

  /** The window of the GROUP BY; null: none. */
  @Nullable WindowSpec window() {
    return grouping == null || grouping.window() == null
        ? null
        : Objects.requireNonNull(grouping.window()).spec();
  }
}
