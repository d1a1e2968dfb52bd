package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;

/** Functions that find, take and put together parts of strings and bytes. */
final class StringParts {

  /** As BigQuery: what a number in the SQL can blow up is limited. */
  private static final int MAX_OUTPUT_BYTES = 1 << 20;

  private StringParts() {}

  static void register(Registry registry) {
    TextGroup group = new TextGroup(registry);
    group.unary("LENGTH", INT64, text -> (long) Texts.length(text));
    registry
        .add("CHAR_LENGTH")
        .alias("CHARACTER_LENGTH")
        .takes(STRING)
        .returns(INT64)
        .strict((String text) -> (long) Texts.length(text));
    registry
        .add("BYTE_LENGTH")
        .alias("OCTET_LENGTH")
        .takes(STRING)
        .returns(INT64)
        .strict((String text) -> (long) ByteString.copyFromUtf8(text).size())
        .takes(BYTES)
        .returns(INT64)
        .strict((ByteString bytes) -> (long) bytes.size());
    group.binary("STARTS_WITH", BOOL, (text, part) -> text.startsWith(part));
    group.binary("ENDS_WITH", BOOL, (text, part) -> text.endsWith(part));
    group.binary("STRPOS", INT64, (text, part) -> position(text, part, 1, 1));
    registerInstr(registry);
    group
        .withNumber("SUBSTR", STRING, (text, from) -> Texts.substring(text, from, Long.MAX_VALUE))
        .alias("SUBSTRING");
    registry
        .add("SUBSTR")
        .takes(STRING, INT64, INT64)
        .returns(STRING)
        .strict((String text, Long from, Long length) -> substring(text, from, length))
        .takes(BYTES, INT64, INT64)
        .returns(BYTES)
        .strict(
            (ByteString text, Long from, Long length) ->
                Texts.toBytes(substring(Texts.ofBytes(text), from, length)));
    group.withNumber(
        "LEFT",
        STRING,
        (text, length) -> Texts.substring(text, 1, notNegative(length, "LEFT", "Second")));
    group.withNumber("RIGHT", STRING, StringParts::right);
    group.withNumber("REPEAT", STRING, StringParts::repeat);
    pad(registry, "LPAD", true);
    pad(registry, "RPAD", false);
    group.unary("REVERSE", STRING, StringParts::reverse);
    group.ternary(
        "REPLACE",
        STRING,
        () -> (text, from, to) -> from.isEmpty() ? text : text.replace(from, to));
    group.ternary(
        "TRANSLATE",
        STRING,
        () -> {
          LastUsed<List<String>, Translation> translation =
              new LastUsed<>(fromTo -> Translation.of(fromTo.get(0), fromTo.get(1)));
          return (text, from, to) -> translation.get(List.of(from, to)).apply(text);
        });
    group.binary("SPLIT", Type.array(STRING), StringParts::split);
    registry
        .add("SPLIT")
        .takes(STRING)
        .returns(Type.array(STRING))
        .strict((String text) -> split(text, ","));
  }

  private static void registerInstr(Registry registry) {
    registry
        .add("INSTR")
        .takes(of(STRING), of(STRING), optional(INT64), optional(INT64))
        .returns(INT64)
        .strictAll(a -> position((String) a[0], (String) a[1], number(a, 2), number(a, 3)))
        .takes(of(BYTES), of(BYTES), optional(INT64), optional(INT64))
        .returns(INT64)
        .strictAll(
            a ->
                position(
                    Texts.ofBytes((ByteString) a[0]),
                    Texts.ofBytes((ByteString) a[1]),
                    number(a, 2),
                    number(a, 3)));
  }

  /** An optional argument whose default is 1. */
  static long number(Object[] arguments, int index) {
    return index < arguments.length ? (Long) arguments[index] : 1;
  }

  /**
   * INSTR: where the part stands for the n-th time, overlapping included, from a position on, or
   * backwards from a negative position; 0 where it does not.
   */
  private static long position(String text, String part, long from, long occurrence) {
    if (occurrence < 1) {
      throw new EvaluationException("Occurrence must be positive");
    } else if (from == 0) {
      throw new EvaluationException("Position must be non-zero");
    }
    int index =
        from > 0 ? after(text, part, from, occurrence) : before(text, part, from, occurrence);
    return index < 0 ? 0 : text.codePointCount(0, index) + 1L;
  }

