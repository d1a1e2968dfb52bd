package dev.beamline.io.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/** What readers of binary formats have in common: a channel, and records without lines. */
abstract class BinaryRecordReader extends BasicRecordReader {

  final SeekableByteChannel channel;
  final RowShape shape;
  private final Closeable alsoClose;

  /**
   * Reads from a channel.
   *
   * @param alsoClose what to close at the end besides the channel
   */
  BinaryRecordReader(SeekableByteChannel channel, Closeable alsoClose, RowShape shape) {
    this.channel = channel;
    this.alsoClose = alsoClose;
    this.shape = shape;
  }

  /** Makes a bad record of what the file holds from here on, and of no other. */
  final void endsCorrupt(Exception why) {
    endsBad(
        DecodeErrorCode.CORRUPT_FILE,
        "the file cannot be read on ("
            + String.valueOf(why.getMessage()).lines().findFirst().orElse("")
            + "); the records before were used");
  }

  final void endsBad(DecodeErrorCode code, String reason) {
    ended = true;
    number++;
    refuse(new DecodeException(code, reason), "");
  }

  /**
   * Makes this record a bad one.
   *
   * @param text of the record, to be shown
   */
  final void refuse(DecodeException e, String text) {
    bad = new BadRecord(e.code().name(), e.reason(), text, false, 0, number);
  }

  @Override
  public final long line() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    alsoClose.close();
  }
}
