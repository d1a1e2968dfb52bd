package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Characters and bytes as numbers. */
final class CodePoints {

  private CodePoints() {}

  static void register(Registry registry) {
    registry
        .add("ASCII")
        .takes(STRING)
        .returns(INT64)
        .strict(CodePoints::ascii)
        .takes(BYTES)
        .returns(INT64)
        .strict((ByteString bytes) -> bytes.isEmpty() ? 0L : bytes.byteAt(0) & 0xffL);
    registry
        .add("UNICODE")
        .takes(STRING)
        .returns(INT64)
        .strict((String text) -> text.isEmpty() ? 0L : (long) text.codePointAt(0));
    registry.add("CHR").takes(INT64).returns(STRING).strict(CodePoints::character);
    registry
        .add("TO_CODE_POINTS")
        .takes(STRING)
        .returns(Type.array(INT64))
        .strict((String text) -> text.codePoints().mapToObj(c -> (long) c).toList())
        .takes(BYTES)
        .returns(Type.array(INT64))
        .strict(
            (ByteString bytes) ->
                Texts.ofBytes(bytes).codePoints().mapToObj(c -> (long) c).toList());
    registry
        .add("CODE_POINTS_TO_STRING")
        .takes(Type.array(INT64))
        .returns(STRING)
        .strict(CodePoints::toText);
    registry
        .add("CODE_POINTS_TO_BYTES")
        .takes(Type.array(INT64))
        .returns(BYTES)
        .strict(CodePoints::toBytes);
  }

  private static Long ascii(String text) {
    if (text.isEmpty()) {
      return 0L;
    } else if (text.charAt(0) > 127) {
      throw new EvaluationException(
          "Argument to ASCII is not a structurally valid ASCII string: " + Shown.quoted(text));
    }
    return (long) text.charAt(0);
  }

  private static String character(Long codePoint) {
    return codePoint == 0 ? "" : Character.toString(valid(codePoint));
  }

  private static int valid(long codePoint) {
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT || surrogate) {
      throw new EvaluationException("Invalid codepoint " + codePoint);
    }
    return (int) codePoint;
  }

  private static @Nullable String toText(List<@Nullable Long> codePoints) {
    StringBuilder text = new StringBuilder();
    for (Long codePoint : codePoints) {
      if (codePoint == null) {
        return null;
      }
      text.appendCodePoint(valid(codePoint));
    }
    return text.toString();
  }

  private static @Nullable ByteString toBytes(List<@Nullable Long> codePoints) {
    byte[] bytes = new byte[codePoints.size()];
    for (int i = 0; i < bytes.length; i++) {
      Long code = codePoints.get(i);
      if (code == null) {
        return null;
      } else if (code < 0 || code > 255) {
        throw new EvaluationException("Invalid extended ASCII code point " + code);
      }
      bytes[i] = code.byteValue();
    }
    return ByteString.copyFrom(bytes);
  }
}
