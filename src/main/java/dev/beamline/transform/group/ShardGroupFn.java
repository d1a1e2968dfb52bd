package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finishes all groups of a shard at once, in memory. For runners in this process, to which a key of
 * their own for each group costs far more than the group itself.
 */
public final class ShardGroupFn
    extends DoFn<KV<Integer, Iterable<KV<Tuple, Partial>>>, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final GroupOutput group;
  private final RowStage stage;
  private transient @Nullable GroupFinisher finisher;

  public ShardGroupFn(GroupOutput group, RowStage stage) {
    this.group = group;
    this.stage = stage;
  }

  /** The shard of a group's key. */
  public static int shard(Tuple key, int shards) {
    int mixed = key.hashCode() * 0x9E3779B9;
    return Math.floorMod(mixed ^ (mixed >>> 16), shards);
  }

  @Setup
  public void setup() {
    finisher = new GroupFinisher(group, stage);
    stage.setup();
  }

  @StartBundle
  public void startBundle() {
    stage.startBundle();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<KV<Tuple, Partial>>> element, MultiOutputReceiver receiver) {
    StageOutput output =
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T value, Instant timestamp) {
            receiver.get(tag).output(value);
          }
        };
    Map<Tuple, List<Partial>> groups = new HashMap<>();
    for (KV<Tuple, Partial> sum : element.getValue()) {
      groups.computeIfAbsent(sum.getKey(), k -> new ArrayList<>()).add(sum.getValue());
    }
    GroupFinisher finish = Objects.requireNonNull(finisher);
    groups.forEach((key, sums) -> finish.group(key, sums, output));
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
            context.output(tag, element, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
          }
        });
  }
}
