package dev.beamline.transform.group;

import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;

/** What a group computes, as a description that workers compile. */
public interface Grouping extends Serializable {

  Kernel compile();

  Coder<Object> accumulatorCoder();

  /** Whether an accumulator grows with the rows that are added. */
  boolean collects();
}
