package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.interval.IntervalJoin;
import dev.beamline.transform.interval.IntervalJoinFn;
import dev.beamline.transform.interval.SideRowsFn;
import dev.beamline.transform.interval.SidedRow;
import dev.beamline.transform.interval.SidedRowCoder;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Two streams joined by how far apart the times of their rows are. */
final class IntervalJoinNode extends Node {

  private final IntervalJoin join;
  private final List<Input> inputs = new ArrayList<>();

  private record Input(Node node, TupleTag<Tuple> tag, boolean right) {}

  IntervalJoinNode(String name, IntervalJoin join, List<Flow> left, List<Flow> right) {
    super(name);
    this.join = join;
    left.forEach(flow -> connect(flow, false));
    right.forEach(flow -> connect(flow, true));
  }

  private void connect(Flow flow, boolean right) {
    TupleTag<Tuple> tag = new TupleTag<>(name() + "/input." + inputs.size());
    flow.origin()
        .add(
            new Branch(
                join.query(), flow.steps(), new RowEnd.Rows(tag), tag, TupleCoder.of(side(right))));
    inputs.add(new Input(flow.origin(), tag, right));
  }

  private Schema side(boolean right) {
    return (right ? join.plan().right() : join.plan().left()).schema();
  }

  @Override
  boolean bounded() {
    return false;
  }

  @Override
  boolean rowsOfSource() {
    return true;
  }

  @Override
  boolean countsRows() {
    return false;
  }

  @Override
  long slack() {
    return join.resultSlack();
  }

  @Override
  List<Node> inputs() {
    return inputs.stream().map(Input::node).distinct().toList();
  }

  @Override
  Schema schema() {
    return join.plan().schema();
  }

  @Override
  PCollectionTuple expand(Pipeline pipeline) {
    Schema left = side(false);
    Coder<SidedRow> rowCoder = SidedRowCoder.of(TupleCoder.of(left), TupleCoder.of(side(true)));
    KvCoder<Tuple, SidedRow> coder =
        KvCoder.of(
            TupleCoder.of(join.plan().leftKeys().stream().map(left::type).toList()), rowCoder);
    PCollectionList<KV<Tuple, SidedRow>> rows = PCollectionList.empty(pipeline);
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      SideRowsFn toPlace =
          new SideRowsFn(
              input.right(),
              input.right() ? join.plan().rightKeys() : join.plan().leftKeys(),
              side(input.right()),
              input.right() ? join.bounds().rightTime() : join.bounds().leftTime());
      rows =
          rows.and(
              input
                  .node()
                  .output(pipeline, input.tag())
                  .apply(name() + "/side." + i, ParDo.of(toPlace))
                  .setCoder(coder));
    }
    TupleTag<ErrorRecord> errors = errorTag(join.query());
    Stage stage = new Stage(programs());
    TupleTagList tags = stage.tags();
    if (!tags.getAll().contains(errors)) {
      tags = tags.and(errors);
    }
    return rows.apply(name() + "/sides", Flatten.pCollections())
        .apply(
            name() + "/near",
            ParDo.of(new IntervalJoinFn(join, stage, errors, rowCoder))
                .withOutputTags(new TupleTag<>("nothing"), tags));
  }
}
