package dev.beamline.execution.row;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.Ordering;
import dev.beamline.plan.Expression;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The order that a list of sort keys gives to rows. The keys of a row are computed once, by {@link
 * #keys}, and compared often.
 */
public final class RowOrder {

  private final Evaluator[] expressions;
  private final List<Comparator<@Nullable Object>> comparators;

  private RowOrder(Evaluator[] expressions, List<Comparator<@Nullable Object>> comparators) {
    this.expressions = expressions;
    this.comparators = comparators;
  }

  public static RowOrder of(List<SortKey> keys, Function<Expression, Evaluator> compiler) {
    return new RowOrder(
        keys.stream().map(k -> compiler.apply(k.expression())).toArray(Evaluator[]::new),
        keys.stream().map(RowOrder::comparator).toList());
  }

  /** How many keys there are. */
  public int size() {
    return expressions.length;
  }

  public @Nullable Object[] keys(Tuple row) {
    @Nullable Object[] keys = new @Nullable Object[expressions.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = expressions[i].evaluate(row);
    }
    return keys;
  }

  /** Compares keys; 0 means that the rows are peers. */
  public int compare(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < comparators.size(); i++) {
      int order = comparators.get(i).compare(a[i], b[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * Rows with their keys, sorted; ties in the order of all columns, so that it is always the same.
   */
  public List<Keyed> sort(Iterable<Tuple> rows, Schema schema) {
    List<Keyed> keyed = new ArrayList<>();
    for (Tuple row : rows) {
      keyed.add(new Keyed(keys(row), row));
    }
    keyed.sort(comparator(schema));
    return keyed;
  }

  /** The same order as {@link #sort}'s. */
  public Comparator<Keyed> comparator(Schema schema) {
    Comparator<Tuple> ties = ValueComparator.rows(schema);
    return (a, b) -> {
      int order = compare(a.keys(), b.keys());
      return order != 0 ? order : ties.compare(a.row(), b.row());
    };
  }

  /** Compares values of one key, with NULL where it says. */
  public static Comparator<@Nullable Object> comparator(SortKey key) {
    Comparator<Object> values = Ordering.of(key.expression().type());
    int sign = key.descending() ? -1 : 1;
    int nulls = key.nullsFirst() ? -1 : 1;
    return (a, b) -> {
      if (a == null || b == null) {
        return a == b ? 0 : a == null ? nulls : -nulls;
      }
      return sign * values.compare(a, b);
    };
  }

  /** A row and the values of its sort keys. */
  public record Keyed(@Nullable Object[] keys, Tuple row) {}
}
