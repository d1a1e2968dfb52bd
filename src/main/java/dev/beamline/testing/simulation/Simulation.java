package dev.beamline.testing.simulation;

import dev.beamline.catalog.Tuple;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.beam.runners.core.metrics.MetricUpdates.MetricUpdate;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHints;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.WindowedValue;
import org.joda.time.Instant;

/**
 * A Beam graph that runs in the caller's thread, as far as the caller says: it does what Beam's
 * model says of bundles, watermarks, state and timers, and each call returns when all that it
 * caused is done. It knows the primitive transforms that Beamline's graphs are made of, in the
 * global window; others are an {@link UnsupportedOperationException}. Sources are {@link
 * SimulatedSource}s.
 *
 * <p>The clock starts at zero. Timers that are set for the time that the clock shows fire by {@link
 * #settle}, upstream first; others once the clock is past their time.
 */
public final class Simulation implements Closeable {

  private final List<Operation> operations;
  private final IdentityHashMap<PCollection<?>, List<Operation>> consumers =
      new IdentityHashMap<>();
  private final IdentityHashMap<PCollection<?>, Operation> producers = new IdentityHashMap<>();
  private final IdentityHashMap<PCollection<?>, List<Consumer<Object>>> listeners =
      new IdentityHashMap<>();
  private final Map<String, InputOperation> sources = new LinkedHashMap<>();
  private long now;

  /** Reads a graph. Values that stand in it go in with the first call that moves anything. */
  public Simulation(Pipeline pipeline) {
    MetricsEnvironment.setMetricsSupported(true);
    this.operations = new GraphReader(new Views(), () -> now, this::emit).read(pipeline);
    for (Operation operation : operations) {
      operation.inputs().forEach(input -> consumers(input).add(operation));
      operation.outputs().values().forEach(output -> producers.put(output, operation));
      if (operation instanceof InputOperation input) {
        String source = input.source();
        if (source == null) {
          input.advanceInput(Operation.LAST);
        } else {
          sources.put(source, input);
        }
      }
    }
  }

  /** An empty graph to build and then to simulate; no runner stands behind it. */
  public static Pipeline pipeline() {
    return Pipeline.forTransformHierarchy(
        new TransformHierarchy(ResourceHints.create()), SimulationOptions.create());
  }

  private List<Operation> consumers(PCollection<?> collection) {
    return consumers.computeIfAbsent(collection, c -> new ArrayList<>(1));
  }

  private void emit(PCollection<?> collection, WindowedValue<?> element) {
    for (Operation operation : consumers.getOrDefault(collection, List.of())) {
      operation.enqueue(element);
    }
    for (Consumer<Object> listener : listeners.getOrDefault(collection, List.of())) {
      listener.accept(element.getValue());
    }
  }

  /**
   * Hands each element of a collection to a listener, in the order in which they come.
   *
   * @param <T> of the collection's elements
   */
  @SuppressWarnings("unchecked") // A collection's elements are of its type.
  public <T> void listen(PCollection<T> collection, Consumer<T> listener) {
    listeners
        .computeIfAbsent(collection, c -> new ArrayList<>(1))
        .add(element -> listener.accept((T) element));
  }

  /** Whether the graph reads a source. */
  public boolean reads(String source) {
    return sources.containsKey(source);
  }

  /**
   * Rows arrive at a source, in one bundle.
   *
   * @param eventTime column of their event time; -1: they have none
   */
  public void add(String source, List<Tuple> rows, int eventTime) {
    InputOperation input = input(source);
    for (Tuple row : rows) {
      long millis =
          eventTime >= 0 && row.get(eventTime) instanceof Long micros
              ? Math.max(Operation.FIRST, Math.min(Operation.LAST, Math.floorDiv(micros, 1000L)))
              : Operation.FIRST;
      input.add(row, Instant.ofEpochMilli(millis));
    }
    drain();
  }

  /** The watermark of a source moves; never back. */
  public void watermark(String source, java.time.Instant to) {
    long millis =
        to.compareTo(java.time.Instant.ofEpochMilli(Operation.LAST)) >= 0
            ? Operation.LAST
            : Math.max(Operation.FIRST, to.toEpochMilli());
    input(source).advanceInput(millis);
    flow();
  }

