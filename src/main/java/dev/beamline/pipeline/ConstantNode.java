package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.stage.Stage;
import dev.beamline.transform.stage.StageFn;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Rows that stand in the query. */
final class ConstantNode extends Node {

  private final Schema schema;
  private final List<Tuple> rows;

  ConstantNode(String name, Schema schema, List<Tuple> rows) {
    super(name);
    this.schema = schema;
    this.rows = rows;
  }

  @Override
  boolean bounded() {
    return true;
  }

  @Override
  List<Node> inputs() {
    return List.of();
  }

  @Override
  Schema schema() {
    return schema;
  }

  @Override
  PCollectionTuple expand(Pipeline pipeline) {
    PCollection<Tuple> constants =
        pipeline.apply(name() + "/values", Create.of(rows).withCoder(TupleCoder.of(schema)));
    return constants.apply(name() + "/rows", StageFn.over(new Stage(programs()), -1));
  }
}
