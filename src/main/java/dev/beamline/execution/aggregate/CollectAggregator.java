package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.RowOrder;
import dev.beamline.execution.row.ValueCodec;
import dev.beamline.execution.row.ValueComparator;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * ARRAY_AGG, STRING_AGG and ARRAY_CONCAT_AGG. The values are in the order that was asked for, and
 * where it leaves a choice, or none was asked for, in their own order: rows that come in another
 * order give the same result. Only over a window, whose rows have an order, are they kept in it.
 */
final class CollectAggregator extends FormattedAggregator<Collected> {

  private static final int COMPACT_AT_LEAST = 64;

  private final Evaluator value;
  private final List<Evaluator> keys;
  private final Comparator<@Nullable Object> order;
  private final Options options;
  private final Function<List<@Nullable Object>, Object> finish;
  private final Collected.Format format;

  /**
   * What the call says.
   *
   * @param nulls whether NULLs are collected
   * @param limit of the collected values; null: all
   * @param arrival whether the order of the rows is the result's
   * @param most how many values of a group are kept
   */
  record Options(
      boolean distinct, boolean nulls, @Nullable Long limit, boolean arrival, int most) {}

  /**
   * @param keys the evaluators of {@code orderBy}
   * @param finish makes the result of the values, of which there is at least one
   */
  CollectAggregator(
      Evaluator value,
      Type type,
      List<SortKey> orderBy,
      List<Evaluator> keys,
      Options options,
      Function<List<@Nullable Object>, Object> finish) {
    this.value = value;
    this.keys = keys;
    this.options = options;
    this.finish = finish;
    Comparator<@Nullable Object> values = ValueComparator.total(type);
    if (keys.isEmpty()) {
      this.order = values;
      this.format = new Collected.Format(ValueCodec.of(type));
    } else {
      this.order = entries(orderBy, values);
      List<Column> columns = new ArrayList<>();
      orderBy.forEach(k -> columns.add(Column.of("", k.expression().type())));
      columns.add(Column.of("", type));
      this.format = new Collected.Format(ValueCodec.of(new StructType(columns)));
    }
  }

  private static Comparator<@Nullable Object> entries(
      List<SortKey> orderBy, Comparator<@Nullable Object> values) {
    List<Comparator<@Nullable Object>> comparators = new ArrayList<>();
    orderBy.forEach(k -> comparators.add(RowOrder.comparator(k)));
    comparators.add(values);
    return (a, b) -> {
      @Nullable Object[] left = fields(a);
      @Nullable Object[] right = fields(b);
      for (int i = 0; i < left.length; i++) {
        int order = comparators.get(i).compare(left[i], right[i]);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  private static @Nullable Object[] fields(@Nullable Object entry) {
    if (entry instanceof Tuple tuple) {
      return tuple.values();
    }
    throw new IllegalStateException("an entry without its keys");
  }

  @Override
  public Collected create() {
    return new Collected(4);
  }

  @Override
  public Collected add(Collected accumulator, Tuple row) {
    Object item = value.evaluate(row);
    if (item == null && !options.nulls) {
      return accumulator;
    }
    if (options.distinct) {
      item = Keys.normalize(item);
    }
    accumulator.add(keys.isEmpty() ? item : entry(row, item));
    compactWhenLarge(accumulator);
    return accumulator;
  }

  private Tuple entry(Tuple row, @Nullable Object item) {
    @Nullable Object[] fields = new @Nullable Object[keys.size() + 1];
    for (int i = 0; i < keys.size(); i++) {
      fields[i] = keys.get(i).evaluate(row);
    }
    fields[keys.size()] = item;
    return Tuple.of(fields);
  }

  @Override
  public Collected merge(Collected accumulator, Collected other) {
    accumulator.addAll(other);
    compactWhenLarge(accumulator);
    return accumulator;
  }

  private void compactWhenLarge(Collected accumulator) {
    if (options.arrival || (!options.distinct && options.limit == null)) {
      accumulator.bound(options.most);
      return;
    }
    int size = accumulator.entries.size();
    if (size >= Math.max(COMPACT_AT_LEAST, accumulator.compactAt)) {
      List<@Nullable Object> kept = chosen(accumulator.entries);
      accumulator.entries.clear();
      accumulator.entries.addAll(kept);
      accumulator.compactAt = 2 * kept.size();
      accumulator.bound(options.most);
    }
  }

  /** The entries that show in the result, in its order. */
  private List<@Nullable Object> chosen(List<@Nullable Object> entries) {
    List<@Nullable Object> chosen = new ArrayList<>(entries);
    if (options.arrival) {
      if (options.distinct) {
        chosen = new ArrayList<>(new LinkedHashSet<>(chosen));
      }
    } else {
      chosen.sort(order);
      if (options.distinct) {
        dropRepeated(chosen);
      }
    }
    Long limit = options.limit;
    return limit != null && limit < chosen.size() ? chosen.subList(0, limit.intValue()) : chosen;
  }

  private void dropRepeated(List<@Nullable Object> sorted) {
    int kept = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (kept == 0 || order.compare(sorted.get(kept - 1), sorted.get(i)) != 0) {
        sorted.set(kept++, sorted.get(i));
      }
    }
    sorted.subList(kept, sorted.size()).clear();
  }

  @Override
  public @Nullable Object result(Collected accumulator) {
    accumulator.requireAll(
        options.most, "add a LIMIT to the call, or group by one more key or a shorter window");
    List<@Nullable Object> chosen = chosen(accumulator.entries);
    if (chosen.isEmpty()) {
      return null;
    }
    if (!keys.isEmpty()) {
      chosen.replaceAll(entry -> fields(entry)[keys.size()]);
    }
    return finish.apply(chosen);
  }

  @Override
  boolean keepsOrder() {
    return options.arrival;
  }

  @Override
  AccumulatorFormat<Collected> format() {
    return format;
  }
}
