package dev.beamline.plan;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate function over the rows of a group.
 *
 * @param function canonical upper-case name: SUM, COUNT (no argument counts rows), STRING_AGG ...
 * @param arguments over the input row, already coerced; constants (a separator, a number of
 *     quantiles) are {@link Expression.Literal}s
 * @param distinct only the different values of the first argument count
 * @param filter only rows where this is TRUE count; null: all
 * @param having of the rows that count, only those with the greatest or least value; null: all
 * @param nulls whether NULL arguments are seen, for the functions that can choose
 * @param limit how many rows of the order at most; null: all
 */
public record AggregateCall(
    String function,
    List<Expression> arguments,
    boolean distinct,
    @Nullable Expression filter,
    @Nullable Having having,
    List<SortKey> orderBy,
    @Nullable Long limit,
    Nulls nulls,
    Type type,
    Place place)
    implements Serializable {

  /**
   * HAVING MAX and HAVING MIN: rows where the value is NULL do not count, and none does where the
   * greatest or least value is NaN.
   */
  public record Having(Expression value, boolean max) implements Serializable {}

  /** How NULL arguments are treated. */
  public enum Nulls {
    DEFAULT,
    IGNORE,
    RESPECT
  }

  public AggregateCall {
    arguments = List.copyOf(arguments);
    orderBy = List.copyOf(orderBy);
  }

  /** All that it evaluates over the input row. */
  public List<Expression> expressions() {
    List<Expression> all = new ArrayList<>(arguments);
    if (filter != null) {
      all.add(filter);
    }
    if (having != null) {
      all.add(having.value());
    }
    orderBy.forEach(key -> all.add(key.expression()));
    return all;
  }

  /** A call without HAVING MAX or HAVING MIN. */
  public AggregateCall(
      String function,
      List<Expression> arguments,
      boolean distinct,
      @Nullable Expression filter,
      List<SortKey> orderBy,
      @Nullable Long limit,
      Nulls nulls,
      Type type,
      Place place) {
    this(function, arguments, distinct, filter, null, orderBy, limit, nulls, type, place);
  }
}
