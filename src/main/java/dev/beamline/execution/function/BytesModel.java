package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.execution.expression.EvaluationException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The models of CAST between BYTES and STRING: HEX, BASE2 to BASE64, BASE64M, ASCII, UTF-8. */
enum BytesModel {
  HEX {
    @Override
    String write(ByteString bytes) {
      return Encodings.toHex(bytes);
    }

    @Override
    ByteString read(String text) {
      return Encodings.fromHex(text);
    }
  },
  BASE2 {
    @Override
    String write(ByteString bytes) {
      return BitDigits.write(bytes, 1);
    }

    @Override
    ByteString read(String text) {
      return BitDigits.read(text, 1);
    }
  },
  BASE8 {
    @Override
    String write(ByteString bytes) {
      return BitDigits.write(bytes, 3);
    }

    @Override
    ByteString read(String text) {
      return BitDigits.read(text, 3);
    }
  },
  BASE16 {
    @Override
    String write(ByteString bytes) {
      return Encodings.toHex(bytes);
    }

    @Override
    ByteString read(String text) {
      return Encodings.fromHex(text);
    }
  },
  BASE32 {
    @Override
    String write(ByteString bytes) {
      return Encodings.toBase32(bytes);
    }

    @Override
    ByteString read(String text) {
      return Encodings.fromBase32(text);
    }
  },
  BASE64 {
    @Override
    String write(ByteString bytes) {
      return Encodings.toBase64(bytes);
    }

    @Override
    ByteString read(String text) {
      return Encodings.fromBase64(text);
    }
  },
  BASE64M {
    @Override
    String write(ByteString bytes) {
      return Encodings.toBase64(bytes).replaceAll("(.{76})(?=.)", "$1\n");
    }

    @Override
    ByteString read(String text) {
      return Encodings.fromBase64(text);
    }
  },
  ASCII {
    @Override
    String write(ByteString bytes) {
      return ascii(Texts.ofBytes(bytes));
    }

    @Override
    ByteString read(String text) {
      return ByteString.copyFrom(ascii(text), StandardCharsets.US_ASCII);
    }
  },
  UTF8 {
    @Override
    String write(ByteString bytes) {
      return Casts.toText(bytes);
    }

    @Override
    ByteString read(String text) {
      return ByteString.copyFromUtf8(text);
    }
  };

  abstract String write(ByteString bytes);

  abstract ByteString read(String text);

  /** The model of that name, in any case. */
  static BytesModel of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("UTF-8")) {
      return UTF8;
    }
    for (BytesModel model : values()) {
      if (model.name().equals(upper)) {
        return model;
      }
    }
    throw new EvaluationException(
        "Invalid format "
            + Shown.quoted(name)
            + ": between BYTES and STRING it is HEX, BASE2, BASE8, BASE16, BASE32, BASE64, BASE64M,"
            + " ASCII or UTF-8");
  }

  private static String ascii(String text) {
    if (text.chars().anyMatch(c -> c > 127)) {
      throw new EvaluationException("Failed to decode invalid ASCII string");
    }
    return text;
  }
}
