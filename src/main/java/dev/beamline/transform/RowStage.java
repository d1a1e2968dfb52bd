package dev.beamline.transform;

import dev.beamline.catalog.Tuple;
import java.io.Serializable;

/**
 * What is done with each decoded row of a source, inside the very DoFn that decodes it: for every
 * query filter, project and sum, so that no element is sent for a row. A worker's copy is set up
 * once and then sees bundles, each of one thread.
 */
public interface RowStage extends Serializable {

  /** Compiles what cannot be sent. Called once a copy, before all else. */
  void setup();

  void startBundle();

  /**
   * @param row the source's columns that are read, in the order of the scan's schema
   * @param eventTimeMicros microseconds since the epoch
   */
  void process(Tuple row, long eventTimeMicros, StageOutput output);

  /**
   * Hears of rows that the source left out because no query wants them, so that they are counted.
   */
  default void leftOut(long rows) {}

  /** Sends what was summed. */
  void finishBundle(StageOutput output);
}
