package dev.beamline.report.explain;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.GroupAggregator;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.window.TimeGrid;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/** Counts what the operators of a plan make of the samples, by running them. */
final class SampleStatistics {

  /** More rows than this are not made for a count. */
  private static final long MOST_ROWS = 2_000_000;

  /** Sums are sent this often, about: microseconds. */
  private static final long BUNDLE = 1_000_000;

  private static final int MANY_KEYS = 10;

  private final SourceRows sources;
  private final IdentityHashMap<Plan, Optional<List<Tuple>>> known = new IdentityHashMap<>();

  SampleStatistics(SourceRows sources) {
    this.sources = sources;
  }

  /** The rows of a plan; empty where they are too many to make. */
  Optional<List<Tuple>> rows(Plan plan) {
    Optional<List<Tuple>> rows = known.get(plan);
    if (rows == null) {
      rows =
          explodes(plan)
              ? Optional.empty()
              : Optional.of(new LocalExecutor(sources, ignore()).run(plan));
      known.put(plan, rows);
    }
    return rows;
  }

  private static RowErrors ignore() {
    return (row, error) -> {};
  }

  private boolean explodes(Plan plan) {
    if (plan instanceof Plan.AssignWindows assign) {
      Optional<List<Tuple>> input = rows(assign.input());
      return input.isEmpty() || input.get().size() * (double) fanOut(assign.window()) > MOST_ROWS;
    }
    return plan.inputs().stream().anyMatch(this::explodes);
  }

  /** Into how many windows a row falls, at most. */
  static long fanOut(WindowSpec window) {
    if (window instanceof WindowSpec.Hop hop) {
      return Math.max(1, (hop.size() + hop.period() - 1) / hop.period());
    }
    return window instanceof WindowSpec.Cumulate cumulate ? cumulate.size() / cumulate.step() : 1;
  }

  /**
   * The sums of an aggregate over rows that are put into windows.
   *
   * @param partials sums that are sent where each bundle holds a second of events
   * @param partialBytes of all of them, with their keys
   * @param groups sums that are kept, a key and slice each
   * @param groupBytes of all of them
   * @param results rows of the result, a key and window each
   * @param largest share of the rows that fall to one key, from 0 to 1; 0 where there are few keys
   */
  record Sums(
      long partials,
      double partialBytes,
      long groups,
      double groupBytes,
      double results,
      double largest) {}

  /** Measures an aggregate over windowed rows without making a row for each window. */
  Sums sliced(Plan.Aggregate aggregate, Plan.AssignWindows assign, List<Tuple> rows) {
    if (assign.window() instanceof WindowSpec.Session session) {
      // A session is at least as long as its gap: about one a key and gap.
      return measure(aggregate, rows, assign, time -> Math.floorDiv(time, session.gap()), 1);
    }
    TimeGrid grid = TimeGrid.of(assign.window());
    return measure(aggregate, rows, assign, grid::sliceStart, fanOut(assign.window()));
  }

  private interface Slicer {
    long slice(long micros);
  }

  private static Sums measure(
      Plan.Aggregate aggregate,
      List<Tuple> rows,
      Plan.AssignWindows assign,
      Slicer slicer,
      long fanOut) {
    int width = assign.input().schema().size();
    List<Integer> keys = aggregate.keys().stream().filter(k -> k < width).toList();
    TupleCoder keyCoder =
        TupleCoder.of(keys.stream().map(k -> assign.input().schema().type(k)).toList());
    GroupAggregator sums = GroupAggregator.of(ofRow(aggregate.calls()));
    Map<Tuple, Object[]> partials = new HashMap<>();
    Map<Tuple, Object[]> groups = new HashMap<>();
    Map<Tuple, Long> perKey = new HashMap<>();
    Map<Tuple, List<Long>> slices = new HashMap<>();
    long counted = 0;
    for (Tuple bare : rows) {
      if (!(bare.get(assign.timeColumn()) instanceof Long time)) {
        continue;
      }
      Tuple key = key(bare, keys);
      long slice = slicer.slice(time);
      Tuple row = inWindow(bare, slice);
      add(sums, partials, Tuple.of(key, slice, Math.floorDiv(time, BUNDLE)), row);
      if (add(sums, groups, Tuple.of(key, slice), row)) {
        slices.computeIfAbsent(key, k -> new ArrayList<>()).add(slice);
      }
      perKey.merge(key, 1L, Long::sum);
      counted++;
    }
    long most = perKey.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new Sums(
        partials.size(),
        bytes(partials, sums, keyCoder),
        groups.size(),
        bytes(groups, sums, keyCoder),
        results(assign.window(), slices, fanOut),
        share(perKey.size(), most, counted));
  }

  /** Of few keys one always has much. */
  private static double share(int keys, long most, long all) {
    return keys < MANY_KEYS ? 0 : most / (double) all;
  }

