package dev.beamline.io;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.stage.StagingFn;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A step that hands a source's rows to the stage of its scan, its bad records to the error output,
 * and counts both.
 *
 * @param <T> what the rows come in
 */
public abstract class ScanFn<T> extends StagingFn<T> {

  private static final long serialVersionUID = 1L;

  /** Records, good and bad. */
  protected final Counter read;

  private final int eventTime;
  private final TupleTag<ErrorRecord> errorTag;
  private final Counter refused;

  /**
   * Serves a request.
   *
   * @param source the source's name, under which records are counted
   */
  protected ScanFn(String source, ScanRequest request) {
    super(request.stage());
    this.eventTime = request.eventTime();
    this.errorTag = request.errors();
    this.read = Ledger.counter(Ledger.READ, source);
    this.refused = Ledger.counter(Ledger.REFUSED, source);
  }

  /** The event time of a row that was read, in microseconds. */
  protected final long time(Tuple row) {
    return ScanRequest.time(row, eventTime);
  }

  /** Sends a record that cannot be used to the error output. */
  protected final void refuse(ErrorRecord error, MultiOutputReceiver receiver) {
    refused.inc();
    receiver.get(errorTag).outputWithTimestamp(error, BoundedWindow.TIMESTAMP_MIN_VALUE);
  }
}
