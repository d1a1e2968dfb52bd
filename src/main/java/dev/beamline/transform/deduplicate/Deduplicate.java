package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
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
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Keeps of each record of a stream the copy that comes first. Copies are the same record sent
 * again, so that is the same row as the earliest, which is kept of bounded input.
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
    return sharded.apply("KeepFirst", ParDo.of(new KeepFirst(told, keyCoder))).setCoder(coder);
  }

  static Counter duplicates(SeenBefore seen) {
    return Metrics.counter("beamline", "duplicates:" + seen.source());
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