  /** Windows that hold any of a key's slices, of all keys together. */
  private static double results(WindowSpec window, Map<Tuple, List<Long>> slices, long fanOut) {
    double results = 0;
    for (List<Long> ofKey : slices.values()) {
      if (window instanceof WindowSpec.Hop hop) {
        List<Long> sorted = ofKey.stream().sorted().toList();
        long end = Long.MIN_VALUE;
        for (long slice : sorted) {
          long first = Math.max(end, slice);
          results += Math.max(0, slice + hop.size() - first) / (double) hop.period();
          end = slice + hop.size();
        }
      } else if (window instanceof WindowSpec.Cumulate) {
        results += ofKey.size() * (fanOut + 1) / 2.0;
      } else {
        results += ofKey.size();
      }
    }
    return results;
  }

  /** GROUPING needs no row. */
  private static List<AggregateCall> ofRow(List<AggregateCall> calls) {
    return calls.stream().filter(call -> !call.function().equals("GROUPING")).toList();
  }

  /** With the window's columns, which some call may read: any window does for a measure. */
  private static Tuple inWindow(Tuple row, long slice) {
    @Nullable Object[] values = Arrays.copyOf(row.values(), row.size() + 2);
    values[row.size()] = slice;
    values[row.size() + 1] = slice;
    return Tuple.of(values);
  }

  /** Sums by columns of the input, for an aggregate without windows of its own. */
  Sums grouped(Plan.Aggregate aggregate, List<Tuple> rows) {
    Schema schema = aggregate.input().schema();
    TupleCoder keyCoder = TupleCoder.of(aggregate.keys().stream().map(schema::type).toList());
    GroupAggregator sums = GroupAggregator.of(ofRow(aggregate.calls()));
    Map<Tuple, Object[]> groups = new HashMap<>();
    Map<Tuple, Long> perKey = new HashMap<>();
    for (Tuple row : rows) {
      Tuple key = key(row, aggregate.keys());
      add(sums, groups, Tuple.of(key), row);
      perKey.merge(key, 1L, Long::sum);
    }
    double bytes = bytes(groups, sums, keyCoder);
    long most = perKey.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new Sums(
        groups.size(),
        bytes,
        groups.size(),
        bytes,
        groups.size(),
        share(perKey.size(), most, rows.size()));
  }

  private static Tuple key(Tuple row, List<Integer> keys) {
    @Nullable Object[] values = new @Nullable Object[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Keys.normalize(row.get(keys.get(i)));
    }
    return Tuple.of(values);
  }

  private static boolean add(
      GroupAggregator sums, Map<Tuple, Object[]> groups, Tuple group, Tuple row) {
    Object[] sum = groups.get(group);
    boolean added = sum == null;
    if (sum == null) {
      sum = sums.create();
    }
    try {
      groups.put(group, sums.add(sum, row));
    } catch (dev.beamline.execution.expression.EvaluationException e) {
      // A run refuses the row, too.
      groups.putIfAbsent(group, sum);
    }
    return added;
  }

  private static double bytes(
      Map<Tuple, Object[]> groups, GroupAggregator sums, TupleCoder keyCoder) {
    Counting counting = new Counting();
    Coder<Object[]> coder = sums.coder();
    try {
      for (Map.Entry<Tuple, Object[]> group : groups.entrySet()) {
        keyCoder.encode((Tuple) java.util.Objects.requireNonNull(group.getKey().get(0)), counting);
        coder.encode(group.getValue(), counting);
        counting.count += 2L * Long.BYTES;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counting.count;
  }

  /** Bytes of rows as they are sent. */
  static double bytes(Schema schema, List<Tuple> rows) {
    Counting counting = new Counting();
    TupleCoder coder = TupleCoder.of(schema);
    try {
      for (Tuple row : rows) {
        coder.encode(row, counting);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counting.count;
  }

  /**
   * The length of the sample of the sources that a plan reads, in days of event time; empty where
   * none of them has an event time.
   */
  Optional<Double> days(Plan plan) {
    long[] range = {Long.MAX_VALUE, Long.MIN_VALUE};
    Plans.forEach(
        plan,
        node -> {
          if (node instanceof Plan.Scan scan && scan.eventTime() >= 0) {
            for (Tuple row : rows(scan).orElse(List.of())) {
              if (row.get(scan.eventTime()) instanceof Long time) {
                range[0] = Math.min(range[0], time);
                range[1] = Math.max(range[1], time);
              }
            }
          }
        });
    return range[0] > range[1]
        ? Optional.empty()
        : Optional.of(Math.max(60e6, (double) (range[1] - range[0])) / 86_400e6);
  }

  private static final class Counting extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      count += length;
    }
  }
}
