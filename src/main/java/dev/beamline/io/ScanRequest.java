package dev.beamline.io;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.plan.Expression;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * What the graph asks of a source: these columns of every record, handed to the stage in the very
 * step that decodes them.
 *
 * @param read the columns that are read, in the order of the stage's tuples
 * @param eventTime index of the event-time column in {@code read}; -1 where the source has none,
 *     and then the stage gets {@link #NO_EVENT_TIME}
 * @param stage what is done with each row
 * @param outputs the tags to which the stage sends; coders are set by the caller on the result
 * @param errors the tag of records that cannot be used
 * @param filters a row that passes none of these is of no use to anybody, and a source may leave it
 *     out; the stage looks again at those that come. Empty: every row is wanted
 */
public record ScanRequest(
    Schema read,
    int eventTime,
    RowStage stage,
    List<TupleTag<?>> outputs,
    TupleTag<ErrorRecord> errors,
    List<Filter> filters) {

  /** The event time of rows that have none: the earliest timestamp of Beam, in microseconds. */
  public static final long NO_EVENT_TIME =
      org.apache.beam.sdk.transforms.windowing.BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() * 1000;

  /**
   * What one reader asks of rows.
   *
   * @param schema that the condition's columns are indexes of
   */
  public record Filter(Schema schema, Expression condition) implements Serializable {}

  /** A request for every row. */
  public ScanRequest(
      Schema read,
      int eventTime,
      RowStage stage,
      List<TupleTag<?>> outputs,
      TupleTag<ErrorRecord> errors) {
    this(read, eventTime, stage, outputs, errors, List.of());
  }

  public ScanRequest {
    outputs = List.copyOf(outputs);
    filters = List.copyOf(filters);
    if (eventTime < -1 || eventTime >= read.size()) {
      throw new IllegalArgumentException("no column " + eventTime + " in " + read);
    }
  }

  /**
   * The event time of a row, in microseconds.
   *
   * @param column that holds it; -1 where there is none
   */
  public static long time(Tuple row, int column) {
    return column >= 0 && row.get(column) instanceof Long micros ? micros : NO_EVENT_TIME;
  }

  /** The outputs beside the errors, for {@code ParDo.withOutputTags(errors, ...)}. */
  public TupleTagList outputTags() {
    TupleTagList tags = TupleTagList.empty();
    for (TupleTag<?> output : outputs) {
      tags = tags.and(output);
    }
    return tags;
  }
}
