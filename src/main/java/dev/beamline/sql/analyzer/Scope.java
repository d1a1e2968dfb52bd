package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that an expression may use: the range variables (tables by their aliases) and columns
 * of one FROM clause, and behind them those of the row around a subquery.
 *
 * @param variables in the order of FROM
 * @param columns what a name without a table finds, and what {@code *} expands to
 * @param outer the names around the subquery; null: none
 * @param open whether names may be missing because of a mistake that was reported
 */
record Scope(List<Variable> variables, List<Name> columns, @Nullable Scope outer, boolean open) {

  /** What a name stands for whose expression is wrong, which was reported. */
  static final Expression ERROR = new Expression.Literal(null, ScalarType.INT64);

  Scope {
    variables = List.copyOf(variables);
    columns = List.copyOf(columns);
  }

  Scope(List<Variable> variables, List<Name> columns, @Nullable Scope outer) {
    this(variables, columns, outer, false);
  }

  static Scope empty(@Nullable Scope outer) {
    return new Scope(List.of(), List.of(), outer);
  }

  /** The same names, and perhaps more that are not known. */
  Scope opened() {
    return new Scope(variables, columns, outer, true);
  }

  /** Whether an unknown name may be a mistake's consequence. */
  boolean mayHaveMore() {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.open) {
        return true;
      }
    }
    return false;
  }

  /** One more name here, which hides others. */
  Scope with(String name, Expression value) {
    List<Variable> more = new ArrayList<>();
    more.add(new Variable(name, List.of(), value));
    more.addAll(variables);
    return new Scope(more, columns, outer, open);
  }

  /**
   * A name and what it stands for.
   *
   * @param table the range variable it comes from; empty for none
   */
  record Name(String name, Expression expression, String table) {}

  /**
   * A range variable.
   *
   * @param value where the variable is a value and no row, as an element of UNNEST; else null
   * @param carried window columns that the rows carry on though no SELECT names them: found by name
   *     where nothing else has it, and no part of {@code *}
   */
  record Variable(String name, List<Name> columns, @Nullable Expression value, List<Name> carried) {
    Variable {
      columns = List.copyOf(columns);
      carried = List.copyOf(carried);
    }

    Variable(String name, List<Name> columns, @Nullable Expression value) {
      this(name, columns, value, List.of());
    }

    /** The columns of a name; those that are only carried where no other has it. */
    List<Name> named(String wanted) {
      List<Name> found = columns.stream().filter(c -> c.name().equalsIgnoreCase(wanted)).toList();
      return found.isEmpty()
          ? carried.stream().filter(c -> c.name().equalsIgnoreCase(wanted)).toList()
          : found;
    }

    @Nullable Name column(String wanted) {
      for (Name column : columns) {
        if (column.name().equalsIgnoreCase(wanted)) {
          return column;
        }
      }
      return null;
    }
  }

  /** What a name turned out to be. */
  sealed interface Found {}

  /** A column or value; {@code depth} counts the subqueries between it and its use. */
  record FoundExpression(Expression expression, int depth) implements Found {}

  /** A table. */
  record FoundVariable(Variable variable, int depth) implements Found {}

  /** More than one column. */
  record FoundMany(List<Name> candidates) implements Found {}

  /** Looks up the first part of a path; null where nothing has the name. */
  @Nullable Found find(String name) {
    int depth = 0;
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Found found = scope.findHere(name, depth);
      if (found != null) {
        return found;
      }
      depth++;
    }
    return null;
  }

  private @Nullable Found findHere(String name, int depth) {
    for (Variable variable : variables) {
      if (variable.name().equalsIgnoreCase(name)) {
        Expression value = variable.value();
        return value == null
            ? new FoundVariable(variable, depth)
            : new FoundExpression(Expressions.lift(value, depth), depth);
      }
    }
    List<Name> matches = columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).toList();
    if (matches.isEmpty()) {
      matches =
          variables.stream()
              .flatMap(v -> v.carried().stream())
              .filter(c -> c.name().equalsIgnoreCase(name))
              .toList();
    }
    if (matches.isEmpty()) {
      return null;
    }
    return matches.size() == 1
        ? new FoundExpression(Expressions.lift(matches.get(0).expression(), depth), depth)
        : new FoundMany(matches);
  }

  /** All names that a lone word may be, for hints. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Scope scope = this; scope != null; scope = scope.outer) {
      scope.columns.stream().map(Name::name).filter(n -> !n.isEmpty()).forEach(names::add);
      scope.variables.stream().map(Variable::name).filter(n -> !n.isEmpty()).forEach(names::add);
    }
    return names;
  }

  @Nullable Variable variable(String name) {
    for (Variable variable : variables) {
      if (variable.name().equalsIgnoreCase(name)) {
        return variable;
      }
    }
    return null;
  }

  /** The names of both, for a join whose right side's columns come behind the left's. */
  static Scope concat(Scope left, Scope right) {
    List<Variable> variables = new ArrayList<>(left.variables);
    variables.addAll(right.variables);
    List<Name> columns = new ArrayList<>(left.columns);
    columns.addAll(right.columns);
    return new Scope(variables, columns, left.outer, left.open || right.open);
  }

  /** The same names for columns that moved. */
  Scope shift(int by) {
    return map(e -> Expressions.shift(e, by));
  }

  /** The same names for other expressions. */
  Scope map(java.util.function.UnaryOperator<Expression> map) {
    return new Scope(
        variables.stream()
            .map(
                v -> {
                  Expression value = v.value();
                  return new Variable(
                      v.name(),
                      v.columns().stream().map(c -> mapName(c, map)).toList(),
                      value == null ? null : map.apply(value),
                      v.carried().stream().map(c -> mapName(c, map)).toList());
                })
            .toList(),
        columns.stream().map(c -> mapName(c, map)).toList(),
        outer,
        open);
  }

  private static Name mapName(Name name, java.util.function.UnaryOperator<Expression> map) {
    return name.expression() == ERROR
        ? name
        : new Name(name.name(), map.apply(name.expression()), name.table());
  }
}
