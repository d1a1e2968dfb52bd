package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanFn;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import java.io.IOException;
import java.util.Objects;

/** Reads a range of a file and hands each row to the stage: no element a record. */
final class ReadRangeFn extends ScanFn<FileRange> {

  private static final long serialVersionUID = 1L;

  /** Progress is counted in such steps. */
  private static final int COUNT_STEP = 8192;

  private final FilesSource source;
  private final RowShape shape;

  ReadRangeFn(FilesSource source, ScanRequest request, RowShape shape) {
    super(source.name(), request);
    this.source = source;
    this.shape = shape;
  }

  @ProcessElement
  public void process(@Element FileRange range, MultiOutputReceiver receiver) throws IOException {
    StageOutput output = StageOutputs.of(receiver);
    ErrorRecords errors = new ErrorRecords(source.name(), range);
    int count = 0;
    try (RecordReader records = range.open(source, shape)) {
      while (records.next()) {
        if (++count == COUNT_STEP) {
          read.inc(count);
          count = 0;
        }
        Tuple row = records.row();
        if (row == null) {
          refuse(errors.of(Objects.requireNonNull(records.bad())), receiver);
        } else {
          stage.process(row, time(row), output);
        }
      }
      read.inc(records.leftOut());
      stage.leftOut(records.leftOut());
    }
    read.inc(count);
  }
}
