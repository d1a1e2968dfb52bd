package dev.beamline.testing.simulation;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.stage.StagingFn;
import java.util.List;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * A source whose rows come from a simulation, decoded already.
 *
 * @param columns of the rows
 */
public record SimulatedSource(String name, Schema columns, boolean bounded)
    implements SourceProvider {

  @Override
  public void check(Problems problems) {
    // Rows in memory are always there.
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    List<Integer> read = request.read().names().stream().map(columns::indexOf).toList();
    return begin
        .apply("Rows", new SimulatedInput(name, columns, bounded))
        .apply(
            "Stage",
            ParDo.of(new Feed(request.stage(), read, request.eventTime()))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  /** Hands the columns that are read to the stage. */
  public static final class Feed extends StagingFn<Tuple> {
    private static final long serialVersionUID = 1L;

    private final List<Integer> columns;
    private final int eventTime;

    /**
     * Hands them over.
     *
     * @param columns that are read, in the order that the stage wants
     * @param eventTime the place among these of the event time; -1: there is none
     */
    public Feed(RowStage stage, List<Integer> columns, int eventTime) {
      super(stage);
      this.columns = columns;
      this.eventTime = eventTime;
    }

    @ProcessElement
    public void process(@Element Tuple row, MultiOutputReceiver receiver) {
      Tuple read = Tuple.of(columns.stream().map(row::get).toArray());
      stage.process(read, ScanRequest.time(read, eventTime), StageOutputs.of(receiver));
    }
  }
}
