package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.testing.simulation.SimulatedSource;
import java.util.List;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Rows in memory, bounded, or a TestStream of rows. */
final class MemorySource implements SourceProvider {

  private final String name;
  private final Schema schema;
  private final PTransform<PBegin, PCollection<Tuple>> rows;
  private final boolean bounded;

  private MemorySource(
      String name, Schema schema, PTransform<PBegin, PCollection<Tuple>> rows, boolean bounded) {
    this.name = name;
    this.schema = schema;
    this.rows = rows;
    this.bounded = bounded;
  }

  static MemorySource of(String name, Schema schema, List<Tuple> rows) {
    return new MemorySource(name, schema, Create.of(rows).withCoder(TupleCoder.of(schema)), true);
  }

  static MemorySource of(String name, Schema schema, TestStream<Tuple> rows) {
    return new MemorySource(name, schema, rows, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean bounded() {
    return bounded;
  }

  @Override
  public void check(Problems problems) {}

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    List<Integer> columns = request.read().names().stream().map(schema::indexOf).toList();
    return begin
        .apply("Rows", rows)
        .apply(
            "Stage",
            ParDo.of(new SimulatedSource.Feed(request.stage(), columns, request.eventTime()))
                .withOutputTags(request.errors(), request.outputTags()));
  }
}
