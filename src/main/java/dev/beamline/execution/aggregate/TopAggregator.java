package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.ValueCodec;
import dev.beamline.execution.row.ValueComparator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * APPROX_TOP_COUNT and APPROX_TOP_SUM: the values with the largest counts or sums of weights, the
 * larger first, ties by value; NULL is a value, too. Exact while there are at most {@value #MAX}
 * different values; beyond that those of the smallest counts are forgotten now and then.
 *
 * @param <A> what is kept for each value
 */
final class TopAggregator<A> extends FormattedAggregator<TopAggregator.Tops<A>> {

  private static final int MAX = 131_072;
  private static final int KEPT = MAX / 2;

  private final Evaluator value;
  private final @Nullable Evaluator weight;
  private final FormattedAggregator<A> sums;
  private final int number;
  private final Comparator<Map.Entry<@Nullable Object, A>> order;
  private final ValueCodec codec;

  /**
   * @param weight null: each row weighs 1
   * @param sums the sum of the weights or the count of rows
   * @param sumOrder of what {@code sums} results in
   */
  TopAggregator(
      Evaluator value,
      Type type,
      @Nullable Evaluator weight,
      FormattedAggregator<A> sums,
      Comparator<@Nullable Object> sumOrder,
      int number) {
    this.value = value;
    this.weight = weight;
    this.sums = sums;
    this.number = number;
    this.codec = ValueCodec.of(type);
    Comparator<@Nullable Object> values = ValueComparator.total(type);
    this.order =
        (a, b) -> {
          int larger = sumOrder.compare(sums.result(b.getValue()), sums.result(a.getValue()));
          return larger != 0 ? larger : values.compare(a.getKey(), b.getKey());
        };
  }

  @Override
  public Tops<A> create() {
    return new Tops<>();
  }

  @Override
  boolean refusesValues() {
    return weight != null;
  }

  @Override
  void check(Tuple row) {
    if (weight != null) {
      requireWeight(weight.evaluate(row));
    }
  }

  @Override
  public Tops<A> add(Tops<A> accumulator, Tuple row) {
    check(row);
    Object key = Keys.normalize(value.evaluate(row));
    accumulator.byValue.put(key, sums.add(sum(accumulator, key), row));
    forgetWhenLarge(accumulator);
    return accumulator;
  }

  private static void requireWeight(@Nullable Object weight) {
    if (weight instanceof Number n && !(n.doubleValue() >= 0)) {
      throw new EvaluationException(
          "The weight in APPROX_TOP_SUM must not be negative or NaN; it is " + weight);
    }
  }

  private A sum(Tops<A> accumulator, @Nullable Object key) {
    A sum = accumulator.byValue.get(key);
    return sum == null ? sums.create() : sum;
  }

  @Override
  public Tops<A> merge(Tops<A> accumulator, Tops<A> other) {
    other.byValue.forEach(
        (key, sum) -> accumulator.byValue.put(key, sums.merge(sum(accumulator, key), sum)));
    forgetWhenLarge(accumulator);
    return accumulator;
  }

  private void forgetWhenLarge(Tops<A> accumulator) {
    if (accumulator.byValue.size() > MAX) {
      List<Map.Entry<@Nullable Object, A>> sorted = sorted(accumulator);
      sorted
          .subList(KEPT, sorted.size())
          .forEach(entry -> accumulator.byValue.remove(entry.getKey()));
    }
  }

  private List<Map.Entry<@Nullable Object, A>> sorted(Tops<A> accumulator) {
    List<Map.Entry<@Nullable Object, A>> sorted = new ArrayList<>(accumulator.byValue.entrySet());
    sorted.sort(order);
    return sorted;
  }

  @Override
  public @Nullable Object result(Tops<A> accumulator) {
    if (accumulator.byValue.isEmpty()) {
      return null;
    }
    List<Map.Entry<@Nullable Object, A>> sorted = sorted(accumulator);
    List<Tuple> top = new ArrayList<>();
    for (Map.Entry<@Nullable Object, A> entry :
        sorted.subList(0, Math.min(number, sorted.size()))) {
      top.add(Tuple.of(entry.getKey(), sums.result(entry.getValue())));
    }
    return Collections.unmodifiableList(top);
  }

  @Override
  AccumulatorFormat<Tops<A>> format() {
    return new Format<>(codec, sums.format());
  }

  /** What was summed for each value. */
  static final class Tops<A> {
    private final Map<@Nullable Object, A> byValue = new HashMap<>();
  }

  private record Format<A>(ValueCodec values, AccumulatorFormat<A> sums)
      implements AccumulatorFormat<Tops<A>> {
    @Override
    public void write(Tops<A> tops, ByteWriter out) {
      out.writeVarLong(tops.byValue.size());
      tops.byValue.forEach(
          (value, sum) -> {
            values.writeNullable(value, out);
            sums.write(sum, out);
          });
    }

    @Override
    public Tops<A> read(ByteReader in) {
      Tops<A> tops = new Tops<>();
      int size = in.readLength();
      for (int i = 0; i < size; i++) {
        Object value = values.readNullable(in);
        tops.byValue.put(value, sums.read(in));
      }
      return tops;
    }
  }
}
