package dev.beamline.testing.simulation;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;

/** Passes elements of several inputs on. */
final class FlattenOperation extends Operation {

  FlattenOperation(
      String name,
      List<PCollection<?>> inputs,
      Map<TupleTag<?>, PCollection<?>> outputs,
      Emitter emitter) {
    super(name, inputs, outputs, emitter);
  }

  @Override
  void process(List<WindowedValue<?>> bundle) {
    bundle.forEach(this::emit);
  }
}
