package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.group.BatchGroupFn;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.PanePolicy;
import dev.beamline.transform.group.Partial;
import dev.beamline.transform.group.ShardGroupFn;
import dev.beamline.transform.group.ShardedStreamGroupFn;
import dev.beamline.transform.group.StreamGroupFn;
import dev.beamline.transform.group.StreamGrouping;
import dev.beamline.transform.shard.ShardBlocks;
import dev.beamline.transform.shard.Shards;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/** A grouping operator: all at once where its input is bounded, by windows where it is not. */
final class GroupNode extends Node {

  private final GroupOutput group;
  private final Schema schema;
  private final KvCoder<Tuple, Partial> coder;
  private final int shards;
  private final List<Input<KV<Tuple, Partial>>> sums = new ArrayList<>();
  private final List<Input<KV<Integer, byte[]>>> blocks = new ArrayList<>();
  private final List<Tuple> seeds;
  private final @Nullable Streaming streaming;

  /**
   * How a grouping of unbounded input goes on.
   *
   * @param slack milliseconds after a window's end until its last rows are there
   * @param updates whether the rows that come are results that change
   */
  record Streaming(PanePolicy policy, long slack, boolean updates) {}

  /** What another node sends. */
  private record Input<T>(Node node, TupleTag<T> tag) {}

  /**
   * @param seeds keys of groups that are there even of no rows
   * @param streaming null: the input is bounded
   * @param shards in which the groups of bounded input are finished; 0: by key
   */
  GroupNode(
      String name,
      GroupOutput group,
      Schema schema,
      KvCoder<Tuple, Partial> coder,
      List<Tuple> seeds,
      @Nullable Streaming streaming,
      int shards) {
    super(name);
    this.shards = shards;
    this.group = group;
    this.schema = schema;
    this.coder = coder;
    this.seeds = List.copyOf(seeds);
    this.streaming = streaming;
  }

  private boolean sharded() {
    return streaming == null && shards > 0;
  }

  /** Has another node's rows summed and sent here, once they went through the steps. */
  void connect(String query, Flow flow, GroupInput input) {
    Node origin = flow.origin();
    String id = name() + "/input." + input.flow();
    if (sharded()) {
      TupleTag<KV<Integer, byte[]>> tag = new TupleTag<>(id);
      blocks.add(new Input<>(origin, tag));
      RowEnd end = new RowEnd.ShardedSums(tag, input, coder, shards);
      origin.add(new Branch(query, flow.steps(), end, tag, ShardBlocks.blockCoder()));
    } else {
      TupleTag<KV<Tuple, Partial>> tag = new TupleTag<>(id);
      sums.add(new Input<>(origin, tag));
      origin.add(new Branch(query, flow.steps(), new RowEnd.Sums(tag, input), tag, coder));
    }
  }

  @Override
  boolean bounded() {
    return streaming == null;
  }

  @Override
  boolean manyPanes() {
    return streaming != null && streaming.policy().manyPanes();
  }

  @Override
  boolean accumulating() {
    return streaming == null || streaming.policy().accumulating();
  }

  @Override
  long slack() {
    return streaming == null ? 0 : streaming.slack();
  }

  @Override
  List<Node> inputs() {
    return Stream.concat(sums.stream().map(Input::node), blocks.stream().map(Input::node))
        .distinct()
        .toList();
  }

  @Override
  Schema schema() {
    return schema;
  }

  @Override
  PCollectionTuple expand(Pipeline pipeline) {
    Stage stage = new Stage(programs());
    TupleTagList outputs = stage.tags();
    TupleTag<ErrorRecord> errors = errorTag(group.query());
    if (!outputs.getAll().contains(errors)) {
      outputs = outputs.and(errors);
    }
    TupleTag<ErrorRecord> nothing = new TupleTag<>("nothing");
    if (sharded()) {
      return blocks(pipeline)
          .apply(name() + "/group", GroupByKey.create())
          .apply(
              name() + "/finish",
              ParDo.of(new ShardGroupFn(group, stage, coder)).withOutputTags(nothing, outputs));
    }
    if (streaming == null) {
      return sums(pipeline)
          .apply(name() + "/group", GroupByKey.create())
          .apply(
              name() + "/finish",
              ParDo.of(new BatchGroupFn(group, stage)).withOutputTags(nothing, outputs));
    }
    StreamGrouping grouping =
        new StreamGrouping(
            group,
            streaming.policy(),
            streaming.slack(),
            streaming.updates(),
            stage.programs(),
            coder.getKeyCoder());
    if (shards > 0) {
      int parts = Math.max(1, shards / 2);
      return sums(pipeline)
          .apply(
              name() + "/shard",
              WithKeys.<Integer, KV<Tuple, Partial>>of(sum -> Shards.of(sum.getKey(), parts))
                  .withKeyType(TypeDescriptors.integers()))
          .setCoder(KvCoder.of(VarIntCoder.of(), coder))
          .apply(
              name() + "/windows",
              ParDo.of(new ShardedStreamGroupFn(grouping)).withOutputTags(nothing, outputs));
    }
    return sums(pipeline)
        .apply(
            name() + "/windows",
            ParDo.of(new StreamGroupFn(grouping)).withOutputTags(nothing, outputs));
  }

  private PCollection<KV<Tuple, Partial>> sums(Pipeline pipeline) {
    PCollectionList<KV<Tuple, Partial>> all = PCollectionList.empty(pipeline);
    for (Input<KV<Tuple, Partial>> input : sums) {
      all = all.and(input.node().output(pipeline, input.tag()));
    }
    if (!seeds.isEmpty()) {
      all = all.and(pipeline.apply(name() + "/none", Create.of(empty()).withCoder(coder)));
    }
    return all.size() == 1 ? all.get(0) : all.apply(name() + "/inputs", Flatten.pCollections());
  }

  private PCollection<KV<Integer, byte[]>> blocks(Pipeline pipeline) {
    PCollectionList<KV<Integer, byte[]>> all = PCollectionList.empty(pipeline);
    for (Input<KV<Integer, byte[]>> input : blocks) {
      all = all.and(input.node().output(pipeline, input.tag()));
    }
    if (!seeds.isEmpty()) {
      List<KV<Integer, byte[]>> empty = new ArrayList<>();
      for (KV<Tuple, Partial> sum : empty()) {
        empty.add(ShardBlocks.single(Shards.of(sum.getKey(), shards), coder, sum));
      }
      all =
          all.and(
              pipeline.apply(
                  name() + "/none", Create.of(empty).withCoder(ShardBlocks.blockCoder())));
    }
    return all.size() == 1 ? all.get(0) : all.apply(name() + "/inputs", Flatten.pCollections());
  }

  /** Sums of no rows. */
  private List<KV<Tuple, Partial>> empty() {
    List<KV<Tuple, Partial>> empty = new ArrayList<>();
    for (Tuple key : seeds) {
      empty.add(
          KV.of(
              key,
              new Partial(
                  Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, group.grouping().compile().create())));
    }
    return empty;
  }
}
