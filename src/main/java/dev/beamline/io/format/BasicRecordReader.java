package dev.beamline.io.format;

import dev.beamline.catalog.Tuple;
import org.jspecify.annotations.Nullable;

/** What readers of all formats keep of the record that they are at. */
abstract class BasicRecordReader implements RecordReader {

  /** The record's row; null: it is bad, or there is none. */
  @Nullable Tuple row;

  /** What is wrong with the record; null: nothing. */
  @Nullable BadRecord bad;

  /** How many records there were, with this one. */
  long number;

  /** There is no further record. */
  boolean ended;

  /** Before the next record is read. */
  final void forget() {
    row = null;
    bad = null;
  }

  @Override
  public final @Nullable Tuple row() {
    return row;
  }

  @Override
  public final @Nullable BadRecord bad() {
    return bad;
  }
}
