package dev.beamline.io.files;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.stream.StageChunks;
import dev.beamline.transform.deduplicate.LeadingColumns;
import java.util.ArrayList;
import java.util.List;
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
  public PCollectionTuple read(PBegin begin, ScanRequest asked) {
    ScanRequest request = timed(asked);
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

  /** With the event time, where the pace needs it and nobody else does. */
  private ScanRequest timed(ScanRequest request) {
    String column = source.eventTime();
    if (request.eventTime() >= 0 || pace.speed() == 0 || column == null) {
      return request;
    }
    int size = request.read().size();
    List<Column> columns = new ArrayList<>(request.read().columns());
    int known = request.read().indexOf(column);
    if (known < 0) {
      columns.add(source.columns().column(source.columns().indexOf(column)));
    }
    return new ScanRequest(
        new Schema(columns),
        known < 0 ? size : known,
        LeadingColumns.of(request.stage(), size, columns.size()),
        request.outputs(),
        request.errors(),
        request.filters());
  }
}
