package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.GroupAggregator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over each row's frame, in the cheapest way that the frames and the function allow:
 * once for all rows, running, running backwards, sliding by taking rows back, sliding over partial
 * sums; else each frame for itself.
 */
final class FramedAggregate {

  private final GroupAggregator aggregator;
  private final List<Tuple> rows;
  private final int[] start;
  private final int[] end;
  private final @Nullable Object[] results;

  private FramedAggregate(GroupAggregator aggregator, List<Tuple> rows, Frames frames) {
    this.aggregator = aggregator;
    this.rows = rows;
    this.start = frames.start();
    this.end = frames.end();
    this.results = new @Nullable Object[rows.size()];
  }

  /**
   * The results of an aggregator of one call.
   *
   * @param rows what the call reads of each row of the partition
   */
  static @Nullable Object[] compute(GroupAggregator aggregator, List<Tuple> rows, Frames frames) {
    FramedAggregate framed = new FramedAggregate(aggregator, rows, frames);
    framed.run();
    return framed.results;
  }

  private void run() {
    int n = rows.size();
    if (n == 0) {
      return;
    }
    boolean fromFirst = start[n - 1] == 0;
    boolean toLast = end[0] == n;
    if (fromFirst) {
      running();
    } else if (toLast && aggregator.ordersNothing()) {
      backwards();
    } else if (aggregator.removes()) {
      sliding();
    } else if (aggregator.smallAccumulators()) {
      slidingOverPartials();
    } else {
      eachAlone();
    }
  }

  private @Nullable Object result(Object[] accumulators) {
    return aggregator.result(accumulators).get(0);
  }

  /** Frames that all start with the first row; those of peers are the same. */
  private void running() {
    Object[] accumulators = aggregator.create();
    int added = 0;
    for (int i = 0; i < results.length; i++) {
      if (i > 0 && end[i] == end[i - 1]) {
        results[i] = results[i - 1];
        continue;
      }
      while (added < end[i]) {
        accumulators = aggregator.add(accumulators, rows.get(added++));
      }
      results[i] = result(accumulators);
    }
  }

  /** Frames that all end with the last row. */
  private void backwards() {
    Object[] accumulators = aggregator.create();
    int first = rows.size();
    for (int i = results.length - 1; i >= 0; i--) {
      if (i < results.length - 1 && start[i] == start[i + 1]) {
        results[i] = results[i + 1];
        continue;
      }
      while (first > start[i]) {
        accumulators = aggregator.add(accumulators, rows.get(--first));
      }
      results[i] = result(accumulators);
    }
  }

  private void sliding() {
    Object[] accumulators = aggregator.create();
    int first = 0;
    int added = 0;
    for (int i = 0; i < results.length; i++) {
      if (i > 0 && start[i] == start[i - 1] && end[i] == end[i - 1]) {
        results[i] = results[i - 1];
        continue;
      }
      while (added < end[i]) {
        accumulators = aggregator.add(accumulators, rows.get(added++));
      }
      while (first < start[i]) {
        if (first < added) {
          aggregator.remove(accumulators, rows.get(first));
        } else {
          added++;
        }
        first++;
      }
      results[i] = result(accumulators);
    }
  }

  /**
   * Two stacks make a queue: the rows that came last are one sum; for those before them there is a
   * sum from each row to the end of its half. Each row is summed twice at most.
   */
  private void slidingOverPartials() {
    Object[] @Nullable [] suffixes = new Object[rows.size()][];
    int half = 0;
    int added = 0;
    Object[] recent = aggregator.create();
    for (int i = 0; i < results.length; i++) {
      int from = start[i];
      int to = end[i];
      if (from >= to) {
        results[i] = result(aggregator.create());
        continue;
      }
      if (added < from) {
        added = from;
        half = from;
        recent = aggregator.create();
      }
      while (added < to) {
        recent = aggregator.add(recent, rows.get(added++));
      }
      if (from >= half) {
        half = added;
        Object[] sum = aggregator.create();
        for (int row = added - 1; row >= from; row--) {
          Object[] longer = aggregator.add(aggregator.create(), rows.get(row));
          sum = aggregator.merge(longer, sum);
          suffixes[row] = sum;
        }
        recent = aggregator.create();
      }
      Object[] suffix = suffixes[from];
      Object[] all = aggregator.create();
      if (suffix != null) {
        all = aggregator.merge(all, suffix);
      }
      results[i] = result(aggregator.merge(all, recent));
    }
  }

  private void eachAlone() {
    for (int i = 0; i < results.length; i++) {
      if (i > 0 && start[i] == start[i - 1] && end[i] == end[i - 1]) {
        results[i] = results[i - 1];
        continue;
      }
      Object[] accumulators = aggregator.create();
      for (int row = start[i]; row < end[i]; row++) {
        accumulators = aggregator.add(accumulators, rows.get(row));
      }
      results[i] = result(accumulators);
    }
  }
}
