package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.stage.RowProgram;
import dev.beamline.transform.window.EventTimes;
import dev.beamline.transform.window.Window;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
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

  /** Bounds of the ledger's classes of lateness, in milliseconds. */
  static final long[] LATENESS = {
    10_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000
  };

  private final GroupOutput group;
  private final PanePolicy policy;
  private final long slack;
  private final boolean updates;
  private final List<RowProgram> programs;
  private final Coder<Tuple> keyCoder;

  @StateId("group")
  private final StateSpec<ValueState<WindowState.OfGroup>> stateSpec;

  @TimerId("watermark")
  private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("clock")
  private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private transient @Nullable WindowLogic logic;
  private transient @Nullable Kernel kernel;
  private transient @Nullable List<PaneSender> senders;

  /**
   * @param slack see {@link WindowLogic}
   * @param updates likewise
   * @param programs what is done with the rows of a pane, for each reader
   */
  public StreamGroupFn(
      GroupOutput group,
      PanePolicy policy,
      long slack,
      boolean updates,
      List<RowProgram> programs,
      Coder<Tuple> keyCoder) {
    this.group = group;
    this.policy = policy;
    this.slack = slack;
    this.updates = updates;
    this.programs = List.copyOf(programs);
    this.keyCoder = keyCoder;
    this.stateSpec =
        StateSpecs.value(
            new WindowStateCoder(
                group.grouping().accumulatorCoder(),
                this.programs.stream().map(PaneSender::sentKeyCoder).toList()));
  }

  @Setup
  public void setup() {
    Kernel compiled = group.grouping().compile();
    kernel = compiled;
    logic = new WindowLogic(compiled, group.timing(), policy, slack, updates);
    senders =
        programs.stream().map(program -> new PaneSender(program, policy.manyPanes())).toList();
  }

  private WindowLogic logic() {
    return Objects.requireNonNull(logic);
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
    Partial partial = element.getValue();
    long watermark = watermarkTimer.getCurrentRelativeTime().getMillis();
    WindowLogic.Fate fate =
        logic()
            .add(
                state,
                partial,
                watermark,
                clockTimer.getCurrentRelativeTime().getMillis(),
                new Sending(element.getKey(), state, watermark, receiver));
    count(partial, fate);
    keep(state, cell, watermarkTimer, clockTimer);
  }

  private void count(Partial partial, WindowLogic.Fate fate) {
    if (partial.counted() == 0 || !fate.late()) {
      return;
    }
    QueryCounters.counter(
            fate.dropped() ? QueryCounters.LATE_DROPPED : QueryCounters.LATE_COUNTED, group.query())
        .inc(partial.counted());
    if (fate.lateness() > 0) {
      QueryCounters.counter(QueryCounters.LATENESS + latenessClass(fate.lateness()), group.query())
          .inc(partial.counted());
    }
  }

  private static String latenessClass(long lateness) {
    for (long bound : LATENESS) {
      if (lateness <= bound) {
        return Long.toString(bound);
      }
    }
    return "more";
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
    logic().watermark(state, watermark, new Sending(key, state, held, receiver));
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
    logic().clock(state, now, new Sending(key, state, held, receiver));
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
    long watermark = logic().nextWatermark(state);
    boolean holdMoves = watermark != state.watermarkTimer;
    if (watermark != WindowState.NEVER && watermark != state.watermarkTimer) {
      state.watermarkTimer = watermark;
      // What the window sends when it closes is stamped then: the watermark must wait for it.
      watermarkTimer
          .withOutputTimestamp(Instant.ofEpochMilli(watermark))
          .set(Instant.ofEpochMilli(watermark));
    }
    long clock = logic().nextClock(state);
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

  /** Sends what one group has to say. */
  private final class Sending implements WindowLogic.Listener {
    private final Tuple key;
    private final WindowState.OfGroup state;
    private final long held;
    private final StageOutput output;

    /**
     * @param held what the watermark of the output cannot have passed, in milliseconds
     */
    Sending(Tuple key, WindowState.OfGroup state, long held, MultiOutputReceiver receiver) {
      this.key = key;
      this.state = state;
      this.held = held;
      this.output =
          new StageOutput() {
            @Override
            public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
              receiver.get(tag).outputWithTimestamp(element, timestamp);
            }
          };
    }

    @Override
    public void fire(Window window, WindowState of, Panes.Timing timing, long index, Object sum) {
      PaneSender.Pane pane = pane(window, timing, index);
      List<Tuple> rows = new ArrayList<>(1);
      Objects.requireNonNull(kernel)
          .finish(
              sum,
              group.groupKey(key),
              window,
              rows::add,
              (row, error) -> {
                // A guess that fails is no loss: it may be right when its window ends.
                if (timing != Panes.Timing.EARLY) {
                  QueryCounters.counter(QueryCounters.FAILED, group.query()).inc();
                  output.output(
                      group.errors(),
                      new RowErrors(group.query(), group.errorSchema())
                          .of(row, pane.eventTimeMicros(), error),
                      pane.timestamp());
                }
              });
      send(of, rows, pane);
    }

    @Override
    public void withdraw(Window window, WindowState of) {
      send(of, List.of(), pane(window, Panes.Timing.LATE, of.panes));
    }

    private PaneSender.Pane pane(Window window, Panes.Timing timing, long index) {
      long closes = logic().closes(window);
      return new PaneSender.Pane(
          identity(window),
          timing,
          index,
          state.sequence,
          window.end() == Long.MAX_VALUE ? EventTimes.LAST_MILLIS * 1000 : window.end() - 1,
          // Never behind the watermark: it would not wait for the element, and could pass the end
          // of
          // a window that the element is on its way to.
          Instant.ofEpochMilli(EventTimes.clamp(Math.max(closes, held))));
    }

    private ByteString identity(Window window) {
      try {
        ByteString keyBytes = ByteString.copyFrom(CoderUtils.encodeToByteArray(keyCoder, key));
        ByteBuffer times = ByteBuffer.allocate(16).putLong(window.start()).putLong(window.end());
        times.flip();
        return keyBytes.concat(ByteString.copyFrom(times));
      } catch (CoderException e) {
        throw new IllegalStateException("a key cannot be encoded", e);
      }
    }

    private void send(WindowState of, List<Tuple> rows, PaneSender.Pane pane) {
      List<PaneSender> all = Objects.requireNonNull(senders);
      while (of.sent.size() < all.size()) {
        of.sent.add(new HashSet<>());
      }
      for (int i = 0; i < all.size(); i++) {
        Set<Tuple> sent = of.sent.get(i);
        all.get(i).send(rows, pane, sent, output);
      }
    }
  }

  /** A window's rows are stamped with its end, which the row that fires it may be behind. */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);
  }
}
