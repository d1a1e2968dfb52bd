package dev.beamline.io.files;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.stream.StageChunks;
import org.apache.beam.sdk.io.Read;
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
  private final String run;

  /**
   * Plays files.
   *
   * @param run the id under which the stream can be drained
   */
  public FilesStream(FilesSource source, StreamPace pace, String run) {
    this.source = source;
    this.pace = pace;
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
  public boolean ends() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    FilesRead.check(source, problems);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return begin
        .apply(
            "Read",
            Read.from(
                new FilesStreamSource(
                    source,
                    FilesRead.shape(source, request.read(), request.eventTime()),
                    request.read(),
                    request.eventTime(),
                    pace,
                    run)))
        .apply("Rows", new StageChunks(source.name(), request));
  }
}
