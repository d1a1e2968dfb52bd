package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A format string of FORMAT(), made ready for arguments of certain types. */
final class PrintFormat {

  private static final Pattern SPECIFIER =
      Pattern.compile("%([-+ #'0]*)(\\*|[0-9]*)(\\.(?:\\*|[0-9]*))?(.)", Pattern.DOTALL);

  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_PRECISION = 1074;

  /**
   * A specifier behind some text.
   *
   * @param text before it
   * @param conversion 0 at the end of the format, % for itself
   * @param width given number; 0 where there is none
   * @param widthArgument which argument holds it; -1: none
   * @param precision given number; -1 where there is none
   * @param precisionArgument which argument holds it; -1: none
   * @param argument which is printed
   */
  private record Part(
      String text,
      char conversion,
      String flags,
      int width,
      int widthArgument,
      int precision,
      int precisionArgument,
      int argument) {}

  private final List<Part> parts;
  private final List<Type> types;

  private PrintFormat(List<Part> parts, List<Type> types) {
    this.parts = parts;
    this.types = types;
  }

  /**
   * Makes a format ready.
   *
   * @throws EvaluationException where it is wrong or does not fit the arguments
   */
  static PrintFormat of(String format, List<Type> types) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = SPECIFIER.matcher(format);
    int position = 0;
    int next = 0;
    for (int percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', position)) {
      if (!matcher.region(percent, format.length()).lookingAt()) {
        throw invalid(format);
      }
      String text = format.substring(position, percent);
      position = matcher.end();
      String flags = matcher.group(1);
      String width = matcher.group(2);
      String precision = matcher.group(3) == null ? "" : matcher.group(3);
      char conversion = matcher.group(4).charAt(0);
      if (conversion == '%') {
        if (matcher.end() - matcher.start() != 2) {
          throw invalid(format);
        }
        parts.add(new Part(text, '%', "", 0, -1, -1, -1, -1));
        continue;
      }
      int widthArgument = width.equals("*") ? next++ : -1;
      int precisionArgument = precision.equals(".*") ? next++ : -1;
      int argument = next++;
      check(widthArgument, 'd', types);
      check(precisionArgument, 'd', types);
      check(argument, conversion, types);
      parts.add(
          new Part(
              text,
              conversion,
              flags,
              widthArgument >= 0 ? 0 : width(number(width, 0)),
              widthArgument,
              precisionArgument >= 0 || precision.isEmpty()
                  ? -1
                  : precision(number(precision.substring(1), 0), conversion),
              precisionArgument,
              argument));
    }
    if (next != types.size()) {
      throw new EvaluationException(
          (next > types.size() ? "Too few" : "Too many")
              + " arguments to FORMAT for pattern \""
              + format
              + "\"; Expected "
              + (next + 1)
              + "; Got "
              + (types.size() + 1));
    }
    parts.add(new Part(format.substring(position), '\0', "", 0, -1, -1, -1, -1));
    return new PrintFormat(parts, types);
  }

  private static EvaluationException invalid(String format) {
    return new EvaluationException("Invalid FORMAT string: \"" + format + "\"");
  }

  /** What the digits say; what is too large for an INT64 is the largest. */
  private static long number(String digits, long none) {
    return digits.isEmpty() ? none : digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static int width(long width) {
    if (width > MAX_WIDTH || width < -MAX_WIDTH) {
      throw new EvaluationException(
          "Width " + width + " exceeds the maximum supported output width of FORMAT");
    }
    return (int) width;
  }

  private static int precision(long precision, char conversion) {
    if (precision < 0) {
      return -1;
    }
    boolean general = conversion == 'g' || conversion == 'G';
    long most = "eEfF".indexOf(conversion) >= 0 ? MAX_PRECISION : MAX_WIDTH;
    if (precision > (general ? Integer.MAX_VALUE : most)) {
      throw new EvaluationException("Precision value " + precision + " of FORMAT is too big");
    }
    return (int) (general ? Math.min(precision, MAX_PRECISION) : precision);
  }

  private static void check(int argument, char conversion, List<Type> types) {
    if (argument < 0 || argument >= types.size()) {
      return;
    }
    Type type = types.get(argument);
    boolean real =
        type == ScalarType.FLOAT64 || type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC;
    String expected =
        switch (conversion) {
          case 'd', 'i', 'u', 'o', 'x', 'X' -> type == ScalarType.INT64 ? "" : "integer";
          case 'f', 'F', 'e', 'E', 'g', 'G' -> real ? "" : "FLOAT64";
          case 's' -> type == ScalarType.STRING ? "" : "STRING";
          case 'p', 'P' -> type == ScalarType.JSON ? "" : "JSON";
          case 't', 'T' -> "";
          default ->
              throw new EvaluationException(
                  "Invalid format specifier character \"" + conversion + "\" in FORMAT string");
        };
    if (!expected.isEmpty()) {
      throw new EvaluationException(
          "Invalid type for argument "
              + (argument + 2)
              + " to FORMAT; Expected "
              + expected
              + "; Got "
              + type.sql());
    }
  }

  /** The text; NULL where an argument is, unless %t or %T prints it. */
  @Nullable String format(@Nullable Object[] values) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(part.text());
      if (part.conversion() == '%') {
        out.append('%');
      } else if (part.conversion() != '\0') {
        String text = print(part, values);
        if (text == null) {
          return null;
        }
        out.append(text);
      }
    }
    return out.toString();
  }

  private @Nullable String print(Part part, @Nullable Object[] values) {
    int width = part.width();
    if (part.widthArgument() >= 0) {
      Object given = values[part.widthArgument()];
      if (given == null) {
        return null;
      }
      width = width((Long) given);
    }
    int precision = part.precision();
    if (part.precisionArgument() >= 0) {
      Object given = values[part.precisionArgument()];
      if (given == null) {
        return null;
      }
      precision = precision((Long) given, part.conversion());
    }
    Object value = values[part.argument()];
    Type type = types.get(part.argument());
    if (part.conversion() == 't' || part.conversion() == 'T') {
      String text =
          part.conversion() == 't'
              ? SqlLiterals.readable(value, type)
              : SqlLiterals.sql(value, type);
      return text(text, part.flags(), width, precision);
    } else if (value == null) {
      return null;
    }
    PrintNumber number = new PrintNumber(part.conversion(), part.flags(), width, precision);
    return switch (part.conversion()) {
      case 's' -> text((String) value, part.flags(), width, precision);
      case 'p' -> text(JsonText.write((JsonNode) value), part.flags(), width, precision);
      case 'P' -> text(JsonText.writePretty((JsonNode) value), part.flags(), width, precision);
      case 'd', 'i', 'o', 'x', 'X' -> number.integer((Long) value);
      case 'u' -> number.integer(unsigned((Long) value));
      default ->
          value instanceof Double real ? number.real(real) : number.decimal((BigDecimal) value);
    };
  }

  private static long unsigned(long value) {
    if (value < 0) {
      throw new EvaluationException("%u of FORMAT takes no negative number: " + value);
    }
    return value;
  }

  /** Counts code points. */
  private static String text(String text, String flags, int width, int precision) {
    String cut = text;
    if (precision >= 0 && text.codePointCount(0, text.length()) > precision) {
      cut = text.substring(0, text.offsetByCodePoints(0, precision));
    }
    String padding = " ".repeat(Math.max(0, Math.abs(width) - cut.codePointCount(0, cut.length())));
    return width < 0 || flags.indexOf('-') >= 0 ? cut + padding : padding + cut;
  }
}
