package dev.beamline.io.pubsub;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.record.StageRecordsFn;
import dev.beamline.io.stream.CurrentSources;
import java.io.IOException;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Reads messages of a topic or subscription as a stream. */
public final class PubsubSource implements SourceProvider {

  private final PubsubSettings settings;
  private final PipelineOptions options;

  /**
   * A source.
   *
   * @param options the address of the service
   */
  public PubsubSource(PubsubSettings settings, PipelineOptions options) {
    this.settings = settings;
    this.options = options;
  }

  @Override
  public void prepare() throws IOException {
    PubsubClients.reach(options);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public boolean bounded() {
    return false;
  }

  @Override
  public void check(Problems problems) {
    // The names were checked as they were read; the service is asked when the pipeline runs.
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    PubsubStream stream = new PubsubStream(settings, request.read(), request.eventTime());
    CurrentSources.add(begin.getPipeline().getOptions(), settings.name(), stream);
    return begin
        .apply("Pull", Read.from(stream))
        .apply(
            "Stage",
            ParDo.of(new StageRecordsFn(settings.name(), request))
                .withOutputTags(request.errors(), request.outputTags()));
  }
}
