package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.beam.sdk.values.WindowingStrategy;

/** A GroupByKey in the global window: groups come out when the input has ended. */
final class GroupByKeyOperation extends Operation {

  private final Coder<Object> keyCoder;
  private final Map<Object, Group> groups = new LinkedHashMap<>();

  private record Group(Object key, List<Object> values) {}

  @SuppressWarnings("unchecked") // Types of a graph are checked when it is built.
  GroupByKeyOperation(
      String name,
      PCollection<?> input,
      Map<TupleTag<?>, PCollection<?>> outputs,
      Emitter emitter) {
    super(name, List.of(input), outputs, emitter);
    WindowingStrategy<?, ?> windowing = input.getWindowingStrategy();
    if (!(windowing.getWindowFn() instanceof GlobalWindows)
        || !(windowing.getTrigger() instanceof DefaultTrigger)) {
      throw new UnsupportedOperationException(name + " groups by " + windowing);
    }
    this.keyCoder = (Coder<Object>) ((KvCoder<?, ?>) input.getCoder()).getKeyCoder();
  }

  @Override
  void process(List<WindowedValue<?>> bundle) {
    for (WindowedValue<?> element : bundle) {
      KV<?, ?> pair = (KV<?, ?>) element.getValue();
      Object key = pair.getKey();
      groups
          .computeIfAbsent(
              key == null ? KV.of(null, null) : keyCoder.structuralValue(key),
              k -> new Group(key == null ? KV.of(null, null) : key, new ArrayList<>()))
          .values()
          .add(Objects.requireNonNull(pair.getValue()));
    }
  }

  @Override
  long earliestHold() {
    return groups.isEmpty() ? LAST : GlobalWindow.INSTANCE.maxTimestamp().getMillis();
  }

  @Override
  boolean onWatermark() {
    if (groups.isEmpty() || inputWatermark() < LAST) {
      return false;
    }
    List<Group> all = List.copyOf(groups.values());
    groups.clear();
    for (Group group : all) {
      Object key = group.key() instanceof KV ? null : group.key();
      emit(
          WindowedValues.of(
              KV.of(key, (Iterable<Object>) group.values()),
              GlobalWindow.INSTANCE.maxTimestamp(),
              GlobalWindow.INSTANCE,
              PaneInfo.ON_TIME_AND_ONLY_FIRING));
    }
    return true;
  }
}