  /** The watermark of a source moves to the end of time: it has no more rows. */
  public void end(String source) {
    watermark(source, java.time.Instant.MAX);
  }

  /** The clock goes on. */
  public void clock(Duration by) {
    now += by.toMillis();
    settle();
  }

  /** Does all that is due by the clock, until nothing is left to do. */
  public void settle() {
    flow();
    while (fireClocks()) {
      flow();
    }
  }

  /** The timers of one operation; those of later ones wait for what it sends. */
  private boolean fireClocks() {
    for (Operation operation : operations) {
      if (operation.fireClock()) {
        return true;
      }
    }
    return false;
  }

  /** The counters of Beamline's metrics, by name: {@code KIND:NAME}. */
  public Map<String, Long> counters() {
    Map<String, Long> counters = new TreeMap<>();
    operations.forEach(operation -> count(operation, counters));
    return counters;
  }

  private static void count(Operation operation, Map<String, Long> counters) {
    for (MetricUpdate<Long> counter : operation.metrics().getCumulative().counterUpdates()) {
      counters.merge(counter.getKey().metricName().getName(), counter.getUpdate(), Long::sum);
    }
  }

  /**
   * How many rows were counted so, where a row that several steps count is one: for each set of
   * sources the most that one step has counted.
   *
   * @param kind of counters, before the colon
   */
  public long rows(String kind) {
    IdentityHashMap<Operation, Set<String>> readBy = new IdentityHashMap<>();
    Map<Set<String>, Long> most = new HashMap<>();
    for (Operation operation : operations) {
      Set<String> from = new TreeSet<>();
      if (operation instanceof InputOperation input && input.source() != null) {
        from.add(input.source());
      }
      for (PCollection<?> collection : operation.inputs()) {
        from.addAll(readBy.getOrDefault(producers.get(collection), Set.of()));
      }
      readBy.put(operation, from);
      Map<String, Long> counters = new TreeMap<>();
      count(operation, counters);
      long counted =
          counters.entrySet().stream()
              .filter(counter -> counter.getKey().startsWith(kind + ":"))
              .mapToLong(Map.Entry::getValue)
              .sum();
      most.merge(from, counted, Math::max);
    }
    return most.values().stream().mapToLong(Long::longValue).sum();
  }

  private InputOperation input(String source) {
    InputOperation input = sources.get(source);
    if (input == null) {
      throw new IllegalArgumentException("the graph does not read " + source);
    }
    return input;
  }

  /** Lets elements go as far as they go; upstream first, so that bundles meet. */
  private void drain() {
    boolean again = true;
    while (again) {
      again = false;
      for (Operation operation : operations) {
        if (operation.hasWaiting()) {
          operation.processWaiting();
          again = true;
        }
      }
    }
  }

  /** Lets elements and watermarks go as far as they go. */
  private void flow() {
    drain();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      operation.advanceInput(inputWatermark(operation));
      if (operation.firesByWatermark()) {
        // A runner lets the watermark go on to where the timers hold it before they fire: what they
        // send has to be in time there.
        advance(i);
      }
      // What a timer sends comes before the watermark that fired it moves on.
      while (operation.fireWatermark()) {
        drain();
      }
      operation.advanceOutput();
    }
    drain();
  }

  /** Lets watermarks go as far as timers allow, without any that fires, from an operation on. */
  private void advance(int from) {
    for (Operation operation : operations.subList(from, operations.size())) {
      operation.advanceInput(inputWatermark(operation));
      operation.advanceOutput();
    }
  }

  private long inputWatermark(Operation operation) {
    long watermark = operation.inputs().isEmpty() ? operation.inputWatermark() : Operation.LAST;
    for (PCollection<?> input : operation.inputs()) {
      Operation producer = producers.get(input);
      if (producer != null) {
        watermark = Math.min(watermark, producer.outputWatermark());
      }
    }
    return watermark;
  }

  @Override
  public void close() {
    operations.forEach(Operation::close);
  }
}
