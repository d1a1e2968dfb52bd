package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.SortKey;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Subqueries in expressions. One that reads only the row's own arrays becomes a {@link
 * Expression.RowSubquery}; one over tables becomes a join or a column of the row.
 */
final class SubqueryAnalyzer {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;

  SubqueryAnalyzer(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  /** A conjunct of a condition: an expression, or a join that keeps the right rows. */
  record Filter(@Nullable Typed condition, @Nullable Attachment join) {}

  /** A subquery's rows, without names; {@code select} where it depends on the row around it. */
  private record Inner(@Nullable Relation relation, @Nullable SelectAnalyzer select) {}

  /** Analyzes the subquery; null where it is wrong, which was reported. */
  private @Nullable Inner inner(SqlQuery query, Env env) {
    QueryAnalyzer.Opened opened =
        new QueryAnalyzer(compilation, expressions, env.scope()).open(query, true, true);
    SelectAnalyzer select = opened.select();
    Relation relation = opened.relation();
    if (select != null) {
      if (select.failed()) {
        return null;
      }
      if (!select.correlated().isEmpty()
          || (select.readsSource() && !select.fromReadsOuter() && select.readsOuterAbove())) {
        return new Inner(null, select);
      }
      relation = select.finish(true);
    }
    if (relation == null || relation.failed()) {
      return null;
    }
    if (Plans.readsSource(relation.plan()) && Plans.readsOuter(relation.plan())) {
      if (env.attachments() == null) {
        misplaced(env, query.place());
        return null;
      }
      TableArrays arrays = new TableArrays(compilation, env.attachments(), query.place());
      return new Inner(relation.withPlan(arrays.over(relation.plan())), null);
    }
    return new Inner(relation, null);
  }

  private static boolean isOfRow(Relation relation) {
    return !Plans.readsSource(relation.plan());
  }

  private boolean oneColumn(int columns, Place place, String what) {
    if (columns == 1) {
      return true;
    }
    compilation.error(
        DiagnosticCode.SQL_INVALID,
        place,
        what + " must have one column, not " + columns,
        "SELECT AS STRUCT makes one of several");
    return false;
  }

  private static Plan firstColumn(Relation relation) {
    return relation.plan().schema().size() == 1
        ? relation.plan()
        : Plans.select(relation.plan(), List.of(0));
  }

  /** Says that a subquery over tables cannot stand here. */
  private Typed misplaced(Env env, Place place) {
    compilation.error(
        DiagnosticCode.SQL_UNSUPPORTED,
        place,
        "a subquery over a table is not supported in " + env.clause(),
        "join the table, or compute the value in a WITH query");
    return Typed.error(place);
  }

  Typed scalar(SqlExpression.ScalarSubquery subquery, Env env) {
    Inner inner = inner(subquery.query(), env);
    if (inner == null) {
      return Typed.error(subquery.place());
    }
    Relation relation = inner.relation();
    SelectAnalyzer select = inner.select();
    int columns = relation != null ? relation.visible() : width(select);
    if (!oneColumn(columns, subquery.place(), "a scalar subquery")) {
      return Typed.error(subquery.place());
    }
    if (relation == null) {
      if (env.attachments() == null || select == null) {
        return misplaced(env, subquery.place());
      }
      Decorrelation join = new Decorrelation(compilation, expressions, select, subquery.place());
      if (join.scalarByKeys()) {
        return join.scalar(env.attachments());
      }
      relation = join.collected(env.attachments());
      if (relation == null) {
        return Typed.error(subquery.place());
      }
    }
    Type type = relation.plan().schema().type(0);
    if (isOfRow(relation)) {
      return Typed.value(
          new Expression.RowSubquery(
              Expression.RowSubquery.Kind.SCALAR,
              firstColumn(relation),
              null,
              type,
              subquery.place()),
          subquery.place());
    }
    return attachScalar(firstColumn(relation), env, subquery.place());
  }

  static int width(@Nullable SelectAnalyzer select) {
    return select == null ? 0 : select.as().isEmpty() ? select.items().size() : 1;
  }

  /** The value of a plan of one row and column as a column of the row. */
  private Typed attachScalar(Plan plan, Env env, Place place) {
    List<Attachment> attachments = env.attachments();
    if (attachments == null) {
      return misplaced(env, place);
    }
    Type type = plan.schema().type(0);
    Expression.InputColumn column = compilation.newVirtual(type);
    attachments.add(
        new Attachment(
            List.of(),
            stage -> {
              int size = stage.plan().schema().size();
              stage.over(
                  compilation.at(
                      new Plan.ScalarSubquery(
                          stage.plan(),
                          plan,
                          Plans.plus(stage.plan().schema(), List.of(Column.of("", type))),
                          place),
                      place));
              stage.know(column, new Expression.InputColumn(size, type));
            }));
    return Typed.value(column, place);
  }

  Typed array(SqlExpression.ArraySubquery subquery, Env env) {
    Inner inner = inner(subquery.query(), env);
    if (inner == null) {
      return Typed.error(subquery.place());
    }
    Relation relation = inner.relation();
    SelectAnalyzer select = inner.select();
    int columns = relation != null ? relation.visible() : width(select);
    if (!oneColumn(columns, subquery.place(), "the subquery of ARRAY")) {
      return Typed.error(subquery.place());
    }
    if (relation == null) {
      if (env.attachments() == null || select == null) {
        return misplaced(env, subquery.place());
      }
      Decorrelation join = new Decorrelation(compilation, expressions, select, subquery.place());
      if (join.arrayByKeys()) {
        return join.array(env.attachments());
      }
      relation = join.collected(env.attachments());
      if (relation == null) {
        return Typed.error(subquery.place());
      }
    }
    Type element = relation.plan().schema().type(0);
    if (element instanceof dev.beamline.catalog.ArrayType) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          subquery.place(),
          "an array cannot hold arrays",
          "write SELECT AS STRUCT");
      return Typed.error(subquery.place());
    }
    if (isOfRow(relation)) {
      return Typed.value(
          new Expression.RowSubquery(
              Expression.RowSubquery.Kind.ARRAY,
              firstColumn(relation),
              null,
              Type.array(element),
              subquery.place()),
          subquery.place());
    }
    return attachScalar(collected(relation, subquery.place()), env, subquery.place());
  }

  /** One row with an array of the first column's values in the order of the plan's Sort. */
  private static Plan collected(Relation relation, Place place) {
    Plan plan = relation.plan();
    Expression value = Plans.column(plan, 0);
    List<SortKey> order = List.of();
    if (plan instanceof Plan.Calc calc
        && calc.condition() == null
        && calc.input() instanceof Plan.Sort sort) {
      value = calc.projections().get(0);
      order = sort.orderBy();
      plan = sort.input();
    } else if (plan instanceof Plan.Sort sort) {
      order = sort.orderBy();
      plan = sort.input();
    }
    AggregateCall call = arrayAgg(value, order, place);
    Plan grouped =
        new Plan.Aggregate(
            plan,
            List.of(),
            List.of(List.of()),
            List.of(call),
            Schema.of(Column.of("", call.type())));
    return Plans.project(grouped, List.of(orEmpty(Plans.column(grouped, 0), place)), List.of(""));
  }

  static AggregateCall arrayAgg(Expression value, List<SortKey> order, Place place) {
    return new AggregateCall(
        "ARRAY_AGG",
        List.of(value),
        false,
        null,
        order,
        null,
        AggregateCall.Nulls.RESPECT,
        Type.array(value.type()),
        place);
  }

  static Expression orEmpty(Expression array, Place place) {
    return new Expression.Call(
        "COALESCE",
        List.of(array, new Expression.Literal(List.of(), array.type())),
        array.type(),
        false,
        place);
  }

  Typed exists(SqlExpression.Exists exists, Env env) {
    Inner inner = inner(exists.query(), env);
    if (inner == null) {
      return Typed.error(exists.place());
    }
    Relation relation = inner.relation();
    SelectAnalyzer select = inner.select();
    if (relation == null) {
      if (env.attachments() == null || select == null) {
        return misplaced(env, exists.place());
      }
      Decorrelation join = new Decorrelation(compilation, expressions, select, exists.place());
      if (join.existsByKeys()) {
        return join.exists(env.attachments());
      }
      relation = join.collected(env.attachments());
      if (relation == null) {
        return Typed.error(exists.place());
      }
    }
    return exists(relation, exists, env);
  }

  private Typed exists(Relation relation, SqlExpression.Exists exists, Env env) {
    Place place = exists.place();
    if (isOfRow(relation)) {
      return Typed.value(
          new Expression.RowSubquery(
              Expression.RowSubquery.Kind.EXISTS, relation.plan(), null, ScalarType.BOOL, place),
          place);
    }
    Plan counted = counts(relation.plan(), List.of(), place);
    return attachScalar(
        Plans.project(counted, List.of(moreThanNone(counted, 0, place)), List.of("")), env, place);
  }

  /** One row with the number of rows, and those where each expression is not NULL. */
  static Plan counts(Plan plan, List<Expression> values, Place place) {
    List<AggregateCall> calls = new ArrayList<>();
    calls.add(count(List.of(), place));
    values.forEach(v -> calls.add(count(List.of(v), place)));
    return new Plan.Aggregate(
        plan,
        List.of(),
        List.of(List.of()),
        calls,
        new Schema(calls.stream().map(c -> Column.of("", c.type())).toList()));
  }

  static AggregateCall count(List<Expression> arguments, Place place) {
    return new AggregateCall(
        "COUNT",
        arguments,
        false,
        null,
        List.of(),
        null,
        AggregateCall.Nulls.DEFAULT,
        ScalarType.INT64,
        place);
  }

  private static Expression moreThanNone(Plan plan, int column, Place place) {
    return call(
        "GT",
        ScalarType.BOOL,
        place,
        Plans.column(plan, column),
        new Expression.Literal(0L, ScalarType.INT64));
  }

  static Expression call(String function, Type type, Place place, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type, false, place);
  }

  Typed in(SqlExpression.InSubquery in, Env env) {
    Typed operand = expressions.analyze(in.value(), env);
    Inner inner = inner(in.query(), env);
    if (inner == null || operand.isError()) {
      return Typed.error(in.place());
    }
    Relation relation = inner.relation();
    SelectAnalyzer select = inner.select();
    if (relation == null) {
      if (env.attachments() == null || select == null) {
        return misplaced(env, in.place());
      }
      relation =
          new Decorrelation(compilation, expressions, select, in.place())
              .collected(env.attachments());
      if (relation == null) {
        return Typed.error(in.place());
      }
    }
    In checked = check(operand, relation, in);
    if (checked == null) {
      return Typed.error(in.place());
    }
    Typed value =
        isOfRow(relation)
            ? Typed.value(
                new Expression.RowSubquery(
                    Expression.RowSubquery.Kind.IN,
                    checked.plan(),
                    checked.operand(),
                    ScalarType.BOOL,
                    in.place()),
                in.place())
            : marked(checked, env, in.place());
    return expressions.negated(value, in.negated());
  }

  /** IN with both sides of one type; the plan's first column is looked in. */
  private record In(Expression operand, Plan plan) {}

  private @Nullable In check(Typed operand, Relation relation, SqlExpression.InSubquery in) {
    if (!oneColumn(relation.visible(), in.place(), "the subquery of IN")) {
      return null;
    }
    Plan plan = firstColumn(relation);
    Typed element = Typed.value(Plans.column(plan, 0), in.place());
    List<Typed> both = List.of(operand, element);
    Optional<Type> type = expressions.functions().supertype(both, "both sides of IN", in.place());
    if (type.isEmpty()) {
      return null;
    }
    Typed left = expressions.functions().coerce(operand, type.get());
    Typed right = expressions.functions().coerce(element, type.get());
    if (left.isError() || right.isError()) {
      return null;
    }
    if (!(right.expression() instanceof Expression.InputColumn)) {
      plan = Plans.project(plan, List.of(right.expression()), List.of(""));
    }
    return new In(left.expression(), plan);
  }

  /** IN as a value: a mark from a join with the different values, and what is known of NULLs. */
  private Typed marked(In in, Env env, Place place) {
    List<Attachment> attachments = env.attachments();
    if (attachments == null) {
      return misplaced(env, place);
    }
    if (in.plan().schema().type(0) instanceof StructType) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          place,
          "IN a subquery of STRUCTs is supported only as a condition of WHERE",
          "compare the fields in a JOIN");
      return Typed.error(place);
    }
    Plan counted = counts(in.plan(), List.of(Plans.column(in.plan(), 0)), place);
    Typed any =
        attachScalar(
            Plans.project(counted, List.of(moreThanNone(counted, 0, place)), List.of("")),
            env,
            place);
    Typed hasNull =
        attachScalar(
            Plans.project(
                counted,
                List.of(
                    call(
                        "GT",
                        ScalarType.BOOL,
                        place,
                        Plans.column(counted, 0),
                        Plans.column(counted, 1))),
                List.of("")),
            env,
            place);
    Plan distinct = QueryAnalyzer.distinct(in.plan());
    Plan marks =
        Plans.append(distinct, List.of(new Expression.Literal(true, ScalarType.BOOL)), List.of(""));
    Expression.InputColumn mark = compilation.newVirtual(ScalarType.BOOL);
    attachments.add(
        new Attachment(
            List.of(in.operand()),
            stage -> {
              Expression operand = stage.map(in.operand(), place);
              Plan.Join join =
                  Joins.join(
                      stage.plan(),
                      marks,
                      Plan.Join.Kind.LEFT,
                      List.of(new Joins.Pair(operand, Plans.column(marks, 0))),
                      List.of());
              stage.over(compilation.at(join, place));
              stage.know(mark, Plans.column(join, join.left().schema().size() + 1));
            }));
    Expression nothing = new Expression.Literal(null, ScalarType.BOOL);
    Expression no = new Expression.Literal(false, ScalarType.BOOL);
    return Typed.value(
        call(
            "CASE",
            ScalarType.BOOL,
            place,
            call("IS_TRUE", ScalarType.BOOL, place, mark),
            new Expression.Literal(true, ScalarType.BOOL),
            call("NOT", ScalarType.BOOL, place, any.expression()),
            no,
            call("IS_NULL", ScalarType.BOOL, place, in.operand()),
            nothing,
            hasNull.expression(),
            nothing,
            no),
        place);
  }

  /** A conjunct of WHERE, HAVING or QUALIFY, where IN and EXISTS over tables become joins. */
  Filter filter(SqlExpression conjunct, Env env) {
    SqlExpression test = conjunct;
    boolean negated = false;
    while (test instanceof SqlExpression.Unary unary && unary.operator().equals("NOT")) {
      negated = !negated;
      test = unary.operand();
    }
    if (test instanceof SqlExpression.Exists exists) {
      return existsFilter(exists, negated, env);
    } else if (test instanceof SqlExpression.InSubquery in) {
      return inFilter(in, negated != in.negated(), env);
    }
    return new Filter(expressions.analyze(conjunct, env), null);
  }

  private Filter existsFilter(SqlExpression.Exists exists, boolean negated, Env env) {
    Inner inner = inner(exists.query(), env);
    if (inner == null) {
      return new Filter(Typed.error(exists.place()), null);
    }
    Relation relation = inner.relation();
    SelectAnalyzer select = inner.select();
    if (relation == null && select != null) {
      Decorrelation join = new Decorrelation(compilation, expressions, select, exists.place());
      if (join.existsByRows()) {
        return new Filter(null, join.semi(negated));
      }
      relation = env.attachments() == null ? null : join.collected(env.attachments());
      if (relation == null) {
        return new Filter(
            env.attachments() == null
                ? misplaced(env, exists.place())
                : Typed.error(exists.place()),
            null);
      }
    }
    Typed value = exists(java.util.Objects.requireNonNull(relation), exists, env);
    return new Filter(expressions.negated(value, negated), null);
  }

  private Filter inFilter(SqlExpression.InSubquery in, boolean negated, Env env) {
    Typed operand = expressions.analyze(in.value(), env);
    Inner inner = inner(in.query(), env);
    Filter wrong = new Filter(Typed.error(in.place()), null);
    if (inner == null || operand.isError()) {
      return wrong;
    }
    SelectAnalyzer select = inner.select();
    Relation relation = inner.relation();
    if (relation == null && select != null) {
      Decorrelation join = new Decorrelation(compilation, expressions, select, in.place());
      if (join.inByRows(operand)) {
        Attachment attachment = join.in(operand, negated);
        return attachment == null ? wrong : new Filter(null, attachment);
      }
      relation = env.attachments() == null ? null : join.collected(env.attachments());
    }
    if (relation == null) {
      return env.attachments() == null ? new Filter(misplaced(env, in.place()), null) : wrong;
    }
    In checked = check(operand, relation, in);
    if (checked == null) {
      return wrong;
    }
    if (isOfRow(relation)) {
      Typed value =
          Typed.value(
              new Expression.RowSubquery(
                  Expression.RowSubquery.Kind.IN,
                  checked.plan(),
                  checked.operand(),
                  ScalarType.BOOL,
                  in.place()),
              in.place());
      return new Filter(expressions.negated(value, negated), null);
    }
    Type type = checked.operand().type();
    if (negated && (type instanceof StructType || type == ScalarType.FLOAT64)) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          in.place(),
          "NOT IN a subquery of " + type.sql() + " is not supported",
          "write NOT EXISTS (SELECT 1 FROM ... WHERE a = b)");
      return wrong;
    }
    return new Filter(
        null,
        new Attachment(
            List.of(checked.operand()), stage -> joinIn(stage, checked, negated, in.place())));
  }

  private void joinIn(Stage stage, In in, boolean negated, Place place) {
    Expression operand = stage.map(in.operand(), place);
    Expression element = Plans.column(in.plan(), 0);
    List<Joins.Pair> pairs = new ArrayList<>();
    if (operand.type() instanceof StructType struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        Type type = struct.fields().get(i).type();
        pairs.add(
            new Joins.Pair(
                new Expression.Field(operand, i, type), new Expression.Field(element, i, type)));
      }
    } else {
      pairs.add(new Joins.Pair(operand, element));
    }
    Plan.Join.Kind kind = negated ? Plan.Join.Kind.NULL_AWARE_ANTI : Plan.Join.Kind.SEMI;
    stage.over(compilation.at(Joins.join(stage.plan(), in.plan(), kind, pairs, List.of()), place));
  }
}
