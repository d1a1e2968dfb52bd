package dev.beamline.transform.group;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/** Numbers of either sign in few bytes when they are near to zero. */
final class Longs {

  private Longs() {}

  static void write(long value, OutputStream out) throws IOException {
    VarInt.encode((value << 1) ^ (value >> 63), out);
  }

  static long read(InputStream in) throws IOException {
    long value = VarInt.decodeLong(in);
    return (value >>> 1) ^ -(value & 1);
  }
}
