package dev.beamline.io.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.avro.file.SeekableInput;

/** A channel as Avro wants it. Buffered, for Avro looks for sync marks byte by byte. */
final class AvroChannel implements SeekableInput {

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);

  /** Of the byte behind the buffer's last. */
  private long channelPosition;

  AvroChannel(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.channelPosition = channel.position();
  }

  @Override
  public void seek(long position) throws IOException {
    long bufferStart = channelPosition - buffer.limit();
    if (position >= bufferStart && position <= channelPosition) {
      buffer.position((int) (position - bufferStart));
    } else {
      channel.position(position);
      channelPosition = position;
      buffer.limit(0);
    }
  }

  @Override
  public long tell() {
    return channelPosition - buffer.remaining();
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int read = channel.read(buffer);
      buffer.flip();
      if (read <= 0) {
        return -1;
      }
      channelPosition += read;
    }
    int taken = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, taken);
    return taken;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
