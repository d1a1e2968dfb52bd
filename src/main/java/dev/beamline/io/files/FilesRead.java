package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RowShape;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Reads files in ranges, in parallel, as a bounded source. */
public final class FilesRead implements SourceProvider {

  /**
   * Bytes a range: big enough that opening costs nothing, small enough for every worker to have
   * one.
   */
  static final long RANGE_BYTES = 32L << 20;

  /** Of Parquet, whose columns are packed so densely that a few bytes hold many records. */
  private static final int PARQUET_PART = 4;

  private final FilesSource source;
  private final long rangeBytes;

  public FilesRead(FilesSource source) {
    this(source, RANGE_BYTES);
  }

  FilesRead(FilesSource source, long rangeBytes) {
    this.source = source;
    this.rangeBytes = rangeBytes;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean bounded() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    check(source, problems);
  }

  /** Looks for the files. */
  static void check(FilesSource source, Problems problems) {
    Place place = source.place() == null ? Place.ofFile("pipelines.yaml") : source.place();
    try {
      InputFile.match(source);
    } catch (MissingFilesException e) {
      problems.add(
          Diagnostic.error(DiagnosticCode.FILE_NOT_FOUND, place, String.valueOf(e.getMessage())));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_READABLE,
              place,
              "source " + source.name() + ": " + e.getMessage()));
    }
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return begin
        .apply(
            "Source", Create.of(List.of(source)).withCoder(SerializableCoder.of(FilesSource.class)))
        .apply("Match", ParDo.of(new MatchFn(rangeBytes)))
        .setCoder(SerializableCoder.of(FileRange.class))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "Read",
            ParDo.of(
                    new ReadRangeFn(
                        source,
                        request,
                        shape(source, request.read(), request.eventTime())
                            .withFilters(request.filters())))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  /** The columns to decode, where a row without event time is no row. */
  static RowShape shape(FilesSource source, Schema read, int eventTime) {
    return RowShape.ofScan(read, eventTime, source.columns());
  }

  /** Finds the files when the pipeline runs, not when it is built. */
  private static final class MatchFn extends DoFn<FilesSource, FileRange> {
    private static final long serialVersionUID = 1L;

    private final long rangeBytes;

    MatchFn(long rangeBytes) {
      this.rangeBytes = rangeBytes;
    }

    @ProcessElement
    public void process(@Element FilesSource source, OutputReceiver<FileRange> receiver)
        throws IOException {
      for (InputFile file : InputFile.match(source)) {
        long bytes =
            source.format() == FileFormat.PARQUET
                ? Math.max(1, rangeBytes / PARQUET_PART)
                : rangeBytes;
        for (FileRange range : FileRange.cut(file, source, bytes)) {
          receiver.output(range);
        }
      }
    }
  }
}
