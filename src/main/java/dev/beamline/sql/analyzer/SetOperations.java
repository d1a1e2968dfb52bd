package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** UNION, INTERSECT and EXCEPT: columns by position, each of the common type. */
final class SetOperations {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final Function<SqlQuery.Body, Relation> analyze;

  SetOperations(
      Compilation compilation,
      ExpressionAnalyzer expressions,
      Function<SqlQuery.Body, Relation> analyze) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.analyze = analyze;
  }

  Relation analyze(SqlQuery.SetOperation operation) {
    List<Relation> sides = new ArrayList<>();
    List<SqlQuery.Body> bodies = new ArrayList<>();
    flatten(operation, operation.left(), bodies);
    flatten(operation, operation.right(), bodies);
    for (SqlQuery.Body body : bodies) {
      sides.add(analyze.apply(body));
    }
    Relation first = sides.get(0);
    for (int i = 0; i < sides.size(); i++) {
      if (sides.get(i).failed()) {
        return new Relation(
            first.plan(),
            first.visible(),
            first.value(),
            first.places(),
            true,
            first.wrong(),
            first.open());
      }
    }
    SqlQuery.ByName byName = operation.byName();
    if (byName != null) {
      List<Relation> matched = matched(operation, byName, first, sides.get(1));
      if (matched.isEmpty()) {
        return failure(first);
      }
      sides = matched;
      first = sides.get(0);
    }
    for (int i = 1; i < sides.size(); i++) {
      if (sides.get(i).visible() != first.visible()) {
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            bodies.get(i).place(),
            operation.operator()
                + ": this SELECT has "
                + sides.get(i).visible()
                + (sides.get(i).visible() == 1 ? " column" : " columns")
                + ", the first has "
                + first.visible(),
            "select the same number of columns, NULL where there is none; or write "
                + operation.operator()
                + " ... BY NAME");
        return failure(first);
      }
    }
    List<Type> types = new ArrayList<>();
    for (int column = 0; column < first.visible(); column++) {
      List<Argument> arguments = new ArrayList<>();
      List<String> shown = new ArrayList<>();
      for (Relation side : sides) {
        Typed value = columnOf(side, column);
        arguments.add(value.argument());
        shown.add(value.shown());
      }
      Optional<Type> type = Coercion.supertype(arguments);
      if (type.isEmpty()) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            operation.place(),
            operation.operator()
                + ": column "
                + (column + 1)
                + " has no common type: "
                + String.join(", ", shown.stream().distinct().toList()),
            "CAST one of them");
        return failure(first);
      }
      if (!(operation.operator().equals("UNION") && operation.all())
          && !Types.groupable(type.get())) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            operation.place(),
            operation.operator() + " is not possible on values of type " + type.get().sql());
        return failure(first);
      }
      types.add(type.get());
    }
    return build(operation, sides, types);
  }

  /** Both sides with the same columns in the same order; empty where they do not match. */
  private List<Relation> matched(
      SqlQuery.SetOperation operation, SqlQuery.ByName byName, Relation left, Relation right) {
    List<String> lefts = left.columns().stream().map(Column::name).toList();
    List<String> rights = right.columns().stream().map(Column::name).toList();
    List<String> names = new ArrayList<>();
    if (byName.columns().isEmpty()) {
      names.addAll(lefts);
      rights.stream().filter(r -> index(lefts, r) < 0).forEach(names::add);
    } else {
      byName.columns().forEach(c -> names.add(c.name()));
    }
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      boolean both = index(lefts, name) >= 0 && index(rights, name) >= 0;
      boolean listed = !byName.columns().isEmpty();
      boolean keep =
          switch (byName.mode()) {
            case "INNER" -> both;
            case "LEFT" -> index(lefts, name) >= 0;
            case "FULL" -> index(lefts, name) >= 0 || index(rights, name) >= 0;
            default -> both;
          };
      if (!keep && (byName.mode().isEmpty() || listed)) {
        compilation.error(
            DiagnosticCode.SQL_UNKNOWN_COLUMN,
            operation.place(),
            operation.operator() + " BY NAME: not both sides have the column " + name,
            "write FULL "
                + operation.operator()
                + " ... BY NAME for NULL where it is missing, or INNER to leave it out");
        return List.of();
      }
      if (keep) {
        kept.add(name);
      }
    }
    if (kept.isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          operation.place(),
          operation.operator() + " BY NAME: the sides have no column in common",
          "give the columns that belong together the same names");
      return List.of();
    }
    return List.of(inOrder(left, lefts, kept), inOrder(right, rights, kept));
  }

  private static int index(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The side with these columns; NULL for those that it lacks. */
  private static Relation inOrder(Relation side, List<String> has, List<String> wanted) {
    List<Expression> values = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (String name : wanted) {
      int at = index(has, name);
      values.add(
          at < 0
              ? new Expression.Literal(null, ScalarType.INT64)
              : columnOf(side, at).expression() instanceof Expression.Literal literal
                  ? literal
                  : Plans.column(side.plan(), at));
      places.add(side.places().get(Math.max(at, 0)));
    }
    Plan plan = Plans.project(side.plan(), values, wanted);
    return new Relation(plan, wanted.size(), false, places, false, Set.of(), false);
  }

  private static Relation failure(Relation first) {
    return new Relation(
        first.plan(),
        first.visible(),
        first.value(),
        first.places(),
        true,
        first.wrong(),
        first.open());
  }

  /** The inputs of a chain of the same UNION, or both sides. */
  private static void flatten(
      SqlQuery.SetOperation top, SqlQuery.Body body, List<SqlQuery.Body> to) {
    if (body instanceof SqlQuery.SetOperation operation
        && top.byName() == null
        && operation.byName() == null
        && top.operator().equals("UNION")
        && operation.operator().equals("UNION")
        && operation.all() == top.all()) {
      flatten(top, operation.left(), to);
      flatten(top, operation.right(), to);
    } else {
      to.add(body);
    }
  }

  /** A column of a side; one that is a literal in the SELECT list coerces as a literal. */
  private static Typed columnOf(Relation side, int column) {
    Expression value = Plans.column(side.plan(), column);
    if (side.plan() instanceof Plan.Calc calc
        && calc.projections().get(column) instanceof Expression.Literal literal) {
      boolean untyped =
          literal.value() == null || (literal.value() instanceof List<?> l && l.isEmpty());
      return new Typed(
          literal, untyped ? Typed.Kind.UNTYPED : Typed.Kind.LITERAL, side.places().get(column));
    }
    return Typed.value(value, side.places().get(column));
  }

  private Relation build(SqlQuery.SetOperation operation, List<Relation> sides, List<Type> types) {
    Relation first = sides.get(0);
    boolean keepsWindow =
        operation.operator().equals("UNION")
            && operation.all()
            && sides.stream().allMatch(s -> PlanTraits.of(s.plan()).windowed())
            && sides.stream().map(s -> PlanTraits.of(s.plan()).window()).distinct().count() == 1;
    List<Plan> plans = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(Column.of(first.columns().get(i).name(), types.get(i)));
    }
    boolean hide = keepsWindow && !sides.stream().allMatch(QueryAnalyzer::showsWindow);
    for (Relation side : sides) {
      List<Expression> values = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        Typed value = columnOf(side, i);
        Typed coerced = expressions.functions().coerce(value, types.get(i));
        if (coerced.isError()) {
          return failure(first);
        }
        values.add(
            value.expression() instanceof Expression.InputColumn
                ? coerced.expression()
                : new Expression.Literal(
                    coerced.expression() instanceof Expression.Literal l ? l.value() : null,
                    types.get(i)));
        names.add(columns.get(i).name());
      }
      if (hide) {
        PlanTraits traits = PlanTraits.of(side.plan());
        values.add(Plans.column(side.plan(), traits.starts().iterator().next()));
        values.add(Plans.column(side.plan(), traits.ends().iterator().next()));
        names.add("window_start");
        names.add("window_end");
      }
      plans.add(Plans.project(side.plan(), values, names));
    }
    Schema schema = plans.get(0).schema();
    Plan plan;
    if (operation.operator().equals("UNION")) {
      plan = compilation.at(new Plan.Union(plans, schema), operation.place());
      if (!operation.all()) {
        plan = compilation.at(QueryAnalyzer.distinct(plan), operation.place());
      }
    } else {
      plan =
          compilation.at(
              new Plan.SetOperation(
                  plans.get(0),
                  plans.get(1),
                  operation.operator().equals("EXCEPT"),
                  operation.all(),
                  schema),
              operation.place());
    }
    return new Relation(plan, types.size(), first.value(), first.places(), false, Set.of(), false);
  }
}
