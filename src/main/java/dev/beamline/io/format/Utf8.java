package dev.beamline.io.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks of UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Index of the first byte that is not ASCII, or {@code end}. */
  static int skipAscii(byte[] bytes, int start, int end) {
    int i = start;
    while (i + 8 <= end && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += 8;
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** Index of the first byte that does not belong to well-formed UTF-8, -1 where all does. */
  static int firstInvalid(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = skipAscii(bytes, offset, end);
    while (i < end) {
      int b = bytes[i] & 0xFF;
      int more;
      int least;
      int code;
      if (b < 0x80) {
        i = skipAscii(bytes, i, end);
        continue;
      } else if (b >= 0xC2 && b <= 0xDF) {
        more = 1;
        least = 0x80;
        code = b & 0x1F;
      } else if (b >= 0xE0 && b <= 0xEF) {
        more = 2;
        least = 0x800;
        code = b & 0x0F;
      } else if (b >= 0xF0 && b <= 0xF4) {
        more = 3;
        least = 0x10000;
        code = b & 0x07;
      } else {
        return i;
      }
      if (i + more >= end) {
        return i;
      }
      for (int k = 1; k <= more; k++) {
        int c = bytes[i + k];
        if ((c & 0xC0) != 0x80) {
          return i;
        }
        code = code << 6 | (c & 0x3F);
      }
      if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return i;
      }
      i += more + 1;
    }
    return -1;
  }

  /** Whether the text has half a surrogate pair, as a JSON escape can write it. */
  static boolean hasLoneSurrogate(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        if (i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      } else if (Character.isLowSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
