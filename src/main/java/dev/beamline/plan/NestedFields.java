package dev.beamline.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds which fields of the structs of a source a plan looks at. Follows columns from the operators
 * that use them down to the scans; whatever an operator does with a column besides handing it on
 * and taking a field of it is a look at the whole.
 */
public final class NestedFields {

  private final Map<Plan.Scan, List<FieldUse>> scans = new HashMap<>();

  private NestedFields() {}

  /** For each scan of the plan what is looked at of its columns, in their order. */
  public static Map<Plan.Scan, List<FieldUse>> of(Plan root) {
    NestedFields found = new NestedFields();
    found.visit(root, every(root));
    return found.scans;
  }

  private static FieldUse[] every(Plan plan) {
    return filled(plan, FieldUse.ALL);
  }

  private static FieldUse[] filled(Plan plan, FieldUse use) {
    FieldUse[] uses = new FieldUse[plan.schema().size()];
    Arrays.fill(uses, use);
    return uses;
  }

  /**
   * @param used what the operators above look at
   */
  private void visit(Plan plan, FieldUse[] used) {
    if (plan instanceof Plan.Scan scan) {
      scan(scan, used);
    } else if (plan instanceof Plan.Calc calc) {
      FieldUse[] below = filled(calc.input(), FieldUse.NONE);
      add(calc.condition(), FieldUse.ALL, below);
      for (int i = 0; i < used.length; i++) {
        add(calc.projections().get(i), used[i], below);
      }
      visit(calc.input(), below);
    } else if (plan instanceof Plan.AssignWindows assign) {
      FieldUse[] below = Arrays.copyOf(used, assign.windowStart());
      below[assign.timeColumn()] = FieldUse.ALL;
      assign.sessionKeys().forEach(key -> below[key] = FieldUse.ALL);
      visit(assign.input(), below);
    } else if (plan instanceof Plan.Unnest unnest) {
      unnest(unnest, used);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      FieldUse[] below = filled(aggregate.input(), FieldUse.NONE);
      aggregate.keys().forEach(key -> below[key] = FieldUse.ALL);
      for (AggregateCall call : aggregate.calls()) {
        call.expressions().forEach(expression -> add(expression, FieldUse.ALL, below));
      }
      visit(aggregate.input(), below);
    } else if (plan instanceof Plan.Join join) {
      join(join, used);
    } else if (plan instanceof Plan.Union union) {
      union.inputs().forEach(input -> visit(input, used));
    } else {
      plan.inputs().forEach(input -> visit(input, every(input)));
    }
  }

  private void scan(Plan.Scan scan, FieldUse[] used) {
    FieldUse[] uses = used.clone();
    add(scan.filter(), FieldUse.ALL, uses);
    if (scan.eventTime() >= 0) {
      uses[scan.eventTime()] = FieldUse.ALL;
    }
    scans.merge(
        scan,
        List.of(uses),
        (a, b) -> IntStream.range(0, a.size()).mapToObj(i -> a.get(i).and(b.get(i))).toList());
  }

  /** There are as many rows as elements, whether or not anybody looks at these. */
  private void unnest(Plan.Unnest unnest, FieldUse[] used) {
    FieldUse[] all = used.clone();
    add(unnest.condition(), FieldUse.ALL, all);
    int size = unnest.input().schema().size();
    FieldUse[] below = Arrays.copyOf(all, size);
    add(unnest.array(), all[size].and(FieldUse.THERE), below);
    visit(unnest.input(), below);
  }

  private void join(Plan.Join join, FieldUse[] used) {
    int left = join.left().schema().size();
    FieldUse[] both = Arrays.copyOf(used, left + join.right().schema().size());
    Arrays.fill(both, used.length, both.length, FieldUse.NONE);
    add(join.condition(), FieldUse.ALL, both);
    FieldUse[] ofLeft = Arrays.copyOf(both, left);
    FieldUse[] ofRight = Arrays.copyOfRange(both, left, both.length);
    join.leftKeys().forEach(key -> ofLeft[key] = FieldUse.ALL);
    join.rightKeys().forEach(key -> ofRight[key] = FieldUse.ALL);
    visit(join.left(), ofLeft);
    visit(join.right(), ofRight);
  }

  /** Adds what an expression looks at, of which so much is looked at. */
  private static void add(@Nullable Expression expression, FieldUse use, FieldUse[] to) {
    if (expression instanceof Expression.InputColumn column) {
      to[column.index()] = to[column.index()].and(use);
    } else if (expression instanceof Expression.Field field) {
      add(field.struct(), FieldUse.of(field.index(), use), to);
    } else if (expression instanceof Expression.Call call) {
      call.arguments().forEach(argument -> add(argument, FieldUse.ALL, to));
    } else if (expression != null) {
      Expressions.columns(expression).forEach(column -> to[column] = FieldUse.ALL);
    }
  }
}
