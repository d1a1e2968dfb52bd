package dev.beamline.plan;

import dev.beamline.catalog.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * From which columns of which sources each column of a plan's output is computed. What only decides
 * which rows there are (filters, join keys, orders) is not a column's origin; see {@link #used}.
 */
public final class Lineage {

  /**
   * A column of a source, or a field of one.
   *
   * @param path such as {@code item.price}
   */
  public record Origin(String source, String path) implements Comparable<Origin> {
    @Override
    public int compareTo(Origin other) {
      int bySource = source.compareTo(other.source);
      return bySource != 0 ? bySource : path.compareTo(other.path);
    }

    @Override
    public String toString() {
      return source + "." + path;
    }
  }

  private Lineage() {}

  /** The origins of each output column; empty sets for constants and counts of rows. */
  public static List<Set<Origin>> of(Plan plan) {
    if (plan instanceof Plan.Scan scan) {
      List<Set<Origin>> columns = empty(scan.schema().size());
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).add(new Origin(scan.source(), scan.schema().name(i)));
      }
      return columns;
    }
    if (plan instanceof Plan.QueryResult result) {
      return of(result.input());
    }
    if (plan instanceof Plan.ConstantRows rows) {
      return empty(rows.schema().size());
    }
    if (plan instanceof Plan.Calc calc) {
      List<Set<Origin>> input = of(calc.input());
      return calc.projections().stream().map(e -> of(e, input)).toList();
    }
    if (plan instanceof Plan.AssignWindows windows) {
      List<Set<Origin>> columns = of(windows.input());
      Set<Origin> time = columns.get(windows.timeColumn());
      return concat(columns, List.of(new TreeSet<>(time), new TreeSet<>(time)));
    }
    if (plan instanceof Plan.Aggregate aggregate) {
      return of(aggregate);
    }
    if (plan instanceof Plan.Analytic analytic) {
      List<Set<Origin>> input = of(analytic.input());
      List<Set<Origin>> calls = new ArrayList<>();
      for (AnalyticCall call : analytic.calls()) {
        calls.add(union(call.arguments(), input));
      }
      return concat(input, calls);
    }
    if (plan instanceof Plan.Limit limit) {
      return of(limit.input());
    }
    if (plan instanceof Plan.Sort sort) {
      return of(sort.input());
    }
    if (plan instanceof Plan.Join join) {
      List<Set<Origin>> left = of(join.left());
      return join.schema().size() == left.size() ? left : concat(left, of(join.right()));
    }
    if (plan instanceof Plan.Union || plan instanceof Plan.SetOperation) {
      List<Set<Origin>> columns = empty(plan.schema().size());
      for (Plan input : plan.inputs()) {
        List<Set<Origin>> of = of(input);
        for (int i = 0; i < columns.size(); i++) {
          columns.get(i).addAll(of.get(i));
        }
      }
      return columns;
    }
    if (plan instanceof Plan.Unnest unnest) {
      List<Set<Origin>> input = of(unnest.input());
      List<Set<Origin>> added = new ArrayList<>();
      while (input.size() + added.size() < unnest.schema().size()) {
        added.add(of(unnest.array(), input));
      }
      return concat(input, added);
    }
    Plan.ScalarSubquery subquery = (Plan.ScalarSubquery) plan;
    return concat(of(subquery.input()), of(subquery.subquery()));
  }

  /** All columns that are read at all, whatever for. */
  public static Set<Origin> used(Plan plan) {
    Set<Origin> used = new TreeSet<>();
    if (plan instanceof Plan.Scan) {
      of(plan).forEach(used::addAll);
    }
    plan.inputs().forEach(input -> used.addAll(used(input)));
    return used;
  }

  private static List<Set<Origin>> of(Plan.Aggregate aggregate) {
    List<Set<Origin>> input = of(aggregate.input());
    List<Set<Origin>> columns = new ArrayList<>();
    for (int key : aggregate.keys()) {
      columns.add(input.get(key));
    }
    for (AggregateCall call : aggregate.calls()) {
      columns.add(union(call.arguments(), input));
    }
    return columns;
  }

  private static Set<Origin> union(List<Expression> expressions, List<Set<Origin>> input) {
    Set<Origin> all = new TreeSet<>();
    expressions.forEach(e -> all.addAll(of(e, input)));
    return all;
  }

  private static Set<Origin> of(Expression expression, List<Set<Origin>> input) {
    if (expression instanceof Expression.InputColumn column) {
      return new TreeSet<>(input.get(column.index()));
    }
    if (expression instanceof Expression.Field field) {
      return field(field, of(field.struct(), input));
    }
    if (expression instanceof Expression.Call call) {
      return union(call.arguments(), input);
    }
    if (expression instanceof Expression.RowSubquery subquery) {
      Set<Origin> all = new TreeSet<>();
      outer(subquery.plan(), 1, input, all);
      if (subquery.operand() != null) {
        all.addAll(of(subquery.operand(), input));
      }
      return all;
    }
    return new TreeSet<>();
  }

  /** A field of a column narrows the path; a field of something computed does not. */
  private static Set<Origin> field(Expression.Field field, Set<Origin> struct) {
    Expression root = field.struct();
    while (root instanceof Expression.Field inner) {
      root = inner.struct();
    }
    if (!(root instanceof Expression.InputColumn)
        || !(field.struct().type() instanceof StructType type)) {
      return struct;
    }
    String name = type.fields().get(field.index()).name();
    Set<Origin> narrowed = new TreeSet<>();
    struct.forEach(o -> narrowed.add(new Origin(o.source(), o.path() + "." + name)));
    return narrowed;
  }

  /** The columns of the enclosing row that a subquery looks at, wherever in it. */
  private static void outer(Plan plan, int depth, List<Set<Origin>> input, Set<Origin> found) {
    for (Expression expression : expressions(plan)) {
      outer(expression, depth, input, found);
    }
    plan.inputs().forEach(p -> outer(p, depth, input, found));
  }

  private static void outer(
      Expression expression, int depth, List<Set<Origin>> input, Set<Origin> found) {
    if (expression instanceof Expression.OuterColumn column) {
      if (column.depth() == depth) {
        found.addAll(input.get(column.index()));
      }
    } else if (expression instanceof Expression.Field field) {
      outer(field.struct(), depth, input, found);
    } else if (expression instanceof Expression.Call call) {
      call.arguments().forEach(a -> outer(a, depth, input, found));
    } else if (expression instanceof Expression.RowSubquery subquery) {
      outer(subquery.plan(), depth + 1, input, found);
      if (subquery.operand() != null) {
        outer(subquery.operand(), depth, input, found);
      }
    }
  }

  private static List<Set<Origin>> empty(int size) {
    List<Set<Origin>> columns = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      columns.add(new TreeSet<>());
    }
    return columns;
  }

  private static List<Set<Origin>> concat(List<Set<Origin>> left, List<Set<Origin>> right) {
    List<Set<Origin>> all = new ArrayList<>(left);
    all.addAll(right);
    return all;
  }

  /** The expressions that an operator itself holds, not those of its inputs. */
  private static List<Expression> expressions(Plan plan) {
    List<Expression> found = new ArrayList<>();
    if (plan instanceof Plan.Scan scan) {
      if (scan.filter() != null) {
        found.add(scan.filter());
      }
    } else if (plan instanceof Plan.Calc calc) {
      if (calc.condition() != null) {
        found.add(calc.condition());
      }
      found.addAll(calc.projections());
    } else if (plan instanceof Plan.Aggregate aggregate) {
      for (AggregateCall call : aggregate.calls()) {
        found.addAll(call.expressions());
      }
    } else if (plan instanceof Plan.Analytic analytic) {
      found.addAll(analytic.partitionBy());
      analytic.orderBy().forEach(key -> found.add(key.expression()));
      analytic.calls().forEach(call -> found.addAll(call.arguments()));
    } else if (plan instanceof Plan.Limit limit) {
      limit.orderBy().forEach(key -> found.add(key.expression()));
    } else if (plan instanceof Plan.Sort sort) {
      sort.orderBy().forEach(key -> found.add(key.expression()));
    } else if (plan instanceof Plan.Join join) {
      if (join.condition() != null) {
        found.add(join.condition());
      }
    } else if (plan instanceof Plan.Unnest unnest) {
      found.add(unnest.array());
      if (unnest.condition() != null) {
        found.add(unnest.condition());
      }
    }
    return found;
  }
}
