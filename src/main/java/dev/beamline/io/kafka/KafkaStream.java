package dev.beamline.io.kafka;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.stream.CurrentSources;
import dev.beamline.io.stream.StageChunks;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Reads a topic as a stream without end. */
public final class KafkaStream implements SourceProvider {

  private final KafkaSource source;
  private final String run;

  /**
   * Reads it.
   *
   * @param run the id under which the stream can be drained
   */
  public KafkaStream(KafkaSource source, String run) {
    this.source = source;
    this.run = run;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean bounded() {
    return false;
  }

  @Override
  public void check(Problems problems) {
    KafkaChecks.check(source, problems);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    KafkaStreamSource stream =
        new KafkaStreamSource(
            source,
            KafkaChecks.shape(source, request),
            request.read(),
            request.eventTime(),
            run,
            Share.ALL);
    CurrentSources.add(begin.getPipeline().getOptions(), source.name(), stream);
    return begin
        .apply("Read", Read.from(stream))
        .apply("Rows", new StageChunks(source.name(), request));
  }
}
