package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.group.SumTable.Sum;
import dev.beamline.transform.shard.ShardBlocks;
import dev.beamline.transform.shard.Shards;
import dev.beamline.transform.window.EventTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sums the rows of a bundle by group and slice, in bounded memory. What it sends is in the global
 * window, with a timestamp within the slice, so that a watermark never passes a window's end while
 * sums for it are on their way.
 */
public final class GroupBuffer {

  /** Sums that are held before all are sent. */
  private static final int MOST_SUMS = SharedSums.MOST_GROUPS;

  /** Rows that are held before all are sent, where sums grow with their rows. */
  private static final int MOST_ROWS = 1 << 16;

  private final GroupInput input;
  private final Sender sender;
  private final Kernel kernel;
  private final boolean collects;
  private final GroupPlaces places;
  private final GroupPlaces.Found adding = this::addToGroup;
  private final long gap;
  private final @Nullable SharedSums shared;
  private final int member;
  private final SumTable sums = new SumTable();
  private final Map<Tuple, List<Sum>> sessions = new HashMap<>();
  private int held;
  private long rows;
  private @Nullable Tuple row;
  private @Nullable StageOutput output;
  private boolean counts;

  /** Sends each sum on its own. */
  public GroupBuffer(GroupInput input, TupleTag<KV<Tuple, Partial>> tag) {
    this(input, input.grouping().compile(), SharedSums.of(input), tag);
  }

  /**
   * Sends each sum on its own.
   *
   * @param kernel over the rows that are added
   * @param shared with what groups the same rows in the same way; null: with nobody
   */
  public GroupBuffer(
      GroupInput input,
      Kernel kernel,
      @Nullable SharedSums shared,
      TupleTag<KV<Tuple, Partial>> tag) {
    this(input, kernel, shared, new Single(tag));
  }

  /** Sends blocks of sums, by the shard of their group. */
  public GroupBuffer(
      GroupInput input,
      Kernel kernel,
      @Nullable SharedSums shared,
      TupleTag<KV<Integer, byte[]>> tag,
      Coder<KV<Tuple, Partial>> coder,
      int shards) {
    this(input, kernel, shared, new Sharded(new ShardBlocks<>(tag, coder, shards), shards));
  }

  private GroupBuffer(GroupInput input, Kernel kernel, @Nullable SharedSums shared, Sender sender) {
    this.input = input;
    this.sender = sender;
    this.kernel = kernel;
    this.collects = input.grouping().collects();
    this.places = new GroupPlaces(input);
    this.gap = input.timing() instanceof GroupInput.Timing.Sessions s ? s.gap() : -1;
    this.shared = shared;
    this.member = shared == null ? sums.join() : shared.join(this);
  }

  /** How sums go out. */
  private interface Sender {
    void send(KV<Tuple, Partial> sum, Instant timestamp, StageOutput output);

    /** All sums of the buffer have been sent. */
    default void flush(StageOutput output) {}

    default void clear() {}
  }

  private record Single(TupleTag<KV<Tuple, Partial>> tag) implements Sender {
    @Override
    public void send(KV<Tuple, Partial> sum, Instant timestamp, StageOutput output) {
      output.output(tag, sum, timestamp);
    }
  }

  private record Sharded(ShardBlocks<KV<Tuple, Partial>> blocks, int shards) implements Sender {
    @Override
    public void send(KV<Tuple, Partial> sum, Instant timestamp, StageOutput output) {
      blocks.add(Shards.of(sum.getKey(), shards), sum, output);
    }

    @Override
    public void flush(StageOutput output) {
      blocks.flush(output);
    }

    @Override
    public void clear() {
      blocks.clear();
    }
  }

  /**
   * Throws where adding the row would throw.
   *
   * @throws dev.beamline.execution.expression.EvaluationException where the row is in error
   */
  public void check(Tuple row) {
    kernel.check(row, input.side());
  }

  /**
   * Adds a row.
   *
   * @param time by which its windows are found, microseconds; of no matter where the row has them
   * @param counts whether the ledger counts the row here
   * @return whether the row is in any window
   * @throws dev.beamline.execution.expression.EvaluationException where the row is in error; then
   *     it is in no group
   */
  public boolean add(Tuple row, long time, boolean counts, StageOutput output) {
    if (places.mayBeMany()) {
      kernel.check(row, input.side());
    }
    if (shared != null) {
      return addShared(shared, row, time, counts, output);
    }
    this.counts = counts;
    this.row = row;
    this.output = output;
    return places.find(row, time, adding);
  }

