package dev.beamline.io.format;

import dev.beamline.catalog.Tuple;

/** Decodes the bytes of one record. Keeps buffers: one thread only, not serializable. */
public interface RecordDecoder {

  /**
   * The columns of {@link RowShape#read()}.
   *
   * @throws DecodeException where the record does not keep its contract
   */
  Tuple decode(byte[] bytes, int offset, int length) throws DecodeException;
}
