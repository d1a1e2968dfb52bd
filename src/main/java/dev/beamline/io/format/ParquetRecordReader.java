package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files: only the columns that are read are touched, row group by row group. A file that is
 * cut into ranges gives each row group to the range that holds its middle.
 */
final class ParquetRecordReader extends BinaryRecordReader {

  private final long start;
  private final long end;
  private final List<Column> columns = new ArrayList<>();
  private final ParquetConverters.Failure failure = new ParquetConverters.Failure();
  private final Rows rows;
  private final boolean[] absent;
  private @Nullable ParquetFileReader file;
  private @Nullable MessageColumnIO columnIo;
  private @Nullable RecordReader<Tuple> group;
  private long leftInGroup;

  /** For each row group that comes whether it may hold a row that somebody wants. */
  private final Queue<Boolean> groups = new ArrayDeque<>();

  private int nextGroup;
  private long leftOut;

  /**
   * @param alsoClose what to close at the end besides the channel
   */
  ParquetRecordReader(
      SeekableByteChannel channel, Closeable alsoClose, long start, long end, RowShape shape) {
    super(channel, alsoClose, shape);
    this.start = start;
    this.end = end;
    // Required columns that nobody reads come behind the others, to be looked at for NULLs.
    for (int i = 0; i < shape.read().size(); i++) {
      Column column = shape.read().column(i);
      columns.add(new Column(column.name(), column.type(), shape.required(i), null));
    }
    Schema declared = shape.declared();
    for (String name : shape.requiredOnly()) {
      columns.add(new Column(name, declared.type(declared.indexOf(name)), true, null));
    }
    this.absent = new boolean[columns.size()];
    this.rows = new Rows();
  }

  @Override
  public boolean next() throws IOException {
    forget();
    if (ended) {
      return false;
    }
    try {
      if (file == null) {
        file = open();
      }
      while (leftInGroup == 0) {
        Boolean wanted = groups.poll();
        // An empty group is passed over by the file itself, which would count the others wrongly.
        long size = wanted == null ? 1 : file.getRowGroups().get(nextGroup).getRowCount();
        if (Boolean.FALSE.equals(wanted) || size == 0) {
          leftOut += size;
          nextGroup++;
          file.skipNextRowGroup();
          continue;
        }
        nextGroup++;
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null || columnIo == null) {
          ended = true;
          return false;
        }
        leftInGroup = pages.getRowCount();
        group = columnIo.getRecordReader(pages, rows);
      }
      leftInGroup--;
      number++;
      if (group != null) {
        group.read();
      }
    } catch (RuntimeException | IOException e) {
      if (e instanceof ChannelFailure failed) {
        throw failed.cause;
      }
      endsCorrupt(e);
      return true;
    }
    check();
    return true;
  }

  private void check() {
    Tuple all = rows.current;
    DecodeException found = failure.take();
    for (int i = 0; found == null && i < columns.size(); i++) {
      if (columns.get(i).required() && all.get(i) == null) {
        found = JsonValues.missing(columns.get(i).name(), !absent[i]);
      }
    }
    if (found != null) {
      refuse(found, RowsText.jsonRows(new Schema(columns), List.of(rows.current)));
      return;
    }
    int size = shape.read().size();
    row = size == all.size() ? all : Tuple.of(java.util.Arrays.copyOf(all.values(), size));
  }

  private ParquetFileReader open() throws IOException {
    ParquetReadOptions.Builder options =
        new ParquetReadOptions.Builder(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs());
    if (start > 0 || end < Long.MAX_VALUE) {
      options.withRange(start, end);
    }
    ParquetFileReader opened = ParquetFileReader.open(new ChannelFile(channel), options.build());
    MessageType written = opened.getFileMetaData().getSchema();
    List<org.apache.parquet.schema.Type> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      org.apache.parquet.schema.Type field = ParquetConverters.field(written, column.name());
      if (field == null) {
        absent[i] = true;
      } else {
        fields.add(ParquetConverters.project(field, column.type()));
      }
    }
    groups.addAll(ParquetGroups.wanted(opened, written, columns, shape.filters()));
    MessageType requested = new MessageType(written.getName(), fields);
    opened.setRequestedSchema(requested);
    rows.root = new ParquetConverters.Rows(requested, columns, failure, rows::set);
    columnIo =
        new ColumnIOFactory(opened.getFileMetaData().getCreatedBy())
            .getColumnIO(requested, written);
    return opened;
  }

  @Override
  public long leftOut() {
    return leftOut;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
    super.close();
  }

  /** Where Parquet puts the record together. */
  private static final class Rows extends RecordMaterializer<Tuple> {
    private @Nullable GroupConverter root;
    private Tuple current = Tuple.of();

    void set(Object tuple) {
      current = (Tuple) tuple;
    }

    @Override
    public Tuple getCurrentRecord() {
      return current;
    }

    @Override
    public GroupConverter getRootConverter() {
      if (root == null) {
        throw new IllegalStateException("not opened");
      }
      return root;
    }
  }

  /** The bytes cannot be had, which is no fault of the file. */
  private static final class ChannelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient IOException cause;

    ChannelFailure(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private record ChannelFile(SeekableByteChannel channel) implements InputFile {
    @Override
    public long getLength() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableInputStream newStream() {
      return new ChannelStream(channel);
    }
  }

  private static final class ChannelStream extends DelegatingSeekableInputStream {
    private final SeekableByteChannel channel;

    ChannelStream(SeekableByteChannel channel) {
      super(new ChannelInput(channel));
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      if (position < 0 || position > channel.size()) {
        throw new EOFException("no byte " + position);
      }
      channel.position(position);
    }
  }

  private static final class ChannelInput extends java.io.InputStream {
    private final SeekableByteChannel channel;

    ChannelInput(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      int read = read(one, 0, 1);
      return read < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
      } catch (IOException e) {
        throw new ChannelFailure(e);
      }
    }
  }
}
