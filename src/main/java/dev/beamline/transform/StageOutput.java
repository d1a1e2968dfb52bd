package dev.beamline.transform;

import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Where a {@link RowStage} sends elements: all in the global window, windows are assigned later.
 */
public interface StageOutput {

  <T> void output(TupleTag<T> tag, T element, Instant timestamp);
}
