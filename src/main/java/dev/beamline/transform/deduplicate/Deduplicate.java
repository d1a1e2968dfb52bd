package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Keeps of each record the first copy: in bounded input the one with the earliest event time, in a
 * stream the one that comes first. Copies are the same record sent again, so that is the same row.
 */
public final class Deduplicate extends PTransform<PCollection<Tuple>, PCollection<Tuple>> {

  private static final long serialVersionUID = 1L;

  private final SeenBefore seen;
  private final TupleCoder coder;
  private final TupleCoder keyCoder;

  /**
   * How copies are told.
   *
   * @param coder of the rows
   * @param keyCoder of the columns that tell copies
   */
  public Deduplicate(SeenBefore seen, TupleCoder coder, TupleCoder keyCoder) {
    this.seen = seen;
    this.coder = coder;
    this.keyCoder = keyCoder;
  }

  @Override
  public PCollection<Tuple> expand(PCollection<Tuple> rows) {
    SeenBefore told = seen;
    PCollection<KV<Integer, Tuple>> sharded =
        rows.apply(
                "Shard",
                WithKeys.<Integer, Tuple>of(told::shard).withKeyType(TypeDescriptors.integers()))
            .setCoder(KvCoder.of(VarIntCoder.of(), coder));
    PCollection<Tuple> kept =
        rows.isBounded() == PCollection.IsBounded.BOUNDED
            ? sharded
                .apply("Group", GroupByKey.create())
                .apply("KeepEarliest", ParDo.of(new KeepEarliest(told)))
            : sharded.apply("KeepFirst", ParDo.of(new KeepFirst(told, keyCoder)));
    return kept.setCoder(coder);
  }

  private static Counter duplicates(SeenBefore seen) {
    return Metrics.counter("beamline", "duplicates:" + seen.source());
  }

  private static final class KeepEarliest extends DoFn<KV<Integer, Iterable<Tuple>>, Tuple> {
    private static final long serialVersionUID = 1L;

    private final SeenBefore seen;

    KeepEarliest(SeenBefore seen) {
      this.seen = seen;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<Tuple>> shard, OutputReceiver<Tuple> receiver) {
      Map<Tuple, List<Tuple>> byKey = new HashMap<>();
      for (Tuple row : shard.getValue()) {
        if (seen.hasKey(row)) {
          byKey.computeIfAbsent(seen.key(row), k -> new ArrayList<>(1)).add(row);
        } else {
          receiver.output(row);
        }
      }
      for (List<Tuple> copies : byKey.values()) {
        copies.sort(seen.order());
        long last = 0;
        boolean any = false;
        for (Tuple row : copies) {
          if (any && seen.copies(last, seen.time(row))) {
            duplicates(seen).inc();
          } else {
            any = true;
            last = seen.time(row);
            receiver.output(row);
          }
        }
      }
    }
  }

  private static final class KeepFirst extends DoFn<KV<Integer, Tuple>, Tuple> {
    private static final long serialVersionUID = 1L;

    private final SeenBefore seen;

    @StateId("seen")
    private final StateSpec<MapState<Tuple, Long>> keys;

    @TimerId("forget")
    private final TimerSpec forget = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    KeepFirst(SeenBefore seen, TupleCoder keyCoder) {
      this.seen = seen;
      this.keys = StateSpecs.map(keyCoder, VarLongCoder.of());
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Tuple> element,
        @StateId("seen") MapState<Tuple, Long> known,
        @TimerId("forget") Timer timer,
        OutputReceiver<Tuple> receiver) {
      Tuple row = element.getValue();
      if (!seen.hasKey(row)) {
        receiver.output(row);
        return;
      }
      Tuple key = seen.key(row);
      long time = seen.time(row);
      Long last = known.get(key).read();
      if (last != null && seen.copies(last, time)) {
        duplicates(seen).inc();
        return;
      }
      known.put(key, last == null ? time : Math.max(last, time));
      timer.align(within()).setRelative();
      receiver.output(row);
    }

    @OnTimer("forget")
    public void forget(
        @Timestamp Instant now,
        @StateId("seen") MapState<Tuple, Long> known,
        @TimerId("forget") Timer timer) {
      long oldest = now.getMillis() * 1000 - seen.withinMicros();
      boolean left = false;
      for (Map.Entry<Tuple, Long> entry : known.entries().read()) {
        if (entry.getValue() < oldest) {
          known.remove(entry.getKey());
        } else {
          left = true;
        }
      }
      if (left) {
        timer.align(within()).setRelative();
      }
    }

    private Duration within() {
      return Duration.millis(Math.max(1000, seen.withinMicros() / 1000));
    }
  }
}