  private boolean addShared(
      SharedSums shared, Tuple row, long time, boolean counts, StageOutput output) {
    SumTable.Group group = shared.group(row, time);
    if (group == null) {
      return false;
    }
    rows++;
    Sum sum = group.sum(member);
    if (sum == null) {
      shared.put(group, member, firstRow(group, row, counts));
      shared.flushIfFull(output);
    } else {
      addRow(sum, row, counts);
    }
    if (collects && rows >= MOST_ROWS) {
      flush(output);
    }
    return true;
  }

  private Sum firstRow(SumTable.Group group, Tuple row, boolean counts) {
    Sum sum = new Sum(group.key, group.start, group.end, kernel.create());
    addRow(sum, row, counts);
    return sum;
  }

  private void addToGroup(Tuple key, long start, long end, boolean first) {
    Tuple row = Objects.requireNonNull(this.row);
    StageOutput output = Objects.requireNonNull(this.output);
    boolean counts = this.counts && first;
    if (input.single()) {
      Sum sum = new Sum(key.copy(), start, end, kernel.create());
      addRow(sum, row, counts);
      send(sum, null, output);
      return;
    }
    if (gap >= 0) {
      addToSession(key, row, start, counts);
    } else {
      SumTable.Group group = sums.group(key, start, end);
      Sum sum = group.sum(member);
      if (sum == null) {
        sums.put(group, member, firstRow(group, row, counts));
        held++;
      } else {
        addRow(sum, row, counts);
      }
    }
    rows++;
    if (held >= MOST_SUMS || (collects && rows >= MOST_ROWS)) {
      flush(output);
    }
  }

  private void addRow(Sum sum, Tuple row, boolean counts) {
    sum.accumulator = kernel.add(sum.accumulator, row, input.side());
    sum.rows++;
    sum.counted += counts ? 1 : 0;
  }

  private void addToSession(Tuple key, Tuple row, long time, boolean counts) {
    List<Sum> ofKey = sessions.getOrDefault(key, List.of());
    Sum joined = null;
    for (int i = ofKey.size() - 1; i >= 0; i--) {
      Sum sum = ofKey.get(i);
      if (joined == null && time < sum.end + gap && sum.start < time + gap) {
        addRow(sum, row, counts);
        sum.start = Math.min(sum.start, time);
        sum.end = Math.max(sum.end, time);
        joined = sum;
      } else if (joined != null && joined.start < sum.end + gap && sum.start < joined.end + gap) {
        joined.start = Math.min(sum.start, joined.start);
        joined.end = Math.max(sum.end, joined.end);
        joined.rows += sum.rows;
        joined.counted += sum.counted;
        joined.accumulator = kernel.merge(joined.accumulator, sum.accumulator);
        ofKey.remove(i);
        held--;
      }
    }
    if (joined == null) {
      Tuple kept = ofKey.isEmpty() ? key.copy() : ofKey.get(0).key;
      joined = new Sum(kept, time, time, kernel.create());
      addRow(joined, row, counts);
      if (ofKey.isEmpty()) {
        ofKey = new ArrayList<>(1);
        sessions.put(kept, ofKey);
      }
      ofKey.add(joined);
      held++;
    }
  }

  /** Sends all sums, each with a timestamp within its slice or at the start of its session. */
  public void flush(StageOutput output) {
    flush(null, output);
  }

  /** Sends all sums with the given timestamp. */
  void flushAt(Instant timestamp, StageOutput output) {
    flush(timestamp, output);
  }

  private void flush(@Nullable Instant timestamp, StageOutput output) {
    if (shared != null) {
      shared.take(member, sum -> send(sum, timestamp, output));
    } else {
      sums.take(member, sum -> send(sum, timestamp, output));
    }
    sessions.values().forEach(ofKey -> ofKey.forEach(sum -> send(sum, timestamp, output)));
    sender.flush(output);
    forget();
  }

  /** Forgets all sums, those it is shared with included: a bundle begins anew. */
  public void clear() {
    if (shared != null) {
      shared.clear();
    }
    forget();
  }

  private void forget() {
    sums.clear();
    sessions.clear();
    held = 0;
    rows = 0;
    sender.clear();
  }

  private void send(Sum sum, @Nullable Instant timestamp, StageOutput output) {
    Partial partial = new Partial(sum.start, sum.end, sum.rows, sum.counted, sum.accumulator);
    Tuple sent =
        input.windowInKey() ? GroupPlaces.withWindow(sum.key, sum.start, sum.end) : sum.key;
    // A session may end before the watermark unless its first row holds it back; a slice is in all
    // of its windows up to its last millisecond.
    long time = gap >= 0 ? sum.start : sum.end == Long.MAX_VALUE ? sum.end : sum.end - 1;
    sender.send(
        KV.of(sent, partial), timestamp == null ? EventTimes.toInstant(time) : timestamp, output);
  }
}
