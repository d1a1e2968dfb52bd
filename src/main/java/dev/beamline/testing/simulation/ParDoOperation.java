package dev.beamline.testing.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.beam.runners.core.DoFnRunner;
import org.apache.beam.runners.core.DoFnRunners;
import org.apache.beam.runners.core.InMemoryStateInternals;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StepContext;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFnSchemaInformation;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.WindowedValueMultiReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * A ParDo, with state and timers where its function has them. Elements are in the global window.
 */
final class ParDoOperation extends Operation {

  private final DoFn<Object, Object> fn;
  private final DoFnRunner<Object, Object> runner;
  private final @Nullable Coder<Object> keyCoder;
  private final KeyedTimers timers;
  private final Views views;
  private final List<PCollectionView<?>> sideInputs;
  private final Map<Object, StateInternals> states = new HashMap<>();
  private @Nullable StateInternals currentState;
  private @Nullable TimerInternals currentTimers;

  @SuppressWarnings("unchecked") // Types of a graph are checked when it is built.
  ParDoOperation(
      String name,
      ParDo.MultiOutput<?, ?> transform,
      PCollection<?> input,
      List<PCollection<?>> inputs,
      Map<TupleTag<?>, PCollection<?>> outputs,
      PipelineOptions options,
      Views views,
      LongSupplier clock,
      Emitter emitter) {
    super(name, inputs, outputs, emitter);
    this.fn = (DoFn<Object, Object>) transform.getFn();
    this.views = views;
    this.sideInputs = List.copyOf(transform.getSideInputs().values());
    this.timers = new KeyedTimers(this::inputWatermark, this::outputWatermark, clock);
    DoFnSignature signature = DoFnSignatures.getSignature(fn.getClass());
    boolean stateful = signature.usesState() || signature.usesTimers();
    Coder<Object> inputCoder = (Coder<Object>) input.getCoder();
    this.keyCoder =
        stateful ? (Coder<Object>) ((KvCoder<?, ?>) input.getCoder()).getKeyCoder() : null;
    Map<TupleTag<?>, Coder<?>> coders = new LinkedHashMap<>();
    outputs.forEach((tag, collection) -> coders.put(tag, collection.getCoder()));
    DoFnInvokers.tryInvokeSetupFor(fn, options);
    this.runner =
        DoFnRunners.simpleRunner(
            options,
            fn,
            views,
            new WindowedValueMultiReceiver() {
              @Override
              public <T> void output(TupleTag<T> tag, WindowedValue<T> element) {
                emit(tag, element);
              }
            },
            (TupleTag<Object>) transform.getMainOutputTag(),
            transform.getAdditionalOutputTags().getAll(),
            new OfKey(),
            inputCoder,
            coders,
            input.getWindowingStrategy(),
            DoFnSchemaInformation.create(),
            new LinkedHashMap<>(transform.getSideInputs()));
  }

  /** State and timers of the key that is worked on. */
  private final class OfKey implements StepContext {
    @Override
    public StateInternals stateInternals() {
      return Objects.requireNonNull(currentState);
    }

    @Override
    public TimerInternals timerInternals() {
      return Objects.requireNonNull(currentTimers);
    }
  }

  @Override
  boolean ready() {
    return sideInputs.stream().allMatch(views::ready);
  }

  @Override
  void process(List<WindowedValue<?>> bundle) {
    runner.startBundle();
    for (WindowedValue<?> element : bundle) {
      if (keyCoder != null) {
        at(Objects.requireNonNull(((KV<?, ?>) element.getValue()).getKey()));
      }
      runner.processElement(cast(element));
    }
    runner.finishBundle();
  }

  private void at(Object key) {
    Object structural = Objects.requireNonNull(keyCoder).structuralValue(key);
    currentState = states.computeIfAbsent(structural, k -> InMemoryStateInternals.forKey(key));
    currentTimers = timers.of(structural, key);
  }

  @SuppressWarnings("unchecked") // Whoever sent it had the type of this input.
  private static WindowedValue<Object> cast(WindowedValue<?> element) {
    return (WindowedValue<Object>) element;
  }

  @Override
  long earliestHold() {
    return timers.earliestHold();
  }

  @Override
  boolean firesByWatermark() {
    return timers.anyPassed();
  }

  @Override
  boolean onWatermark() {
    return fire(timers.takePassed());
  }

  @Override
  boolean onClock() {
    return fire(timers.takeDue());
  }

  private boolean fire(List<KeyedTimers.Entry> due) {
    if (due.isEmpty()) {
      return false;
    }
    runner.startBundle();
    for (KeyedTimers.Entry entry : due) {
      at(entry.rawKey());
      TimerInternals.TimerData timer = entry.data();
      runner.onTimer(
          timer.getTimerId(),
          timer.getTimerFamilyId(),
          entry.rawKey(),
          GlobalWindow.INSTANCE,
          timer.getTimestamp(),
          timer.getOutputTimestamp(),
          timer.getDomain());
    }
    runner.finishBundle();
    return true;
  }

  @Override
  void close() {
    DoFnInvokers.invokerFor(fn).invokeTeardown();
  }
}
