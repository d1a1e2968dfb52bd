package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.shard.BlockReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.values.KV;

/**
 * Finishes all groups of a shard at once, in memory. For runners in this process, to which a key of
 * their own for each group costs far more than the group itself.
 */
public final class ShardGroupFn extends FinishGroupsFn<KV<Integer, Iterable<byte[]>>> {

  private static final long serialVersionUID = 1L;

  private final KvCoder<Tuple, Partial> coder;

  /**
   * Finishes groups.
   *
   * @param coder of the sums in the blocks
   */
  public ShardGroupFn(GroupOutput group, RowStage stage, KvCoder<Tuple, Partial> coder) {
    super(group, stage);
    this.coder = coder;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<byte[]>> element, MultiOutputReceiver receiver) {
    Map<Tuple, List<Partial>> groups = new HashMap<>();
    for (byte[] block : element.getValue()) {
      BlockReader<KV<Tuple, Partial>> sums = new BlockReader<>(coder, block);
      while (sums.hasNext()) {
        KV<Tuple, Partial> sum = sums.next();
        groups.computeIfAbsent(sum.getKey(), k -> new ArrayList<>(1)).add(sum.getValue());
      }
    }
    GroupFinisher finish = finisher();
    StageOutput output = StageOutputs.untimed(receiver);
    groups.forEach((key, sums) -> finish.group(key, sums, output));
  }
}
