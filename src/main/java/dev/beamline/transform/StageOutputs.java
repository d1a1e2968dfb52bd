package dev.beamline.transform;

import dev.beamline.transform.window.EventTimes;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Sends what a stage gives to the outputs of the DoFn that it runs in. */
public final class StageOutputs {

  /** For DoFns that send earlier timestamps than those of the elements they get. */
  public static final Duration ANY_SKEW =
      Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);

  private StageOutputs() {}

  /** While an element is processed. */
  public static StageOutput of(MultiOutputReceiver receiver) {
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        receiver.get(tag).outputWithTimestamp(element, timestamp);
      }
    };
  }

  /** At the end of a bundle. */
  public static <A, B> StageOutput of(DoFn<A, B>.FinishBundleContext context) {
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        context.output(tag, element, timestamp, GlobalWindow.INSTANCE);
      }
    };
  }

  /** While an element of bounded input is processed, where timestamps mean nothing. */
  public static StageOutput untimed(MultiOutputReceiver receiver) {
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        receiver.get(tag).output(element);
      }
    };
  }

  /** At the end of a bundle of bounded input, where timestamps mean nothing. */
  public static <A, B> StageOutput untimed(DoFn<A, B>.FinishBundleContext context) {
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        context.output(tag, element, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
      }
    };
  }
}
