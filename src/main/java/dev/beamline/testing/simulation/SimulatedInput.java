package dev.beamline.testing.simulation;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.WindowingStrategy;

/** The place in a graph where {@link Simulation#add} puts the rows of a source. */
final class SimulatedInput extends PTransform<PBegin, PCollection<Tuple>> {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final transient Schema schema;
  private final boolean bounded;

  SimulatedInput(String source, Schema schema, boolean bounded) {
    this.source = source;
    this.schema = schema;
    this.bounded = bounded;
  }

  String source() {
    return source;
  }

  @Override
  public PCollection<Tuple> expand(PBegin begin) {
    return PCollection.createPrimitiveOutputInternal(
        begin.getPipeline(),
        WindowingStrategy.globalDefault(),
        bounded ? PCollection.IsBounded.BOUNDED : PCollection.IsBounded.UNBOUNDED,
        TupleCoder.of(schema));
  }
}
