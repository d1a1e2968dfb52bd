package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.StageOutputs;
import java.util.Objects;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Groups of a stream. Elements are in the global window; the windows of the query, their panes and
 * what is too late for them are this function's own matter, see {@link WindowLogic}. That makes one
 * partial sum enough for sixty windows, lets sessions take back what they sent before they grew,
 * and tells the ledger of every row what became of it.
 */
public final class StreamGroupFn extends DoFn<KV<Tuple, Partial>, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final StreamGrouping grouping;

  @StateId("group")
  private final StateSpec<ValueState<WindowState.OfGroup>> stateSpec;

  @TimerId("watermark")
  private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("clock")
  private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private transient @Nullable StreamGroups groups;

  /** Groups by what the key says. */
  public StreamGroupFn(StreamGrouping grouping) {
    this.grouping = grouping;
    this.stateSpec = StateSpecs.value(grouping.stateCoder());
  }

  @Setup
  public void setup() {
    groups = StreamGroups.of(grouping);
  }

  private StreamGroups groups() {
    return Objects.requireNonNull(groups);
  }

  @ProcessElement
  public void process(
      @Element KV<Tuple, Partial> element,
      @StateId("group") ValueState<WindowState.OfGroup> cell,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    WindowState.OfGroup state = cell.read();
    if (state == null) {
      state = new WindowState.OfGroup();
    }
    groups()
        .add(
            element.getKey(),
            state,
            element.getValue(),
            watermarkTimer.getCurrentRelativeTime().getMillis(),
            clockTimer.getCurrentRelativeTime().getMillis(),
            StageOutputs.of(receiver));
    keep(state, cell, watermarkTimer, clockTimer);
  }

  @OnTimer("watermark")
  public void onWatermark(
      OnTimerContext context,
      @Key Tuple key,
      @StateId("group") ValueState<WindowState.OfGroup> cell,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    WindowState.OfGroup state = cell.read();
    if (state == null) {
      return;
    }
    state.watermarkTimer = WindowState.NEVER;
    long watermark =
        Math.max(
            watermarkTimer.getCurrentRelativeTime().getMillis(),
            context.fireTimestamp().getMillis());
    // However far the watermark jumped, what comes out is held back to this timer.
    long held = context.fireTimestamp().getMillis();
    groups().watermark(key, state, watermark, held, StageOutputs.of(receiver));
    keep(state, cell, watermarkTimer, clockTimer);
  }

  @OnTimer("clock")
  public void onClock(
      OnTimerContext context,
      @Key Tuple key,
      @StateId("group") ValueState<WindowState.OfGroup> cell,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    WindowState.OfGroup state = cell.read();
    if (state == null) {
      return;
    }
    state.clockTimer = WindowState.NEVER;
    long now =
        Math.max(
            clockTimer.getCurrentRelativeTime().getMillis(), context.fireTimestamp().getMillis());
    long held = Math.min(watermarkTimer.getCurrentRelativeTime().getMillis(), state.watermarkTimer);
    groups().clock(key, state, now, held, StageOutputs.of(receiver));
    keep(state, cell, watermarkTimer, clockTimer);
  }

  private void keep(
      WindowState.OfGroup state,
      ValueState<WindowState.OfGroup> cell,
      Timer watermarkTimer,
      Timer clockTimer) {
    if (WindowLogic.isEmpty(state)) {
      if (state.clockTimer != WindowState.NEVER) {
        clockTimer.clear();
      }
      cell.clear();
      return;
    }
    long watermark = groups().nextWatermark(state);
    boolean holdMoves = watermark != state.watermarkTimer;
    if (watermark != WindowState.NEVER && watermark != state.watermarkTimer) {
      state.watermarkTimer = watermark;
      // What the window sends when it closes is stamped then: the watermark must wait for it.
      watermarkTimer
          .withOutputTimestamp(Instant.ofEpochMilli(watermark))
          .set(Instant.ofEpochMilli(watermark));
    }
    long clock = groups().nextClock(state);
    if (clock == WindowState.NEVER) {
      // A timer that is left would hold the watermark where its window closed.
      if (state.clockTimer != WindowState.NEVER) {
        clockTimer.clear();
        state.clockTimer = WindowState.NEVER;
      }
    } else if (clock != state.clockTimer || holdMoves) {
      state.clockTimer = clock;
      clockTimer
          .withOutputTimestamp(Instant.ofEpochMilli(watermark))
          .offset(
              Duration.millis(Math.max(0, clock - clockTimer.getCurrentRelativeTime().getMillis())))
          .setRelative();
    }
    cell.write(state);
  }

  /** A window's rows are stamped with its end, which the row that fires it may be behind. */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return StageOutputs.ANY_SKEW;
  }
}
