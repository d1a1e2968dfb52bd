package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.group.BatchGroupFn;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.Partial;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** A grouping operator over bounded input. */
final class GroupNode extends Node {

  private final GroupOutput group;
  private final Schema schema;
  private final KvCoder<Tuple, Partial> coder;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Tuple> seeds;

  /** Sums that another node sends. */
  record Input(Node node, TupleTag<KV<Tuple, Partial>> tag) {}

  /**
   * @param seeds keys of groups that are there even of no rows
   */
  GroupNode(
      String name,
      GroupOutput group,
      Schema schema,
      KvCoder<Tuple, Partial> coder,
      List<Tuple> seeds) {
    super(name);
    this.group = group;
    this.schema = schema;
    this.coder = coder;
    this.seeds = List.copyOf(seeds);
  }

  void addInput(Node node, TupleTag<KV<Tuple, Partial>> tag) {
    inputs.add(new Input(node, tag));
  }

  KvCoder<Tuple, Partial> coder() {
    return coder;
  }

  @Override
  boolean bounded() {
    return true;
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
    return sums(pipeline)
        .apply(name() + "/group", GroupByKey.create())
        .apply(
            name() + "/finish",
            ParDo.of(new BatchGroupFn(group, stage)).withOutputTags(new TupleTag<>("nothing"), outputs));
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
