package dev.beamline.io.format;

import dev.beamline.catalog.Tuple;
import java.io.Closeable;
import java.io.IOException;

/** Writes rows to one file. */
public interface RecordWriter extends Closeable {

  void write(Tuple row) throws IOException;

  /** Writes what is still to be written. The stream below stays open: it belongs to the caller. */
  @Override
  void close() throws IOException;
}
