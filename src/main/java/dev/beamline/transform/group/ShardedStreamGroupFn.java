package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.state.MapState;
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
 * The groups of a stream, as {@link StreamGroupFn} has them, many in one shard: for runners in this
 * process, where each key costs a bundle of its own and the state is in memory anyway.
 */
public final class ShardedStreamGroupFn extends DoFn<KV<Integer, KV<Tuple, Partial>>, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final StreamGrouping grouping;

  @StateId("groups")
  private final StateSpec<MapState<Tuple, WindowState.OfGroup>> groupsSpec;

  /** What the timer of event time is set to. */
  @StateId("watermarkAlarm")
  private final StateSpec<ValueState<Long>> watermarkAlarmSpec =
      StateSpecs.value(BigEndianLongCoder.of());

  /** What the timer of the clock is set to. */
  @StateId("clockAlarm")
  private final StateSpec<ValueState<Long>> clockAlarmSpec =
      StateSpecs.value(BigEndianLongCoder.of());

  @TimerId("watermark")
  private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("clock")
  private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private transient @Nullable StreamGroups groups;

  /** Groups by what the key inside says. */
  public ShardedStreamGroupFn(StreamGrouping grouping) {
    this.grouping = grouping;
    this.groupsSpec = StateSpecs.map(grouping.keyCoder(), grouping.stateCoder());
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
      @Element KV<Integer, KV<Tuple, Partial>> element,
      @StateId("groups") MapState<Tuple, WindowState.OfGroup> cells,
      @StateId("watermarkAlarm") ValueState<Long> watermarkAlarm,
      @StateId("clockAlarm") ValueState<Long> clockAlarm,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    Tuple key = element.getValue().getKey();
    WindowState.OfGroup state = cells.get(key).read();
    if (state == null) {
      state = new WindowState.OfGroup();
    }
    groups()
        .add(
            key,
            state,
            element.getValue().getValue(),
            watermarkTimer.getCurrentRelativeTime().getMillis(),
            clockTimer.getCurrentRelativeTime().getMillis(),
            StageOutputs.of(receiver));
    if (WindowLogic.isEmpty(state)) {
      cells.remove(key);
      return;
    }
    cells.put(key, state);
    // Another group may wait for less than before: its timer comes too early then, and is set anew.
    set(
        Math.min(read(watermarkAlarm), groups().nextWatermark(state)),
        Math.min(read(clockAlarm), groups().nextClock(state)),
        watermarkAlarm,
        clockAlarm,
        watermarkTimer,
        clockTimer);
  }

  @OnTimer("watermark")
  public void onWatermark(
      OnTimerContext context,
      @StateId("groups") MapState<Tuple, WindowState.OfGroup> cells,
      @StateId("watermarkAlarm") ValueState<Long> watermarkAlarm,
      @StateId("clockAlarm") ValueState<Long> clockAlarm,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    // However far the watermark jumped, what comes out is held back to this timer.
    long held = context.fireTimestamp().getMillis();
    long watermark = Math.max(watermarkTimer.getCurrentRelativeTime().getMillis(), held + 1);
    StageOutput output = StageOutputs.of(receiver);
    each(
        cells,
        state -> groups().nextWatermark(state) < watermark,
        (key, state) -> groups().watermark(key, state, watermark, held, output));
    watermarkAlarm.clear();
    reset(cells, watermarkAlarm, clockAlarm, watermarkTimer, clockTimer);
  }

  @OnTimer("clock")
  public void onClock(
      OnTimerContext context,
      @StateId("groups") MapState<Tuple, WindowState.OfGroup> cells,
      @StateId("watermarkAlarm") ValueState<Long> watermarkAlarm,
      @StateId("clockAlarm") ValueState<Long> clockAlarm,
      @TimerId("watermark") Timer watermarkTimer,
      @TimerId("clock") Timer clockTimer,
      MultiOutputReceiver receiver) {
    long now =
        Math.max(
            clockTimer.getCurrentRelativeTime().getMillis(), context.fireTimestamp().getMillis());
    long held = Math.min(watermarkTimer.getCurrentRelativeTime().getMillis(), read(watermarkAlarm));
    StageOutput output = StageOutputs.of(receiver);
    each(
        cells,
        state -> groups().nextClock(state) <= now,
        (key, state) -> groups().clock(key, state, now, held, output));
    clockAlarm.clear();
    reset(cells, watermarkAlarm, clockAlarm, watermarkTimer, clockTimer);
  }

  private interface Due {
    boolean test(WindowState.OfGroup state);
  }

  private interface Action {
    void apply(Tuple key, WindowState.OfGroup state);
  }

  private static void each(MapState<Tuple, WindowState.OfGroup> cells, Due due, Action action) {
    List<Map.Entry<Tuple, WindowState.OfGroup>> found = new ArrayList<>();
    for (Map.Entry<Tuple, WindowState.OfGroup> entry : cells.entries().read()) {
      if (due.test(entry.getValue())) {
        found.add(Map.entry(entry.getKey(), entry.getValue()));
      }
    }
    for (Map.Entry<Tuple, WindowState.OfGroup> entry : found) {
      action.apply(entry.getKey(), entry.getValue());
      if (WindowLogic.isEmpty(entry.getValue())) {
        cells.remove(entry.getKey());
      } else {
        cells.put(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Sets both timers to what any group waits for. */
  private void reset(
      MapState<Tuple, WindowState.OfGroup> cells,
      ValueState<Long> watermarkAlarm,
      ValueState<Long> clockAlarm,
      Timer watermarkTimer,
      Timer clockTimer) {
    long watermark = WindowState.NEVER;
    long clock = WindowState.NEVER;
    for (Map.Entry<Tuple, WindowState.OfGroup> entry : cells.entries().read()) {
      watermark = Math.min(watermark, groups().nextWatermark(entry.getValue()));
      clock = Math.min(clock, groups().nextClock(entry.getValue()));
    }
    set(watermark, clock, watermarkAlarm, clockAlarm, watermarkTimer, clockTimer);
  }

  private static long read(ValueState<Long> alarm) {
    Long time = alarm.read();
    return time == null ? WindowState.NEVER : time;
  }

  private static void set(
      long watermark,
      long clock,
      ValueState<Long> watermarkAlarm,
      ValueState<Long> clockAlarm,
      Timer watermarkTimer,
      Timer clockTimer) {
    boolean holdMoves = watermark != read(watermarkAlarm);
    if (watermark != WindowState.NEVER && holdMoves) {
      watermarkAlarm.write(watermark);
      // What the window sends when it closes is stamped then: the watermark must wait for it.
      watermarkTimer
          .withOutputTimestamp(Instant.ofEpochMilli(watermark))
          .set(Instant.ofEpochMilli(watermark));
    }
    if (clock == WindowState.NEVER) {
      // A timer that is left would hold the watermark where its window closed.
      if (read(clockAlarm) != WindowState.NEVER) {
        clockTimer.clear();
        clockAlarm.clear();
      }
    } else if (clock != read(clockAlarm) || holdMoves) {
      clockAlarm.write(clock);
      clockTimer
          .withOutputTimestamp(Instant.ofEpochMilli(watermark))
          .offset(
              Duration.millis(Math.max(0, clock - clockTimer.getCurrentRelativeTime().getMillis())))
          .setRelative();
    }
  }

  /** A window's rows are stamped with its end, which the row that fires it may be behind. */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return StageOutputs.ANY_SKEW;
  }
}
