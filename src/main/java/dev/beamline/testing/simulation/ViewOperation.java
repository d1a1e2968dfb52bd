package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/** Collects a side input, which is there once its input has ended. */
final class ViewOperation extends Operation {

  private final PCollectionView<?> view;
  private final Views views;
  private @Nullable List<Object> values = new ArrayList<>();

  ViewOperation(
      String name,
      PCollectionView<?> view,
      List<PCollection<?>> inputs,
      Map<TupleTag<?>, PCollection<?>> outputs,
      Views views,
      Emitter emitter) {
    super(name, inputs, outputs, emitter);
    this.view = view;
    this.views = views;
    views.declare(view);
  }

  @Override
  void process(List<WindowedValue<?>> bundle) {
    List<Object> collected = values;
    if (collected == null) {
      throw new IllegalStateException(name() + ": an element after the end");
    }
    bundle.forEach(element -> collected.add(element.getValue()));
  }

  @Override
  boolean onWatermark() {
    List<Object> collected = values;
    if (collected == null || inputWatermark() < LAST) {
      return false;
    }
    views.set(view, collected);
    values = null;
    return true;
  }
}
