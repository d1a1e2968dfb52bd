package dev.beamline.io.files;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Reads files as a stream: one record after the other, file by file in the order of paths, with a
 * watermark that follows the event times and jumps to the end of time behind the last record. The
 * result is unbounded, yet the pipeline ends with the files.
 */
public final class FilesStream implements SourceProvider {

  private final FilesSource source;
  private final StreamPace pace;

  public FilesStream(FilesSource source, StreamPace pace) {
    this.source = source;
    this.pace = pace;
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
    FilesRead.check(source, problems);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    StreamFn stream =
        new StreamFn(
            pace,
            request,
            FilesRead.shape(source, request.read(), request.eventTime()),
            source.name(),
            UUID.randomUUID().toString());
    return begin
        .apply(
            "Source", Create.of(List.of(source)).withCoder(SerializableCoder.of(FilesSource.class)))
        .apply("Read", ParDo.of(stream).withOutputTags(request.errors(), request.outputTags()));
  }
}
