package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.STRING;

import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import dev.beamline.execution.expression.EvaluationException;
import java.util.Base64;

/** Bytes as text and back: base 16, 32 and 64, and UTF-8 that may be broken. */
final class Encodings {

  private static final char REPLACEMENT = '\uFFFD';

  private Encodings() {}

  static void register(Registry registry) {
    registry.add("TO_HEX").takes(BYTES).returns(STRING).strict(Encodings::toHex);
    registry.add("FROM_HEX").takes(STRING).returns(BYTES).strict(Encodings::fromHex);
    registry.add("TO_BASE64").takes(BYTES).returns(STRING).strict(Encodings::toBase64);
    registry.add("FROM_BASE64").takes(STRING).returns(BYTES).strict(Encodings::fromBase64);
    registry.add("TO_BASE32").takes(BYTES).returns(STRING).strict(Encodings::toBase32);
    registry.add("FROM_BASE32").takes(STRING).returns(BYTES).strict(Encodings::fromBase32);
    registry
        .add("SAFE_CONVERT_BYTES_TO_STRING")
        .takes(BYTES)
        .returns(STRING)
        .strict(Encodings::toText);
  }

  static String toHex(ByteString bytes) {
    return BaseEncoding.base16().lowerCase().encode(bytes.toByteArray());
  }

  /** Of either case; an odd number of digits has a zero before them. */
  static ByteString fromHex(String text) {
    String even = text.length() % 2 == 0 ? text : "0" + text;
    byte[] bytes = new byte[even.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(even.charAt(2 * i));
      int low = digit(even.charAt(2 * i + 1));
      if (high < 0 || low < 0) {
        throw new EvaluationException(
            "Failed to decode invalid hexadecimal string: " + Shown.quoted(text));
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return ByteString.copyFrom(bytes);
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  static String toBase64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** White space is skipped; padding may be left out. */
  static ByteString fromBase64(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!AsciiSpace.is(text.charAt(i))) {
        digits.append(text.charAt(i));
      }
    }
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(digits.toString()));
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(
          "Failed to decode invalid base64 string: " + Shown.quoted(text));
    }
  }

  static String toBase32(ByteString bytes) {
    return BaseEncoding.base32().encode(bytes.toByteArray());
  }

  static ByteString fromBase32(String text) {
    try {
      return ByteString.copyFrom(BaseEncoding.base32().decode(text));
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(
          "Failed to decode invalid base32 string: " + Shown.quoted(text));
    }
  }

  /** Each byte that is no part of a character becomes U+FFFD. */
  static String toText(ByteString bytes) {
    if (bytes.isValidUtf8()) {
      return bytes.toStringUtf8();
    }
    StringBuilder text = new StringBuilder(bytes.size());
    int at = 0;
    while (at < bytes.size()) {
      int length = characterLength(bytes, at);
      if (length == 0) {
        text.append(REPLACEMENT);
        at++;
      } else {
        text.append(bytes.substring(at, at + length).toStringUtf8());
        at += length;
      }
    }
    return text.toString();
  }

  /** How many bytes the character there has; 0 where there is none. */
  private static int characterLength(ByteString bytes, int at) {
    for (int length = 1; length <= 4 && at + length <= bytes.size(); length++) {
      if (bytes.substring(at, at + length).isValidUtf8()) {
        return length;
      }
    }
    return 0;
  }
}
