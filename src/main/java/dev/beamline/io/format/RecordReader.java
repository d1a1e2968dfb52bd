package dev.beamline.io.format;

import dev.beamline.catalog.Tuple;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one file or of a range of it, good and bad ones. One thread only. */
public interface RecordReader extends Closeable {

  /**
   * Moves on.
   *
   * @return false at the end
   * @throws IOException where the bytes cannot be had; a damaged file is a bad record and the end
   */
  boolean next() throws IOException;

  /** The current record, null where it is bad. */
  @Nullable Tuple row();

  /** What is wrong with the current record, null where it is good. */
  @Nullable BadRecord bad();

  /** How many records were left out so far, since no row among them is wanted. */
  default long leftOut() {
    return 0;
  }

  /** 1-based line where the current record begins, from the reader's start; 0 without lines. */
  long line();
}
