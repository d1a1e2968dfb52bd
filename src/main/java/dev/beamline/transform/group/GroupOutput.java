package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import java.io.Serializable;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What a grouping operator makes of the sums that come to it.
 *
 * @param query whose operator it is
 * @param errorSchema the columns of rows that fail, to show them: a group's key, or the rows that
 *     come in
 * @param timing as at the operator's input
 * @param windowInKey whether the keys end with the window's start and end
 * @param errors where groups go whose result is in error
 */
public record GroupOutput(
    String query,
    Grouping grouping,
    Schema errorSchema,
    GroupInput.Timing timing,
    boolean windowInKey,
    TupleTag<ErrorRecord> errors)
    implements Serializable {

  /** The group's own key. */
  Tuple groupKey(Tuple key) {
    return windowInKey ? GroupPlaces.withoutWindow(key) : key;
  }
}
