package dev.beamline.sql.rule;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.Set;

/** Whether evaluating an expression earlier or once more can be told from the outside. */
final class Failures {

  /** Functions without errors of their own, whatever their arguments. */
  private static final Set<String> SURE =
      Set.of(
          "EQ",
          "NE",
          "LT",
          "LE",
          "GT",
          "GE",
          "BETWEEN",
          "IN",
          "IN_UNNEST",
          "IS_DISTINCT_FROM",
          "IS_NOT_DISTINCT_FROM",
          "AND",
          "OR",
          "NOT",
          "IS_NULL",
          "IS_NOT_NULL",
          "IS_TRUE",
          "IS_FALSE",
          "IS_NOT_TRUE",
          "IS_NOT_FALSE",
          "CASE",
          "IF",
          "IFNULL",
          "COALESCE",
          "NULLIF",
          "STARTS_WITH",
          "ENDS_WITH",
          "LOWER",
          "UPPER",
          "LENGTH",
          "TRIM");

  private Failures() {}

  /** Whether the expression has a value for every row, and the same each time. */
  static boolean never(Expression expression) {
    return !Expressions.contains(
        expression,
        part ->
            part instanceof Expression.RowSubquery
                || (part instanceof Expression.Call call && !SURE.contains(call.function())));
  }
}
