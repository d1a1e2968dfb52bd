package dev.beamline.io.format;

import dev.beamline.catalog.Tuple;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An empty file. */
record NoRecords(Closeable source) implements RecordReader {

  @Override
  public boolean next() {
    return false;
  }

  @Override
  public @Nullable Tuple row() {
    return null;
  }

  @Override
  public @Nullable BadRecord bad() {
    return null;
  }

  @Override
  public long line() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
