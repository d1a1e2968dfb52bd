package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.beam.runners.core.StateNamespace;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.state.TimeDomain;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The timers of a stateful transform, of all keys. */
final class KeyedTimers {

  private final LongSupplier watermark;
  private final LongSupplier outputWatermark;
  private final LongSupplier clock;
  private final Map<Id, Entry> timers = new HashMap<>();
  private final TreeSet<Entry> byWatermark = new TreeSet<>();
  private final TreeSet<Entry> byClock = new TreeSet<>();
  private final TreeMap<Long, Integer> holds = new TreeMap<>();
  private long sequence;

  KeyedTimers(LongSupplier watermark, LongSupplier outputWatermark, LongSupplier clock) {
    this.watermark = watermark;
    this.outputWatermark = outputWatermark;
    this.clock = clock;
  }

  private record Id(
      Object key, StateNamespace namespace, String family, String timer, TimeDomain domain) {}

  /**
   * A timer that is set.
   *
   * @param key structural, to compare
   * @param atOnce whether it was set for the time that the clock showed: it fires when all that has
   *     come is done; others fire when their time is past
   */
  record Entry(Object key, Object rawKey, TimerInternals.TimerData data, boolean atOnce, long order)
      implements Comparable<Entry> {

    long time() {
      return data.getTimestamp().getMillis();
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time(), other.time());
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** The earliest output timestamp of a timer that is set. */
  long earliestHold() {
    return holds.isEmpty() ? Operation.LAST : holds.firstKey();
  }

  /** Takes out the timers of event time whose time is past, in their order. */
  List<Entry> takePassed() {
    List<Entry> passed = new ArrayList<>();
    while (anyPassed()) {
      passed.add(remove(byWatermark.first()));
    }
    return passed;
  }

  /** Whether there is a timer of event time whose time is past. */
  boolean anyPassed() {
    if (byWatermark.isEmpty()) {
      return false;
    }
    long now = watermark.getAsLong();
    long first = byWatermark.first().time();
    return first < now || (now == Operation.LAST && first == now);
  }

  /** Takes out the timers of the clock that are due, in their order. */
  List<Entry> takeDue() {
    List<Entry> due = new ArrayList<>();
    long now = clock.getAsLong();
    for (Entry entry : List.copyOf(byClock.headSet(firstAfter(now)))) {
      if (entry.time() < now || entry.atOnce()) {
        due.add(remove(entry));
      }
    }
    return due;
  }

  private static Entry firstAfter(long time) {
    TimerInternals.TimerData data =
        TimerInternals.TimerData.of(
            org.apache.beam.runners.core.StateNamespaces.global(),
            Instant.ofEpochMilli(time + 1),
            Instant.ofEpochMilli(time + 1),
            TimeDomain.PROCESSING_TIME);
    return new Entry("", "", data, false, Long.MIN_VALUE);
  }

  private Entry remove(Entry entry) {
    timers.remove(id(entry.key(), entry.data()));
    set(entry.data().getDomain()).remove(entry);
    holds.computeIfPresent(
        entry.data().getOutputTimestamp().getMillis(), (t, count) -> count == 1 ? null : count - 1);
    return entry;
  }

  private java.util.NavigableSet<Entry> set(TimeDomain domain) {
    return domain == TimeDomain.EVENT_TIME ? byWatermark : byClock;
  }

  private static Id id(Object key, TimerInternals.TimerData data) {
    return new Id(
        key, data.getNamespace(), data.getTimerFamilyId(), data.getTimerId(), data.getDomain());
  }

  private void set(Object key, Object rawKey, TimerInternals.TimerData data) {
    Id id = id(key, data);
    delete(id);
    boolean atOnce =
        data.getDomain() != TimeDomain.EVENT_TIME
            && data.getTimestamp().getMillis() <= clock.getAsLong();
    Entry entry = new Entry(key, rawKey, data, atOnce, sequence++);
    timers.put(id, entry);
    set(data.getDomain()).add(entry);
    holds.merge(data.getOutputTimestamp().getMillis(), 1, Integer::sum);
  }

  private void delete(Id id) {
    Entry known = timers.get(id);
    if (known != null) {
      remove(known);
    }
  }

  /** The view of one key. */
  TimerInternals of(Object key, Object rawKey) {
    return new OfKey(key, rawKey);
  }

  private final class OfKey implements TimerInternals {
    private final Object key;
    private final Object rawKey;

    OfKey(Object key, Object rawKey) {
      this.key = key;
      this.rawKey = rawKey;
    }

    @Override
    public void setTimer(
        StateNamespace namespace,
        String timerId,
        String timerFamilyId,
        Instant target,
        Instant outputTimestamp,
        TimeDomain timeDomain) {
      set(
          key,
          rawKey,
          TimerData.of(timerId, timerFamilyId, namespace, target, outputTimestamp, timeDomain));
    }

    @Override
    @SuppressWarnings("deprecation") // Part of the interface.
    public void setTimer(TimerData timerData) {
      set(key, rawKey, timerData);
    }

    @Override
    public void deleteTimer(
        StateNamespace namespace, String timerId, String timerFamilyId, TimeDomain timeDomain) {
      delete(new Id(key, namespace, timerFamilyId, timerId, timeDomain));
    }

    @Override
    @SuppressWarnings("deprecation") // Part of the interface.
    public void deleteTimer(StateNamespace namespace, String timerId, String timerFamilyId) {
      for (TimeDomain domain : TimeDomain.values()) {
        delete(new Id(key, namespace, timerFamilyId, timerId, domain));
      }
    }

    @Override
    @SuppressWarnings("deprecation") // Part of the interface.
    public void deleteTimer(TimerData timer) {
      delete(id(key, timer));
    }

    @Override
    public Instant currentProcessingTime() {
      return Instant.ofEpochMilli(clock.getAsLong());
    }

    @Override
    public @Nullable Instant currentSynchronizedProcessingTime() {
      return currentProcessingTime();
    }

    @Override
    public Instant currentInputWatermarkTime() {
      return Instant.ofEpochMilli(watermark.getAsLong());
    }

    @Override
    public @Nullable Instant currentOutputWatermarkTime() {
      return Instant.ofEpochMilli(outputWatermark.getAsLong());
    }
  }
}
