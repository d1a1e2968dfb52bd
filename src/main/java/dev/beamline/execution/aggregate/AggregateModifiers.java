package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.plan.AggregateCall.Nulls;
import java.util.List;

/**
 * What stands between the parentheses of an aggregate call besides its arguments.
 *
 * @param orderBy types of the ORDER BY expressions
 * @param orderByArgument whether each ORDER BY expression is the first argument; true where there
 *     is none
 * @param nulls IGNORE NULLS or RESPECT NULLS
 */
public record AggregateModifiers(
    boolean distinct, List<Type> orderBy, boolean orderByArgument, boolean limit, Nulls nulls) {

  /** A plain call. */
  public static final AggregateModifiers NONE =
      new AggregateModifiers(false, List.of(), true, false, Nulls.DEFAULT);

  public AggregateModifiers {
    orderBy = List.copyOf(orderBy);
  }

  /** Only DISTINCT. */
  public static AggregateModifiers ofDistinct() {
    return new AggregateModifiers(true, List.of(), true, false, Nulls.DEFAULT);
  }
}