  private static int after(String text, String part, long from, long occurrence) {
    if (from - 1 > text.length()) {
      return -1;
    }
    int index = Texts.forward(text, 0, from - 1);
    if (index == text.length() && Texts.length(text) < from - 1) {
      return -1;
    }
    for (long i = 0; i < occurrence; i++) {
      if (i > 0) {
        if (index >= text.length()) {
          return -1;
        }
        index = Texts.forward(text, index, 1);
      }
      index = text.indexOf(part, index);
      if (index < 0) {
        return -1;
      }
    }
    return index;
  }

  private static int before(String text, String part, long from, long occurrence) {
    // An empty part is also found behind the last character, which is its position -1.
    long characters = part.isEmpty() ? -(from + 1) : -from;
    if (from < -text.length() - 1L || Texts.length(text) < characters) {
      return -1;
    }
    int index = Texts.backward(text, text.length(), characters);
    for (long i = 0; i < occurrence; i++) {
      if (i > 0) {
        if (index == 0) {
          return -1;
        }
        index = Texts.backward(text, index, 1);
      }
      index = text.lastIndexOf(part, index);
      if (index < 0) {
        return -1;
      }
    }
    return index;
  }

  private static String substring(String text, long from, long length) {
    return Texts.substring(text, from, notNegative(length, "SUBSTR", "Third"));
  }

  private static String right(String text, Long length) {
    notNegative(length, "RIGHT", "Second");
    return text.substring(Texts.backward(text, text.length(), length));
  }

  private static long notNegative(long value, String function, String which) {
    if (value < 0) {
      throw new EvaluationException(
          which + " argument in " + function + "() cannot be negative: " + value);
    }
    return value;
  }

  private static String repeat(String text, Long count) {
    notNegative(count, "REPEAT", "Second");
    if (text.isEmpty()) {
      return text;
    }
    if (count > MAX_OUTPUT_BYTES || count * bytes(text) > MAX_OUTPUT_BYTES) {
      throw tooLong("REPEAT");
    }
    return text.repeat(count.intValue());
  }

  private static long bytes(String text) {
    return ByteString.copyFromUtf8(text).size();
  }

  private static EvaluationException tooLong(String function) {
    return new EvaluationException(
        "Output of " + function + " exceeds max allowed output size of 1MB");
  }

  private static void pad(Registry registry, String name, boolean left) {
    new TextGroup(registry).withNumber(name, STRING, (text, n) -> pad(name, left, text, n, " "));
    registry
        .add(name)
        .takes(STRING, INT64, STRING)
        .returns(STRING)
        .strict((String text, Long n, String pattern) -> pad(name, left, text, n, pattern))
        .takes(BYTES, INT64, BYTES)
        .returns(BYTES)
        .strict(
            (ByteString text, Long n, ByteString pattern) ->
                Texts.toBytes(pad(name, left, Texts.ofBytes(text), n, Texts.ofBytes(pattern))));
  }

  private static String pad(String name, boolean left, String text, long size, String pattern) {
    notNegative(size, name, "Second");
    if (pattern.isEmpty()) {
      throw new EvaluationException("Third argument in " + name + "() cannot be empty");
    }
    if (size > MAX_OUTPUT_BYTES) {
      throw tooLong(name);
    }
    int missing = (int) size - Texts.length(text);
    if (missing <= 0) {
      return Texts.substring(text, 1, size);
    }
    int length = Texts.length(pattern);
    String padding =
        pattern.repeat(missing / length) + Texts.substring(pattern, 1, missing % length);
    if (bytes(padding) + bytes(text) > MAX_OUTPUT_BYTES) {
      throw tooLong(name);
    }
    return left ? padding + text : text + padding;
  }

  /** By code points; {@link StringBuilder#reverse} keeps surrogate pairs together. */
  private static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static List<String> split(String text, String delimiter) {
    List<String> parts = new ArrayList<>();
    if (delimiter.isEmpty()) {
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
      return parts.isEmpty() ? List.of("") : List.copyOf(parts);
    }
    int start = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, start)) {
      parts.add(text.substring(start, at));
      start = at + delimiter.length();
    }
    parts.add(text.substring(start));
    return List.copyOf(parts);
  }
}
