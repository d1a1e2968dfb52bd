package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.SortKey;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A query expression: WITH, SELECTs and set operations, ORDER BY and LIMIT. */
final class QueryAnalyzer {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final @Nullable Scope outer;

  QueryAnalyzer(Compilation compilation, ExpressionAnalyzer expressions, @Nullable Scope outer) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.outer = outer;
  }

  /** A query whose body is one SELECT, resolved but not built; or its result. */
  record Opened(@Nullable SelectAnalyzer select, @Nullable Relation relation) {}

  /**
   * Analyzes a query.
   *
   * @param keepOrder whether the order of the rows matters to who reads them
   */
  Relation analyze(SqlQuery query, boolean keepOrder) {
    CommonTables around = compilation.commonTables();
    Opened opened = open(query, keepOrder, false);
    compilation.setCommonTables(around);
    Relation relation = opened.relation();
    SelectAnalyzer select = opened.select();
    if (relation == null && select != null) {
      return select.finish(keepOrder);
    }
    return java.util.Objects.requireNonNull(relation);
  }

  /**
   * Resolves a query that stands in an expression.
   *
   * @param correlates whether conditions on the row around it are to be kept apart
   */
  Opened open(SqlQuery query, boolean keepOrder, boolean correlates) {
    CommonTables around = compilation.commonTables();
    with(query);
    Opened opened;
    if (query.body() instanceof SqlQuery.Select select) {
      SelectAnalyzer analyzer =
          new SelectAnalyzer(
              compilation,
              expressions,
              outer,
              select,
              query.orderBy(),
              new LimitClause(compilation, expressions, query),
              correlates);
      analyzer.resolve();
      opened = new Opened(analyzer, null);
    } else if (query.body() instanceof SqlQuery.Nested nested
        && query.orderBy().isEmpty()
        && query.limit() == null
        && query.offset() == null) {
      opened = open(nested.query(), keepOrder, correlates);
    } else {
      opened = new Opened(null, ordered(body(query.body()), query, keepOrder));
    }
    compilation.setCommonTables(around);
    return opened;
  }

  private void with(SqlQuery query) {
    if (query.with().isEmpty()) {
      return;
    }
    CommonTables tables = new CommonTables(compilation.commonTables());
    compilation.setCommonTables(tables);
    if (query.recursive()) {
      query.with().forEach(table -> tables.announce(table.name().name()));
    }
    for (SqlQuery.CommonTable table : query.with()) {
      Relation relation =
          new QueryAnalyzer(compilation, expressions, outer).analyze(table.query(), false);
      if (tables.add(table.name(), relation) != null) {
        compilation.error(
            DiagnosticCode.DUPLICATE_NAME,
            table.name().place(),
            "two tables of WITH are named " + table.name().name());
      }
    }
  }

  private Relation body(SqlQuery.Body body) {
    if (body instanceof SqlQuery.Select select) {
      SelectAnalyzer analyzer =
          new SelectAnalyzer(
              compilation,
              expressions,
              outer,
              select,
              List.of(),
              LimitClause.none(compilation, expressions),
              false);
      analyzer.resolve();
      return analyzer.finish(false);
    } else if (body instanceof SqlQuery.Nested nested) {
      return analyze(nested.query(), false);
    } else if (body instanceof SqlQuery.Values values) {
      return values(values);
    }
    return new SetOperations(compilation, expressions, this::body)
        .analyze((SqlQuery.SetOperation) body);
  }

  private Relation values(SqlQuery.Values values) {
    int width = values.rows().get(0).size();
    List<List<Typed>> typed = new ArrayList<>();
    boolean failed = false;
    for (List<SqlExpression> row : values.rows()) {
      List<Typed> cells =
          row.stream()
              .map(e -> expressions.analyze(e, Env.plain(Scope.empty(outer), "VALUES", null)))
              .toList();
      failed |= cells.stream().anyMatch(Typed::isError);
      if (cells.size() != width) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            row.isEmpty() ? values.place() : row.get(0).place(),
            "rows of VALUES have " + width + " and " + cells.size() + " values");
        failed = true;
      }
      typed.add(cells);
    }
    List<Column> columns = new ArrayList<>();
    List<Plan> rows = new ArrayList<>();
    for (int i = 0; i < width && !failed; i++) {
      int at = i;
      Optional<Type> type =
          expressions
              .functions()
              .supertype(typed.stream().map(r -> r.get(at)).toList(), "the values", values.place());
      failed |= type.isEmpty();
      type.ifPresent(t -> columns.add(Column.of("", t)));
    }
    Schema schema = new Schema(columns);
    List<Tuple> constants = new ArrayList<>();
    for (List<Typed> row : typed) {
      if (failed) {
        break;
      }
      List<Expression> cells = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        Typed cell = expressions.functions().coerce(row.get(i), schema.type(i));
        failed |= cell.isError();
        cells.add(ConstantFolding.fold(cell.expression()));
      }
      if (cells.stream().allMatch(c -> c instanceof Expression.Literal)) {
        constants.add(
            Tuple.of(
                cells.stream()
                    .map(c -> c instanceof Expression.Literal literal ? literal.value() : null)
                    .toArray()));
      } else {
        rows.add(new Plan.Calc(FromAnalyzer.single(outer).plan(), null, cells, schema));
      }
    }
    if (failed) {
      return new Relation(
          new Plan.ConstantRows(Schema.of(), List.of()), 0, false, List.of(), true, Set.of(), true);
    }
    if (!constants.isEmpty()) {
      rows.add(new Plan.ConstantRows(schema, constants));
    }
    Plan plan = rows.size() == 1 ? rows.get(0) : new Plan.Union(rows, schema);
    List<Place> places = IntStream.range(0, width).mapToObj(i -> values.place()).toList();
    return Relation.of(plan, width, places);
  }

  /** ORDER BY and LIMIT over a result: by its names and ordinals, and expressions of them. */
  private Relation ordered(Relation relation, SqlQuery query, boolean keepOrder) {
    LimitClause limit = new LimitClause(compilation, expressions, query);
    limit.resolve();
    List<Scope.Name> names = new ArrayList<>();
    List<SelectList.Item> items = new ArrayList<>();
    for (int i = 0; i < relation.visible(); i++) {
      String name = relation.columns().get(i).name();
      Expression column =
          relation.wrong().contains(i) ? Scope.ERROR : Plans.column(relation.plan(), i);
      Place place = i < relation.places().size() ? relation.places().get(i) : query.place();
      names.add(new Scope.Name(name, column, ""));
      items.add(new SelectList.Item(name, Typed.value(column, place), false, place));
    }
    Scope scope = new Scope(List.of(), names, outer, relation.open());
    List<Typed> keys = new ArrayList<>();
    boolean failed = relation.failed() || limit.failed();
    for (SqlExpression.OrderItem item : query.orderBy()) {
      Typed key;
      if (item.expression() instanceof SqlExpression.IntegerLiteral ordinal) {
        SelectList.Item named = GroupBy.ordinal(compilation, ordinal, items, "ORDER BY");
        key = named == null ? Typed.error(ordinal.place()) : named.value();
      } else {
        key = expressions.analyze(item.expression(), Env.plain(scope, "ORDER BY", null));
      }
      if (!key.isError() && !Types.orderable(key.type())) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            item.expression().place(),
            "ORDER BY is not possible on values of type " + key.shown(),
            "order by a part of it, or by TO_JSON_STRING(...)");
        failed = true;
      }
      failed |= key.isError();
      keys.add(key);
    }
    if (failed) {
      return new Relation(
          relation.plan(),
          relation.visible(),
          relation.value(),
          relation.places(),
          true,
          relation.wrong(),
          relation.open());
    }
    List<SortKey> sort = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      sort.add(AggregateCalls.sortKey(query.orderBy().get(i), keys.get(i).expression()));
    }
    Plan plan = limit.apply(compilation, relation.plan(), sort);
    return relation.withPlan(keepOrder && !sort.isEmpty() ? new Plan.Sort(plan, sort) : plan);
  }

  /** The different rows. */
  static Plan distinct(Plan plan) {
    List<Integer> all = Plans.places(plan.schema().size());
    return new Plan.Aggregate(plan, all, List.of(all), List.of(), plan.schema());
  }

  /** Whether rows are in windows whose columns are all visible. */
  static boolean showsWindow(Relation relation) {
    PlanTraits traits = PlanTraits.of(relation.plan());
    return traits.windowed()
        && traits.starts().stream().anyMatch(c -> c < relation.visible())
        && traits.ends().stream().anyMatch(c -> c < relation.visible());
  }

  static boolean same(Expression a, Expression b) {
    return Expressions.same(a, b);
  }
}
