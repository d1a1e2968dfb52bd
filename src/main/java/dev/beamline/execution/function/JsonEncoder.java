package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQL values as JSON values: the encodings of TO_JSON ("JSON encodings" of BigQuery's reference).
 */
final class JsonEncoder {

  private static final long MAX_EXACT = 1L << 53;
  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private final Type type;
  private final boolean stringifyWide;

  /**
   * @param stringifyWide whether numbers that no FLOAT64 equals become strings
   */
  JsonEncoder(Type type, boolean stringifyWide) {
    this.type = type;
    this.stringifyWide = stringifyWide;
  }

  JsonNode encode(@Nullable Object value) {
    return encode(value, type);
  }

  private JsonNode encode(@Nullable Object value, Type of) {
    if (value == null) {
      return NullNode.instance;
    } else if (of instanceof ArrayType array) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      for (Object element : (List<?>) value) {
        elements.add(encode(element, array.element()));
      }
      return elements;
    } else if (of instanceof StructType struct) {
      Map<String, JsonNode> members = JsonText.members();
      for (int i = 0; i < struct.fields().size(); i++) {
        Column field = struct.fields().get(i);
        // Of fields of one name the first counts.
        if (!members.containsKey(field.name())) {
          members.put(field.name(), encode(((Tuple) value).get(i), field.type()));
        }
      }
      return JsonText.object(members);
    }
    return switch ((ScalarType) of) {
      case BOOL -> BooleanNode.valueOf((Boolean) value);
      case INT64 -> integer((Long) value);
      case FLOAT64 -> number((Double) value);
      case NUMERIC, BIGNUMERIC -> decimal((BigDecimal) value, of);
      case JSON -> (JsonNode) value;
      default -> TextNode.valueOf(text(value, (ScalarType) of));
    };
  }

  private JsonNode integer(long value) {
    return stringifyWide && (value > MAX_EXACT || value < -MAX_EXACT)
        ? TextNode.valueOf(Long.toString(value))
        : LongNode.valueOf(value);
  }

  private static JsonNode number(double value) {
    if (!Double.isFinite(value)) {
      return TextNode.valueOf(nonFinite(value));
    }
    return DoubleNode.valueOf(value == 0 ? 0.0 : value);
  }

  private JsonNode decimal(BigDecimal value, Type of) {
    if (value.scale() <= 0) {
      BigInteger whole = value.toBigInteger();
      if (whole.bitLength() < Long.SIZE) {
        return integer(whole.longValue());
      } else if (whole.signum() > 0 && whole.compareTo(MAX_UINT64) <= 0) {
        return stringifyWide ? TextNode.valueOf(whole.toString()) : BigIntegerNode.valueOf(whole);
      }
    }
    if (JsonText.same(value, value.doubleValue())) {
      return DoubleNode.valueOf(value.doubleValue());
    } else if (stringifyWide) {
      return TextNode.valueOf(value.toPlainString());
    }
    throw new EvaluationException(
        "Failed to convert " + of.sql() + " " + value.toPlainString() + " to JSON without loss");
  }

  static String nonFinite(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /** The text that stands for a value of a type that JSON has not, without quotes. */
  static String text(Object value, ScalarType of) {
    return switch (of) {
      case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
      case DATE -> CivilText.formatDate((Long) value);
      case DATETIME -> CivilText.formatDatetime((Long) value, 'T');
      case TIME -> CivilText.formatTime((Long) value);
      case TIMESTAMP -> CivilText.formatIsoTimestamp((Long) value);
      case INTERVAL -> Intervals.formatIso((IntervalValue) value);
      default -> (String) value;
    };
  }
}
