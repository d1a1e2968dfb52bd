package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import dev.beamline.transform.window.Window;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;

/**
 * What is done with the groups of a stream, compiled, wherever their state is kept. All times are
 * milliseconds.
 */
final class StreamGroups {

  private final GroupOutput group;
  private final Coder<Tuple> keyCoder;
  private final Kernel kernel;
  private final WindowLogic logic;
  private final List<PaneSender> senders;
  private final GroupErrors errors;

  private StreamGroups(
      GroupOutput group,
      Coder<Tuple> keyCoder,
      Kernel kernel,
      WindowLogic logic,
      List<PaneSender> senders) {
    this.group = group;
    this.keyCoder = keyCoder;
    this.kernel = kernel;
    this.logic = logic;
    this.senders = List.copyOf(senders);
    this.errors = new GroupErrors(group);
  }

  /** Compiles. */
  static StreamGroups of(StreamGrouping grouping) {
    Kernel kernel = grouping.group().grouping().compile();
    PanePolicy policy = grouping.policy();
    return new StreamGroups(
        grouping.group(),
        grouping.keyCoder(),
        kernel,
        new WindowLogic(
            kernel, grouping.group().timing(), policy, grouping.slack(), grouping.updates()),
        grouping.programs().stream()
            .map(program -> new PaneSender(program, policy.manyPanes()))
            .toList());
  }

  /** Takes a sum into its group. */
  void add(
      Tuple key,
      WindowState.OfGroup state,
      Partial partial,
      long watermark,
      long now,
      StageOutput output) {
    count(
        partial,
        logic.add(state, partial, watermark, now, new Sending(key, state, watermark, output)));
  }

  /**
   * The watermark has moved.
   *
   * @param held what the watermark of the output cannot have passed
   */
  void watermark(
      Tuple key, WindowState.OfGroup state, long watermark, long held, StageOutput output) {
    logic.watermark(state, watermark, new Sending(key, state, held, output));
  }

  /** The clock has moved. */
  void clock(Tuple key, WindowState.OfGroup state, long now, long held, StageOutput output) {
    logic.clock(state, now, new Sending(key, state, held, output));
  }

  long nextWatermark(WindowState.OfGroup state) {
    return logic.nextWatermark(state);
  }

  long nextClock(WindowState.OfGroup state) {
    return logic.nextClock(state);
  }

  private void count(Partial partial, WindowLogic.Fate fate) {
    if (partial.counted() > 0 && fate.late()) {
      QueryCounters.late(group.query(), partial.counted(), fate.dropped(), fate.lateness());
    }
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
    Sending(Tuple key, WindowState.OfGroup state, long held, StageOutput output) {
      this.key = key;
      this.state = state;
      this.held = held;
      this.output = output;
    }

    @Override
    public void fire(Window window, WindowState of, Panes.Timing timing, long index, Object sum) {
      PaneSender.Pane pane = pane(window, timing, index);
      List<Tuple> rows = new ArrayList<>(1);
      Tuple groupKey = group.groupKey(key);
      kernel.finish(
          sum,
          groupKey,
          window,
          rows::add,
          (row, error) -> {
            // A guess that fails is no loss: it may be right when its window ends.
            if (timing != Panes.Timing.EARLY) {
              QueryCounters.failedResult(group.query());
              output.output(
                  group.errors(),
                  errors.of(groupKey, row, window, pane.eventTimeMicros(), error),
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
      long closes = logic.closes(window);
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
      while (of.sent.size() < senders.size()) {
        of.sent.add(new HashSet<>());
      }
      for (int i = 0; i < senders.size(); i++) {
        Set<Tuple> sent = of.sent.get(i);
        senders.get(i).send(rows, pane, sent, output);
      }
    }
  }
}
