package dev.beamline.testing.simulation;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where elements enter the graph: the rows of a source, or values that stand in the graph. */
final class InputOperation extends Operation {

  private final @Nullable String source;

  /**
   * @param source null: values that stand in the graph
   */
  InputOperation(
      String name,
      @Nullable String source,
      Map<TupleTag<?>, PCollection<?>> outputs,
      Emitter emitter) {
    super(name, List.of(), outputs, emitter);
    this.source = source;
  }

  @Nullable String source() {
    return source;
  }

  void add(Object value, Instant timestamp) {
    enqueue(WindowedValues.timestampedValueInGlobalWindow(value, timestamp));
  }

  @Override
  void process(List<WindowedValue<?>> bundle) {
    bundle.forEach(this::emit);
  }
}
