package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.Compression;
import dev.beamline.io.format.RecordWriter;
import dev.beamline.io.format.RecordWriters;
import dev.beamline.transform.Change;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.apache.beam.sdk.io.FileIO;
import org.jspecify.annotations.Nullable;

/** Writes the rows of changes into one file. */
final class RowFileSink implements FileIO.Sink<Change> {

  private static final long serialVersionUID = 1L;

  private final FilesTarget target;
  private transient @Nullable OutputStream stream;
  private transient @Nullable RecordWriter writer;

  RowFileSink(FilesTarget target) {
    this.target = target;
  }

  @Override
  public void open(WritableByteChannel channel) throws IOException {
    // Beam closes the channel itself, after the flush.
    OutputStream unclosed = new Unclosed(Channels.newOutputStream(channel));
    stream = Compression.ofName(target.fileName()).compress(unclosed);
    writer = RecordWriters.open(target.format(), target.table().schema(), stream);
  }

  @Override
  public void write(Change change) throws IOException {
    Tuple row = change.row();
    Objects.requireNonNull(writer).write(row);
  }

  @Override
  public void flush() throws IOException {
    Objects.requireNonNull(writer).close();
    Objects.requireNonNull(stream).close();
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
