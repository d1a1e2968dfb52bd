package dev.beamline.execution.function;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.beamline.execution.expression.EvaluationException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * JSON values as text, and texts as JSON values. As in BigQuery, the members of an object are in
 * the order of their names, of equal names the first counts, and numbers are INT64, UINT64 or
 * FLOAT64.
 */
public final class JsonText {

  /** What is done with numbers that no INT64, UINT64 or FLOAT64 equals. */
  public enum WideNumbers {
    /** An error. */
    EXACT,
    /** The nearest FLOAT64. */
    ROUND
  }

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(1500)
                  .build())
          .build();

  /** What the parser says of places, which are of no use without the text. */
  private static final Pattern WHERE = Pattern.compile(" \\(for .*| at \\[Source.*");

  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private JsonText() {}

  /**
   * The value of a JSON text.
   *
   * @throws EvaluationException where it is none
   */
  public static JsonNode parse(String text, WideNumbers wide) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new EvaluationException("Invalid JSON: the text is empty");
      }
      JsonNode value = value(parser, first, wide);
      if (parser.nextToken() != null) {
        throw new EvaluationException("Invalid JSON: something follows the value");
      }
      return value;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new EvaluationException(
          "Invalid JSON: " + WHERE.matcher(e.getOriginalMessage()).replaceAll(""));
    } catch (IOException e) {
      throw new EvaluationException("Invalid JSON: " + e.getMessage());
    }
  }

  /** As {@link #parse(String, WideNumbers)}, exactly. */
  public static JsonNode parse(String text) {
    return parse(text, WideNumbers.EXACT);
  }

  private static JsonNode value(JsonParser parser, JsonToken token, WideNumbers wide)
      throws IOException {
    switch (token) {
      case START_OBJECT -> {
        Map<String, JsonNode> members = members();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          members.putIfAbsent(name, value(parser, parser.nextToken(), wide));
        }
        return object(members);
      }
      case START_ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          array.add(value(parser, next, wide));
        }
        return array;
      }
      case VALUE_STRING -> {
        return TextNode.valueOf(parser.getText());
      }
      case VALUE_TRUE -> {
        return BooleanNode.TRUE;
      }
      case VALUE_FALSE -> {
        return BooleanNode.FALSE;
      }
      case VALUE_NULL -> {
        return NullNode.instance;
      }
      default -> {
        return number(parser.getText(), wide);
      }
    }
  }

  /** A new collection of members, in the order in which objects have them. */
  static Map<String, JsonNode> members() {
    return new TreeMap<>(Ordering::compare);
  }

  /** The members of an object, to be changed. */
  static Map<String, JsonNode> members(JsonNode object) {
    Map<String, JsonNode> members = members();
    object.fields().forEachRemaining(f -> members.put(f.getKey(), f.getValue()));
    return members;
  }

  static ObjectNode object(Map<String, JsonNode> members) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    members.forEach(object::set);
    return object;
  }

  private static JsonNode number(String text, WideNumbers wide) {
    boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    if (whole && !text.equals("-0")) {
      BigInteger value = new BigInteger(text);
      if (value.bitLength() < Long.SIZE) {
        return LongNode.valueOf(value.longValue());
      } else if (value.signum() > 0 && value.compareTo(MAX_UINT64) <= 0) {
        return BigIntegerNode.valueOf(value);
      }
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new EvaluationException("Invalid JSON: number " + text + " is out of range");
    }
    if (wide == WideNumbers.EXACT && !same(text, value)) {
      throw new EvaluationException(
          "Input number: " + text + " cannot round-trip through string representation");
    }
    return DoubleNode.valueOf(value);
  }

  private static boolean same(String text, double value) {
    try {
      return same(new BigDecimal(text), value);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether the shortest digits of a FLOAT64 are these. */
  static boolean same(BigDecimal exact, double value) {
    return value == 0 ? exact.signum() == 0 : exact.compareTo(shortest(value)) == 0;
  }

  /** One line without spaces. */
  public static String write(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonNode value, StringBuilder out) {
    if (value.isObject()) {
      char separator = '{';
      for (Iterator<Map.Entry<String, JsonNode>> i = value.fields(); i.hasNext(); ) {
        Map.Entry<String, JsonNode> field = i.next();
        quote(field.getKey(), out.append(separator));
        write(field.getValue(), out.append(':'));
        separator = ',';
      }
      out.append(value.isEmpty() ? "{}" : "}");
    } else if (value.isArray()) {
      char separator = '[';
      for (JsonNode element : value) {
        write(element, out.append(separator));
        separator = ',';
      }
      out.append(value.isEmpty() ? "[]" : "]");
    } else {
      out.append(value.isTextual() ? quote(value.textValue()) : scalar(value));
    }
  }

  /** Many lines, indented by two spaces. */
  public static String writePretty(JsonNode value) {
    StringBuilder out = new StringBuilder();
    writePretty(value, out, "\n");
    return out.toString();
  }

  private static void writePretty(JsonNode value, StringBuilder out, String newLine) {
    String inner = newLine + "  ";
    if (value.isEmpty() || value.isValueNode()) {
      write(value, out);
    } else if (value.isObject()) {
      char separator = '{';
      for (Iterator<Map.Entry<String, JsonNode>> i = value.fields(); i.hasNext(); ) {
        Map.Entry<String, JsonNode> field = i.next();
        quote(field.getKey(), out.append(separator).append(inner));
        writePretty(field.getValue(), out.append(": "), inner);
        separator = ',';
      }
      out.append(newLine).append('}');
    } else {
      char separator = '[';
      for (JsonNode element : value) {
        writePretty(element, out.append(separator).append(inner), inner);
        separator = ',';
      }
      out.append(newLine).append(']');
    }
  }

  /** A number, truth value or null as text; of a string, the string itself. */
  static String scalar(JsonNode value) {
    if (value.isDouble() || value.isFloat()) {
      return number(value.doubleValue());
    }
    return value.isTextual() ? value.textValue() : value.asText();
  }

  /** A FLOAT64 as JSON, with as few digits as can be: {@code 1.0}, {@code 0.1}, {@code 1e+20}. */
  static String number(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 15) {
      String text = shortest.toPlainString();
      return text.indexOf('.') < 0 ? text + ".0" : text;
    }
    String digits = shortest.unscaledValue().abs().toString();
    String power = Integer.toString(Math.abs(exponent));
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (power.length() < 2 ? "0" : "")
        + power;
  }

  /**
   * The decimal with the fewest digits that reads back as the number. {@link Double#toString} gives
   * one digit too many now and then before Java 19, so fewer are tried.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    for (int precision = shortest.precision() - 1; precision > 0; precision--) {
      BigDecimal fewer =
          new BigDecimal(value).round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (fewer.doubleValue() != value) {
        break;
      }
      shortest = fewer.stripTrailingZeros();
    }
    return shortest;
  }

  /** A JSON string, with its quotes. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x2028 || c == 0x2029) {
            out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
