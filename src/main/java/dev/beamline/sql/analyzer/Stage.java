package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT while it is built: the plan so far, and what of the expressions over the FROM clause's
 * row its columns hold already.
 */
final class Stage {

  private final Compilation compilation;
  private final Map<Expression, Expression> known = new HashMap<>();
  private Plan plan;
  private boolean grouped;

  Stage(Compilation compilation, Plan plan) {
    this.compilation = compilation;
    this.plan = plan;
  }

  Plan plan() {
    return plan;
  }

  boolean grouped() {
    return grouped;
  }

  /** Puts another operator on top that keeps the columns in their places. */
  void over(Plan next) {
    plan = next;
  }

  /** Puts a grouping on top: from here on only what is made known can be used. */
  void group(Plan next) {
    plan = next;
    grouped = true;
    known.clear();
  }

  /** Says what an expression over the FROM clause's row (or a virtual column) is in the plan. */
  void know(Expression expression, Expression inPlan) {
    known.put(Expressions.canonical(expression), inPlan);
  }

  /** Whether all virtual columns in it are known by now. */
  boolean ready(Expression expression) {
    boolean[] missing = {false};
    Expressions.rewrite(
        expression,
        (part, depth) -> {
          Expression.InputColumn column = null;
          if (depth == 0 && part instanceof Expression.InputColumn input) {
            column = input;
          } else if (part instanceof Expression.OuterColumn outer && outer.depth() == depth) {
            column = new Expression.InputColumn(outer.index(), outer.type());
          }
          missing[0] |=
              column != null && column.index() >= Compilation.VIRTUAL && !known.containsKey(column);
          return null;
        });
    return !missing[0];
  }

  /**
   * The plan's columns that hold a column of the FROM clause's row, or a virtual one, which may be
   * computed of several; none where it is not known yet.
   */
  Set<Integer> columnsOf(int column) {
    if (column < Compilation.VIRTUAL) {
      return Set.of(column);
    }
    Set<Integer> columns = new TreeSet<>();
    known.forEach(
        (expression, inPlan) -> {
          if (expression instanceof Expression.InputColumn input && input.index() == column) {
            columns.addAll(Expressions.columns(inPlan));
          }
        });
    return columns;
  }

  /**
   * The expression over the plan's columns. Columns that are not grouped are reported.
   *
   * @param place of the expression, where a column's own place is not known
   */
  Expression map(Expression expression, Place place) {
    return Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (depth == 0) {
            Expression held = known.get(Expressions.canonical(part));
            if (held != null) {
              return held;
            }
            return part instanceof Expression.InputColumn column
                ? own(column, compilation.reference(part), place)
                : null;
          }
          if (part instanceof Expression.OuterColumn outer && outer.depth() == depth) {
            Expression.InputColumn column = new Expression.InputColumn(outer.index(), outer.type());
            Expression held = known.get(column);
            return Expressions.lift(
                held == null ? own(column, compilation.reference(part), place) : held, depth);
          }
          return null;
        });
  }

  private Expression own(
      Expression.InputColumn column, Compilation.@Nullable Reference reference, Place place) {
    if (!grouped && !Compilation.isVirtual(column)) {
      return column;
    }
    String text = reference == null ? "a column of the row" : "column " + reference.text();
    compilation.error(
        DiagnosticCode.SQL_NOT_GROUPED,
        reference == null ? place : reference.place(),
        text + " is neither grouped nor aggregated",
        "add it to GROUP BY or put it into an aggregate function, such as ANY_VALUE("
            + (reference == null ? "..." : reference.text())
            + ")");
    return new Expression.Literal(null, column.type());
  }
}
