package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Panes;
import java.util.List;

/**
 * The rows of a pane on their way to an operator that looks at each: with those of the pane before,
 * so that whatever becomes of these can be taken back.
 *
 * @param identity of the group and window whose panes replace each other
 * @param sequence grows from pane to pane
 * @param timestamp of the pane, in milliseconds
 */
public record PaneRows(
    ByteString identity,
    Panes.Timing timing,
    long index,
    long sequence,
    long eventTimeMicros,
    long timestamp,
    List<Tuple> rows,
    List<Tuple> previous) {

  public PaneRows {
    rows = List.copyOf(rows);
    previous = List.copyOf(previous);
  }
}
