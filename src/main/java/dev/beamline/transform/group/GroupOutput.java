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
 * @param keySchema the key columns of a group, without the window's, to show a group that fails
 * @param timing as at the operator's input
 * @param windowInKey whether the keys end with the window's start and end
 * @param errors where groups go whose result is in error
 */
public record GroupOutput(
    String query,
    Grouping grouping,
    Schema keySchema,
    GroupInput.Timing timing,
    boolean windowInKey,
    TupleTag<ErrorRecord> errors)
    implements Serializable {

  /** The group's own key. */
  Tuple groupKey(Tuple key) {
    return windowInKey ? GroupPlaces.withoutWindow(key) : key;
  }
}
