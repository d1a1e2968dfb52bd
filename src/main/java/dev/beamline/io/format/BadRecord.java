package dev.beamline.io.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A record that could not be decoded.
 *
 * @param code a {@link DecodeErrorCode}'s name
 * @param input the whole record; in base64 where it is not text
 * @param line 1-based line of its first byte, counted from where the reader began; 0 where the
 *     format has no lines
 * @param number 1-based count of the record, blank lines and header not counted
 */
public record BadRecord(
    String code, String message, String input, boolean base64, long line, long number) {

  static BadRecord of(
      DecodeException e, byte[] bytes, int offset, int length, long line, long number) {
    String text;
    boolean base64 = false;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, offset, length))
              .toString();
    } catch (CharacterCodingException notText) {
      text = encode(bytes, offset, length);
      base64 = true;
    }
    return new BadRecord(e.code().name(), e.reason(), text, base64, line, number);
  }

  private static String encode(byte[] bytes, int offset, int length) {
    ByteBuffer encoded = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, offset, length));
    return new String(encoded.array(), 0, encoded.remaining(), StandardCharsets.ISO_8859_1);
  }
}
