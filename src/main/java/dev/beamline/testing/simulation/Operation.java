package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.joda.time.Instant;

/** A primitive transform of the graph, running. Times are milliseconds since the epoch. */
abstract class Operation {

  static final long FIRST = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  static final long LAST = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

  private final String name;
  private final List<PCollection<?>> inputs;
  private final Map<TupleTag<?>, PCollection<?>> outputs;
  private final List<WindowedValue<?>> waiting = new ArrayList<>();
  private final Emitter emitter;
  private final MetricsContainerImpl metrics;
  private long inputWatermark = FIRST;
  private long outputWatermark = FIRST;

  /** Who takes what operations send. */
  interface Emitter {
    void emit(PCollection<?> collection, WindowedValue<?> element);
  }

  Operation(
      String name,
      List<PCollection<?>> inputs,
      Map<TupleTag<?>, PCollection<?>> outputs,
      Emitter emitter) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
    this.outputs = Map.copyOf(outputs);
    this.emitter = emitter;
    this.metrics = new MetricsContainerImpl(name);
  }

  final String name() {
    return name;
  }

  /** What it reads, side inputs included. */
  final List<PCollection<?>> inputs() {
    return inputs;
  }

  final Map<TupleTag<?>, PCollection<?>> outputs() {
    return outputs;
  }

  final void emit(TupleTag<?> tag, WindowedValue<?> element) {
    PCollection<?> collection = outputs.get(tag);
    if (collection != null) {
      emitter.emit(collection, element);
    }
  }

  /** Of a transform with one output. */
  final void emit(WindowedValue<?> element) {
    outputs.values().forEach(collection -> emitter.emit(collection, element));
  }

  final void enqueue(WindowedValue<?> element) {
    waiting.add(element);
  }

  final boolean hasWaiting() {
    return !waiting.isEmpty() && ready();
  }

  /** Processes all that waits as one bundle. */
  final void processWaiting() {
    List<WindowedValue<?>> bundle = List.copyOf(waiting);
    waiting.clear();
    measured(
        () -> {
          process(bundle);
          return true;
        });
  }

  /** Does what the watermark asks for, as {@link #onWatermark}. */
  final boolean fireWatermark() {
    return measured(this::onWatermark);
  }

  /** Does what the clock asks for, as {@link #onClock}. */
  final boolean fireClock() {
    return measured(this::onClock);
  }

  /** What its function has counted. */
  final MetricsContainerImpl metrics() {
    return metrics;
  }

  private boolean measured(BooleanSupplier work) {
    MetricsContainer outer = MetricsEnvironment.setCurrentContainer(metrics);
    try {
      return work.getAsBoolean();
    } finally {
      MetricsEnvironment.setCurrentContainer(outer);
    }
  }

  /** Whether it can take elements: its side inputs are there. */
  boolean ready() {
    return true;
  }

  abstract void process(List<WindowedValue<?>> bundle);

  final long inputWatermark() {
    return inputWatermark;
  }

  final Instant inputWatermarkInstant() {
    return Instant.ofEpochMilli(inputWatermark);
  }

  final long outputWatermark() {
    return outputWatermark;
  }

  /** No more elements are expected before the time; never goes back. */
  final void advanceInput(long watermark) {
    inputWatermark = Math.max(inputWatermark, watermark);
  }

  /** Lets the output's watermark follow the input's as far as the operation allows. */
  final void advanceOutput() {
    long held = waiting.isEmpty() ? LAST : FIRST;
    outputWatermark =
        Math.max(outputWatermark, Math.min(held, Math.min(inputWatermark, earliestHold())));
  }

  /**
   * The earliest time that elements may still be sent with; {@link #LAST} where nothing is held.
   */
  long earliestHold() {
    return LAST;
  }

  /** Whether timers wait that the watermark has passed. */
  boolean firesByWatermark() {
    return false;
  }

  /**
   * Does what the watermark asks for.
   *
   * @return whether anything was done, so that there may be more
   */
  boolean onWatermark() {
    return false;
  }

  /** Does what the clock asks for. */
  boolean onClock() {
    return false;
  }

  void close() {
    // Most have nothing to give back.
  }
}
