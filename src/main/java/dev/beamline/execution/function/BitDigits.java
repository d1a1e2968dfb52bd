package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.execution.expression.EvaluationException;

/** Bytes as digits of one or three bits, aligned to the last byte. */
final class BitDigits {

  private BitDigits() {}

  static String write(ByteString bytes, int bits) {
    int total = bytes.size() * 8;
    int digits = (total + bits - 1) / bits;
    StringBuilder text = new StringBuilder(digits);
    for (int i = digits - 1; i >= 0; i--) {
      int digit = 0;
      for (int b = bits - 1; b >= 0; b--) {
        digit = digit << 1 | bit(bytes, i * bits + b);
      }
      text.append((char) ('0' + digit));
    }
    return text.toString();
  }

  /** Bit 0 is the lowest of the last byte; those before the first byte are 0. */
  private static int bit(ByteString bytes, int index) {
    int at = bytes.size() - 1 - index / 8;
    return at < 0 ? 0 : bytes.byteAt(at) >> index % 8 & 1;
  }

  static ByteString read(String text, int bits) {
    // Eight digits of three bits are three bytes; fewer ones fill the bytes they need.
    int size =
        bits == 1 ? (text.length() + 7) / 8 : text.length() / 8 * 3 + (text.length() % 8 + 2) / 3;
    byte[] bytes = new byte[size];
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(text.length() - 1 - i) - '0';
      if (digit < 0 || digit >= 1 << bits) {
        throw new EvaluationException(
            "Failed to decode invalid base" + (1 << bits) + " string: " + Shown.quoted(text));
      }
      for (int b = 0; b < bits; b++) {
        int index = i * bits + b;
        int at = size - 1 - index / 8;
        if (at >= 0) {
          bytes[at] |= (byte) ((digit >> b & 1) << index % 8);
        }
      }
    }
    return ByteString.copyFrom(bytes);
  }
}
