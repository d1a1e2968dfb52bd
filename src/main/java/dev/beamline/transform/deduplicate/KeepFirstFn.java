package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.shard.BlockReader;
import dev.beamline.transform.stage.StagingFn;
import dev.beamline.transform.window.EventTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of each record of a stream the copy that comes first, and hands what it keeps to the
 * source's stage. Copies are the same record sent again, so that is the same row as the earliest,
 * which is kept of bounded input.
 *
 * <p>A record is remembered until the watermark says that every copy has come, late ones included:
 * the clock is event time alone, so that a stream that stands still forgets nothing.
 */
public final class KeepFirstFn extends StagingFn<KV<Integer, byte[]>> {

  private static final long serialVersionUID = 1L;

  private final SeenBefore seen;
  private final TupleCoder coder;
  private final long keepMillis;
  private final Counter duplicates;

  /** The time of the newest copy that was kept, by what tells copies. */
  @StateId("seen")
  private final StateSpec<MapState<Tuple, Long>> keys;

  /**
   * The times of older records of the same key, further away than copies are: few, for most keys
   * have one record.
   */
  @StateId("older")
  private final StateSpec<MapState<Tuple, List<Long>>> olderTimes;

  /** What the timer is set to, in milliseconds. */
  @StateId("alarm")
  private final StateSpec<ValueState<Long>> alarmSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("forget")
  private final TimerSpec forget = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /**
   * Keeps one copy.
   *
   * @param coder of the rows in the blocks
   * @param keyCoder of the columns that tell copies
   * @param memory how long a record is remembered behind the time within which copies are told
   */
  public KeepFirstFn(
      SeenBefore seen,
      TupleCoder coder,
      TupleCoder keyCoder,
      RowStage stage,
      java.time.Duration memory) {
    super(stage);
    this.seen = seen;
    this.coder = coder;
    this.keepMillis = Math.addExact(seen.withinMicros() / 1000 + 1, memory.toMillis());
    this.duplicates = seen.duplicates();
    this.keys = StateSpecs.map(keyCoder, VarLongCoder.of());
    this.olderTimes = StateSpecs.map(keyCoder, ListCoder.of(VarLongCoder.of()));
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> block,
      @StateId("seen") MapState<Tuple, Long> known,
      @StateId("older") MapState<Tuple, List<Long>> older,
      @StateId("alarm") ValueState<Long> alarm,
      @TimerId("forget") Timer timer,
      MultiOutputReceiver receiver) {
    StageOutput output = StageOutputs.of(receiver);
    BlockReader<Tuple> rows = new BlockReader<>(coder, block.getValue());
    long earliest = Long.MAX_VALUE;
    while (rows.hasNext()) {
      Tuple row = rows.next();
      long time = seen.time(row);
      if (seen.hasKey(row)) {
        Tuple key = seen.key(row);
        Long last = known.get(key).read();
        if (last != null && (seen.copies(last, time) || copies(older.get(key).read(), time))) {
          duplicates.inc();
          continue;
        }
        if (last != null) {
          add(Math.min(last, time), key, older);
        }
        known.put(key, last == null ? time : Math.max(last, time));
        earliest = Math.min(earliest, time);
      }
      stage.process(row, time, output);
    }
    Long set = alarm.read();
    if (earliest < Long.MAX_VALUE && (set == null || forgets(earliest) < set)) {
      set(forgets(earliest), alarm, timer);
    }
  }

  @OnTimer("forget")
  public void forget(
      OnTimerContext context,
      @StateId("seen") MapState<Tuple, Long> known,
      @StateId("older") MapState<Tuple, List<Long>> older,
      @StateId("alarm") ValueState<Long> alarm,
      @TimerId("forget") Timer timer) {
    // A stream that has ended may say any time up to the largest number.
    long watermark =
        EventTimes.clamp(
            Math.max(
                timer.getCurrentRelativeTime().getMillis(), context.fireTimestamp().getMillis()));
    long oldest = (watermark - keepMillis) * 1000;
    List<Tuple> old = new ArrayList<>();
    long earliest = Long.MAX_VALUE;
    for (Map.Entry<Tuple, Long> entry : known.entries().read()) {
      if (entry.getValue() < oldest) {
        old.add(entry.getKey());
      } else {
        earliest = Math.min(earliest, entry.getValue());
      }
    }
    old.forEach(known::remove);
    forgetOlder(oldest, older);
    alarm.clear();
    if (earliest < Long.MAX_VALUE) {
      // Never twice at the same time, whatever the watermark is said to be while timers fire.
      set(Math.max(forgets(earliest), context.fireTimestamp().getMillis() + 1), alarm, timer);
    }
  }

  private boolean copies(@Nullable List<Long> times, long time) {
    return times != null && times.stream().anyMatch(other -> seen.copies(other, time));
  }

  private static void add(long time, Tuple key, MapState<Tuple, List<Long>> older) {
    List<Long> known = older.get(key).read();
    List<Long> times = known == null ? new ArrayList<>() : new ArrayList<>(known);
    times.add(time);
    older.put(key, times);
  }

  private static void forgetOlder(long oldest, MapState<Tuple, List<Long>> older) {
    Map<Tuple, List<Long>> changed = new HashMap<>();
    for (Map.Entry<Tuple, List<Long>> entry : older.entries().read()) {
      List<Long> left = entry.getValue().stream().filter(time -> time >= oldest).toList();
      if (left.size() < entry.getValue().size()) {
        changed.put(entry.getKey(), left);
      }
    }
    changed.forEach(
        (key, left) -> {
          if (left.isEmpty()) {
            older.remove(key);
          } else {
            older.put(key, left);
          }
        });
  }

  /** When a record of that time may be forgotten, rounded up, so that many go at once. */
  private long forgets(long micros) {
    long step = Math.max(60_000, 2 * keepMillis);
    long then = EventTimes.toMillis(micros) + keepMillis + 1;
    return EventTimes.clamp(Math.floorDiv(then + step, step) * step);
  }

  private static void set(long time, ValueState<Long> alarm, Timer timer) {
    if (time <= EventTimes.LAST_MILLIS) {
      alarm.write(time);
      timer.set(Instant.ofEpochMilli(time));
    }
  }
}
