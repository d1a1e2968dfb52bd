package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.group.BatchGroupFn;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.PanePolicy;
import dev.beamline.transform.group.Partial;
import dev.beamline.transform.group.ShardGroupFn;
import dev.beamline.transform.group.StreamGroupFn;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.List;
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
  private final List<Input> inputs = new ArrayList<>();
  private final List<Tuple> seeds;
  private final @Nullable Streaming streaming;

  /**
   * How a grouping of unbounded input goes on.
   *
   * @param slack milliseconds after a window's end until its last rows are there
   * @param updates whether the rows that come are results that change
   */
  record Streaming(PanePolicy policy, long slack, boolean updates) {}

  /** Sums that another node sends. */
  record Input(Node node, TupleTag<KV<Tuple, Partial>> tag) {}

  /**
   * @param seeds keys of groups that are there even of no rows
   * @param streaming null: the input is bounded
   */
  GroupNode(
      String name,
      GroupOutput group,
      Schema schema,
      KvCoder<Tuple, Partial> coder,
      List<Tuple> seeds,
      @Nullable Streaming streaming) {
    super(name);
    this.group = group;
    this.schema = schema;
    this.coder = coder;
    this.seeds = List.copyOf(seeds);
    this.streaming = streaming;
  }

  void addInput(Node node, TupleTag<KV<Tuple, Partial>> tag) {
    inputs.add(new Input(node, tag));
  }

  KvCoder<Tuple, Partial> coder() {
    return coder;
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
    return inputs.stream().map(Input::node).distinct().toList();
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
    int shards = pipeline.getOptions().as(GroupingOptions.class).getGroupShards();
    if (streaming == null && shards > 0) {
      return sums(pipeline)
          .apply(
              name() + "/shard",
              WithKeys.<Integer, KV<Tuple, Partial>>of(
                      sum -> ShardGroupFn.shard(sum.getKey(), shards))
                  .withKeyType(TypeDescriptors.integers()))
          .setCoder(KvCoder.of(VarIntCoder.of(), coder))
          .apply(name() + "/group", GroupByKey.create())
          .apply(
              name() + "/finish",
              ParDo.of(new ShardGroupFn(group, stage)).withOutputTags(nothing, outputs));
    }
    if (streaming == null) {
      return sums(pipeline)
          .apply(name() + "/group", GroupByKey.create())
          .apply(
              name() + "/finish",
              ParDo.of(new BatchGroupFn(group, stage)).withOutputTags(nothing, outputs));
    }
    StreamGroupFn windows =
        new StreamGroupFn(
            group,
            streaming.policy(),
            streaming.slack(),
            streaming.updates(),
            stage.programs(),
            coder.getKeyCoder());
    return sums(pipeline)
        .apply(name() + "/windows", ParDo.of(windows).withOutputTags(nothing, outputs));
  }

  private PCollection<KV<Tuple, Partial>> sums(Pipeline pipeline) {
    PCollectionList<KV<Tuple, Partial>> all = PCollectionList.empty(pipeline);
    for (Input input : inputs) {
      all = all.and(input.node().output(pipeline, input.tag()));
    }
    if (!seeds.isEmpty()) {
      List<KV<Tuple, Partial>> empty = new ArrayList<>();
      for (Tuple key : seeds) {
        empty.add(
            KV.of(
                key,
                new Partial(
                    Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, group.grouping().compile().create())));
      }
      all = all.and(pipeline.apply(name() + "/none", Create.of(empty).withCoder(coder)));
    }
    return all.size() == 1 ? all.get(0) : all.apply(name() + "/inputs", Flatten.pCollections());
  }
}
