package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** FROM: tables, subqueries, joins, arrays and window table functions. */
final class FromAnalyzer {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final @Nullable Scope outer;

  FromAnalyzer(Compilation compilation, ExpressionAnalyzer expressions, @Nullable Scope outer) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.outer = outer;
  }

  /**
   * Rows with names.
   *
   * @param failed whether something was reported, so that names may be missing
   */
  record Rows(Plan plan, Scope scope, boolean failed) {}

  /** One row without columns: what a SELECT without FROM reads. */
  static Rows single(@Nullable Scope outer) {
    return new Rows(
        new Plan.ConstantRows(Schema.of(), List.of(Tuple.of())), Scope.empty(outer), false);
  }

  Rows analyze(SqlQuery.FromItem item) {
    return analyze(item, null);
  }

  /**
   * @param left the rows to the left, whose arrays may be unnested; null: none
   */
  private Rows analyze(SqlQuery.FromItem item, @Nullable Rows left) {
    if (item instanceof SqlQuery.TableName table) {
      return named(table);
    } else if (item instanceof SqlQuery.Subquery subquery) {
      return subquery(subquery);
    } else if (item instanceof SqlQuery.UnnestTable unnest) {
      return unnest(
          unnest.array(),
          unnest.alias(),
          unnest.withOffset(),
          unnest.columns(),
          left == null ? single(outer) : left,
          false,
          null,
          unnest.place());
    } else if (item instanceof SqlQuery.Pivot pivot) {
      return new Pivots(compilation, expressions, this).analyze(pivot);
    } else if (item instanceof SqlQuery.TableFunction function) {
      return new WindowTables(compilation, expressions, this).analyze(function);
    }
    return join((SqlQuery.Join) item);
  }

  private Rows failed() {
    return new Rows(single(outer).plan(), Scope.empty(outer).opened(), true);
  }

  Rows failure() {
    return failed();
  }

  @Nullable Scope outer() {
    return outer;
  }

  private Rows named(SqlQuery.TableName table) {
    List<SqlExpression.Identifier> path = table.path();
    String name =
        path.stream().map(SqlExpression.Identifier::name).collect(Collectors.joining("."));
    SqlExpression.Identifier given = table.alias();
    String alias = given == null ? path.get(path.size() - 1).name() : given.name();
    if (path.size() == 1 && compilation.commonTables().isOpen(name)) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          table.place(),
          "recursion is not supported: "
              + name
              + " of WITH RECURSIVE is read before it is complete",
          "a series is UNNEST(GENERATE_ARRAY(1, n)) or UNNEST(GENERATE_TIMESTAMP_ARRAY(...)); levels"
              + " of a known number are as many JOINs");
      return failed();
    }
    if (path.size() == 1) {
      CommonTables.Entry entry = compilation.commonTables().find(name);
      if (entry != null) {
        return ofRelation(
            compilation.commonTables().relation(entry), alias, List.of(), table.place());
      }
    }
    if (isArray(table, outer)) {
      return unnest(
          new SqlExpression.Path(path),
          table.alias(),
          table.withOffset(),
          List.of(),
          single(outer),
          false,
          null,
          table.place());
    }
    Table source = compilation.context().tables().get(name);
    if (source != null) {
      return ofPlan(
          compilation.at(
              new Plan.Scan(
                  source.name(), source.schema(), source.eventTime(), source.bounded(), null),
              table.place()),
          source.schema().size(),
          alias);
    }
    QueryPlan query = compilation.context().queries().get(name);
    if (query != null) {
      return ofPlan(
          compilation.at(new Plan.QueryResult(query.name(), query.plan()), table.place()),
          query.schema().size(),
          alias);
    }
    Set<String> known = new TreeSet<>(compilation.context().tables().keySet());
    known.addAll(compilation.context().queries().keySet());
    known.addAll(compilation.commonTables().names());
    compilation.error(
        DiagnosticCode.SQL_UNKNOWN_TABLE,
        table.place(),
        "there is no table " + name,
        Compilation.nearest(name, known));
    return failed();
  }

  private Rows ofPlan(Plan plan, int visible, String alias) {
    List<Scope.Name> names = new ArrayList<>();
    for (int i = 0; i < visible; i++) {
      names.add(new Scope.Name(plan.schema().name(i), Plans.column(plan, i), alias));
    }
    return ofNames(plan, alias, names);
  }

  /** Rows in windows have window_start and window_end, though the SELECT leave them out. */
  private Rows ofNames(Plan plan, String alias, List<Scope.Name> names) {
    List<Scope.Name> carried = new ArrayList<>();
    PlanTraits traits = PlanTraits.of(plan);
    if (traits.windowed()) {
      carried.add(new Scope.Name("window_start", column(plan, traits.starts()), alias));
      carried.add(new Scope.Name("window_end", column(plan, traits.ends()), alias));
    }
    return new Rows(
        plan,
        new Scope(List.of(new Scope.Variable(alias, names, null, carried)), names, outer),
        false);
  }

  private static Expression column(Plan plan, Set<Integer> columns) {
    return Plans.column(plan, columns.iterator().next());
  }

  /** The names of a subquery's result. */
  Rows ofRelation(
      Relation relation, String alias, List<SqlExpression.Identifier> columns, Place place) {
    Plan plan = relation.plan();
    if (relation.failed()) {
      return ofFailed(relation, alias, columns);
    }
    if (relation.value()) {
      return ofValue(plan, Plans.column(plan, 0), alias, List.of());
    }
    if (columns.isEmpty()) {
      return ofPlan(plan, relation.visible(), alias);
    }
    if (columns.size() != relation.visible()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          columns.get(0).place(),
          columns.size() + " names for " + relation.visible() + " columns");
      return failed();
    }
    List<Scope.Name> names = new ArrayList<>();
    for (int i = 0; i < relation.visible(); i++) {
      names.add(new Scope.Name(columns.get(i).name(), Plans.column(plan, i), alias));
    }
    return ofNames(plan, alias, names);
  }

  /** The names of a subquery that is wrong: as far as they are known. */
  private Rows ofFailed(Relation relation, String alias, List<SqlExpression.Identifier> columns) {
    if (relation.value() || (!columns.isEmpty() && columns.size() != relation.visible())) {
      return failed();
    }
    List<Scope.Name> names = new ArrayList<>();
    for (int i = 0; i < relation.visible(); i++) {
      String name = columns.isEmpty() ? relation.columns().get(i).name() : columns.get(i).name();
      Expression column =
          relation.wrong().contains(i) ? Scope.ERROR : Plans.column(relation.plan(), i);
      names.add(new Scope.Name(name, column, alias));
    }
    List<Scope.Variable> variables = List.of(new Scope.Variable(alias, names, null));
    return new Rows(relation.plan(), new Scope(variables, names, outer, relation.open()), true);
  }

  /** The names of a value: itself, and its fields where it is a STRUCT. */
  private Rows ofValue(Plan plan, Expression value, String alias, List<Scope.Name> more) {
    List<Scope.Name> names = new ArrayList<>();
    if (value.type() instanceof StructType struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        Column field = struct.fields().get(i);
        names.add(
            new Scope.Name(field.name(), new Expression.Field(value, i, field.type()), alias));
      }
    } else {
      names.add(new Scope.Name(alias, value, ""));
    }
    names.addAll(more);
    List<Scope.Variable> variables =
        alias.isEmpty() ? List.of() : List.of(new Scope.Variable(alias, names, value));
    return new Rows(plan, new Scope(variables, names, outer), false);
  }

  private Rows subquery(SqlQuery.Subquery subquery) {
    Relation relation =
        new QueryAnalyzer(compilation, expressions, outer).analyze(subquery.query(), false);
    SqlExpression.Identifier alias = subquery.alias();
    return ofRelation(
        relation, alias == null ? "" : alias.name(), subquery.columns(), subquery.place());
  }

  /** Whether the name is a path into a row that is visible here. */
  private static boolean isArray(SqlQuery.TableName table, @Nullable Scope scope) {
    return table.path().size() > 1
        && scope != null
        && scope.find(table.path().get(0).name()) != null;
  }

  /** Joins each of the left's rows with the elements of an array. */
  private Rows unnest(
      SqlExpression array,
      SqlExpression.@Nullable Identifier givenAlias,
      SqlExpression.@Nullable Identifier withOffset,
      List<SqlExpression.Identifier> columns,
      Rows left,
      boolean outerJoin,
      @Nullable SqlExpression on,
      Place place) {
    List<Attachment> subqueries = new ArrayList<>();
    Typed value = expressions.analyze(array, Env.plain(left.scope(), "UNNEST", subqueries));
    if (!columns.isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          columns.get(0).place(),
          "column names behind UNNEST are not supported",
          "write UNNEST(array) AS alias");
      return failed();
    }
    if (value.isError()) {
      return failed();
    }
    if (!(value.type() instanceof ArrayType type)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          value.place(),
          "UNNEST takes an ARRAY, not " + value.shown(),
          "write UNNEST([a, b]), or name a column of an ARRAY type");
      return failed();
    }
    String alias = givenAlias == null ? implicitAlias(array, place) : givenAlias.name();
    Type element = type.element();
    List<Column> more = new ArrayList<>();
    more.add(Column.of(alias, element));
    int leftSize = left.plan().schema().size();
    List<Scope.Name> offsets = new ArrayList<>();
    if (withOffset != null) {
      more.add(Column.of(withOffset.name(), ScalarType.INT64));
      offsets.add(
          new Scope.Name(
              withOffset.name(), new Expression.InputColumn(leftSize + 1, ScalarType.INT64), ""));
    }
    Schema schema = Plans.plus(left.plan().schema(), more);
    Rows elements =
        ofValue(left.plan(), new Expression.InputColumn(leftSize, element), alias, offsets);
    Scope scope = Scope.concat(left.scope(), elements.scope());
    Expression condition = null;
    boolean failed = left.failed();
    if (on != null) {
      Typed typed = expressions.condition(on, Env.plain(scope, "ON", null), "the condition of ON");
      failed |= typed.isError();
      condition = typed.expression();
    }
    if (failed || subqueries.isEmpty()) {
      return new Rows(
          new Plan.Unnest(
              left.plan(), value.expression(), outerJoin, withOffset != null, condition, schema),
          scope,
          failed);
    }
    return new Rows(
        unnestSubqueries(left.plan(), value, subqueries, outerJoin, condition, schema),
        scope,
        false);
  }

  /** Unnests an array that subqueries over tables compute: they are columns of the row first. */
  private Plan unnestSubqueries(
      Plan left,
      Typed array,
      List<Attachment> subqueries,
      boolean outerJoin,
      @Nullable Expression condition,
      Schema schema) {
    Stage stage = new Stage(compilation, left);
    Attachment.all(subqueries, stage);
    Plan wide = stage.plan();
    int leftSize = left.schema().size();
    int moved = wide.schema().size() - leftSize;
    List<Column> more = schema.columns().subList(leftSize, schema.size());
    Plan unnest =
        new Plan.Unnest(
            wide,
            stage.map(array.expression(), array.place()),
            outerJoin,
            more.size() > 1,
            Expressions.shiftFrom(condition, leftSize, moved),
            Plans.plus(wide.schema(), more));
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      kept.add(i < leftSize ? i : i + moved);
    }
    return Plans.select(unnest, kept);
  }

  private static String implicitAlias(SqlExpression array, Place unused) {
    return array instanceof SqlExpression.Path path && path.parts().size() > 0
        ? path.parts().get(path.parts().size() - 1).name()
        : "";
  }

  private Rows join(SqlQuery.Join join) {
    Rows left = analyze(join.left(), null);
    String kind = join.kind().toUpperCase(Locale.ROOT);
    SqlQuery.FromItem item = join.right();
    boolean implicit = item instanceof SqlQuery.TableName table && isArray(table, left.scope());
    if (item instanceof SqlQuery.UnnestTable || implicit) {
      return joinArray(join, kind, item, left);
    }
    Rows right = analyze(item, null);
    for (Scope.Variable variable : right.scope().variables()) {
      if (!variable.name().isEmpty() && left.scope().variable(variable.name()) != null) {
        compilation.error(
            DiagnosticCode.DUPLICATE_NAME,
            item.place(),
            "two tables here are named " + variable.name(),
            "give one an alias: AS ...");
        return failed();
      }
    }
    if (!join.using().isEmpty()) {
      return using(join, kind, left, right);
    }
    int leftSize = left.plan().schema().size();
    Scope scope = Scope.concat(left.scope(), right.scope().shift(leftSize));
    boolean failed = left.failed() || right.failed();
    List<Expression> conjuncts = List.of();
    SqlExpression on = join.on();
    List<Attachment> subqueries = new ArrayList<>();
    if (on != null) {
      Typed condition =
          expressions.condition(on, Env.plain(scope, "ON", subqueries), "the condition of ON");
      failed |= condition.isError();
      if (!condition.isError()) {
        conjuncts = Expressions.conjuncts(condition.expression());
      }
    } else if (!kind.equals("CROSS")) {
      if (!kind.equals("INNER")) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            join.place(),
            kind + " JOIN needs ON or USING",
            "write ON a.key = b.key");
        return failed();
      }
    }
    if (failed) {
      return new Rows(left.plan(), scope, true);
    }
    if (!subqueries.isEmpty()) {
      Plan plan =
          new JoinSubqueries(compilation, join.place(), left.plan(), right.plan())
              .join(kind(kind), conjuncts, subqueries, p -> carryWindow(p, join.place()));
      return new Rows(plan == null ? left.plan() : plan, scope, plan == null);
    }
    Joins.Split split = Joins.split(conjuncts, leftSize);
    Plan.Join plan = Joins.join(left.plan(), right.plan(), kind(kind), split.pairs(), split.rest());
    int moved = plan.left().schema().size() - leftSize;
    Scope names = Scope.concat(left.scope(), right.scope().shift(leftSize + moved));
    return new Rows(carryWindow(compilation.at(plan, join.place()), join.place()), names, false);
  }

  private static Plan.Join.Kind kind(String kind) {
    return switch (kind) {
      case "LEFT" -> Plan.Join.Kind.LEFT;
      case "RIGHT" -> Plan.Join.Kind.RIGHT;
      case "FULL" -> Plan.Join.Kind.FULL;
      default -> Plan.Join.Kind.INNER;
    };
  }

  private Rows joinArray(SqlQuery.Join join, String kind, SqlQuery.FromItem item, Rows left) {
    if (kind.equals("RIGHT") || kind.equals("FULL")) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          join.place(),
          kind + " JOIN with an array is not supported",
          "write CROSS JOIN or LEFT JOIN");
      return failed();
    } else if (!join.using().isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          join.using().get(0).place(),
          "USING with an array is not supported",
          "write ON");
      return failed();
    }
    boolean outerJoin = kind.equals("LEFT");
    if (item instanceof SqlQuery.UnnestTable unnest) {
      return unnest(
          unnest.array(),
          unnest.alias(),
          unnest.withOffset(),
          unnest.columns(),
          left,
          outerJoin,
          join.on(),
          unnest.place());
    }
    SqlQuery.TableName table = (SqlQuery.TableName) item;
    return unnest(
        new SqlExpression.Path(table.path()),
        table.alias(),
        table.withOffset(),
        List.of(),
        left,
        outerJoin,
        join.on(),
        table.place());
  }

  private Rows using(SqlQuery.Join join, String kind, Rows left, Rows right) {
    int leftSize = left.plan().schema().size();
    List<Joins.Pair> pairs = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    List<UsingColumn> columns = new ArrayList<>();
    boolean failed = left.failed() || right.failed();
    for (SqlExpression.Identifier name : join.using()) {
      Typed l = usingSide(name, left, "left");
      Typed r = usingSide(name, right, "right");
      Typed shifted =
          r.isError() ? r : Typed.value(Expressions.shift(r.expression(), leftSize), name.place());
      Typed equal = expressions.functions().operator("EQ", List.of(l, shifted), name.place());
      failed |= equal.isError();
      if (!equal.isError()) {
        Joins.Split split = Joins.split(List.of(equal.expression()), leftSize);
        pairs.addAll(split.pairs());
        rest.addAll(split.rest());
        columns.add(new UsingColumn(name, l, r));
      }
    }
    if (failed) {
      return failed();
    }
    Plan.Join plan = Joins.join(left.plan(), right.plan(), kind(kind), pairs, rest);
    int moved = plan.left().schema().size();
    Scope both = Scope.concat(left.scope(), right.scope().shift(moved));
    List<Scope.Name> names = new ArrayList<>();
    Set<String> merged = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (UsingColumn column : columns) {
      Typed r =
          Typed.value(Expressions.shift(column.right().expression(), moved), column.name().place());
      Typed value =
          switch (kind) {
            case "RIGHT" -> r;
            case "FULL" ->
                expressions
                    .functions()
                    .operator("COALESCE", List.of(column.left(), r), column.name().place());
            default -> column.left();
          };
      names.add(new Scope.Name(column.name().name(), value.expression(), ""));
      merged.add(column.name().name());
    }
    both.columns().stream().filter(c -> !merged.contains(c.name())).forEach(names::add);
    return new Rows(
        carryWindow(compilation.at(plan, join.place()), join.place()),
        new Scope(both.variables(), names, outer),
        false);
  }

  private record UsingColumn(SqlExpression.Identifier name, Typed left, Typed right) {}

  private Typed usingSide(SqlExpression.Identifier name, Rows side, String which) {
    List<Scope.Name> matches =
        side.scope().columns().stream()
            .filter(c -> c.name().equalsIgnoreCase(name.name()))
            .toList();
    if (matches.isEmpty()) {
      matches =
          side.scope().variables().stream()
              .flatMap(v -> v.carried().stream())
              .filter(c -> c.name().equalsIgnoreCase(name.name()))
              .toList();
    }
    if (matches.size() == 1) {
      return Typed.value(matches.get(0).expression(), name.place());
    }
    if (!side.failed()) {
      compilation.error(
          matches.isEmpty()
              ? DiagnosticCode.SQL_UNKNOWN_COLUMN
              : DiagnosticCode.SQL_AMBIGUOUS_COLUMN,
          name.place(),
          matches.isEmpty()
              ? "the " + which + " side of the join has no column " + name.name()
              : "column " + name.name() + " is ambiguous on the " + which + " side of the join",
          matches.isEmpty()
              ? Compilation.nearest(
                  name.name(), side.scope().columns().stream().map(Scope.Name::name).toList())
              : null);
    }
    return Typed.error(name.place());
  }

  /** Behind a full join of windowed rows, the window of whichever side there is. */
  private Plan carryWindow(Plan.Join join, Place place) {
    PlanTraits.BothSides full = PlanTraits.of(join).both();
    if (full == null || join.kind() != Plan.Join.Kind.FULL) {
      return join;
    }
    return Plans.append(
        join,
        List.of(
            coalesce(join, full.leftStarts(), full.rightStarts(), place),
            coalesce(join, full.leftEnds(), full.rightEnds(), place)),
        List.of("window_start", "window_end"));
  }

  private static Expression coalesce(
      Plan plan, Set<Integer> left, Set<Integer> right, Place place) {
    return new Expression.Call(
        "COALESCE",
        List.of(
            Plans.column(plan, left.iterator().next()),
            Plans.column(plan, right.iterator().next())),
        ScalarType.TIMESTAMP,
        false,
        place);
  }
}
