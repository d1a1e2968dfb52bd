package dev.beamline.io.stream;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanFn;
import dev.beamline.io.ScanRequest;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Hands the rows of chunks to a scan's stage, and their errors to the error output. */
public final class StageChunks extends PTransform<PCollection<RowChunk>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final transient ScanRequest request;

  /**
   * Hands them over.
   *
   * @param source the source's name, under which records are counted
   */
  public StageChunks(String source, ScanRequest request) {
    this.source = source;
    this.request = request;
  }

  @Override
  public PCollectionTuple expand(PCollection<RowChunk> chunks) {
    return chunks.apply(
        "Stage",
        ParDo.of(new StageFn(source, request))
            .withOutputTags(request.errors(), request.outputTags()));
  }

  /** A chunk is stamped with the watermark that it came under; its rows with their own times. */
  static final class StageFn extends ScanFn<RowChunk> {

    private static final long serialVersionUID = 1L;

    StageFn(String source, ScanRequest request) {
      super(source, request);
    }

    @ProcessElement
    public void process(@Element RowChunk chunk, MultiOutputReceiver receiver) {
      StageOutput output = StageOutputs.of(receiver);
      for (Tuple row : chunk.rows()) {
        stage.process(row, time(row), output);
      }
      for (ErrorRecord error : chunk.errors()) {
        refuse(error, receiver);
      }
      read.inc(chunk.size());
    }
  }
}
