package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.JSON;
import static dev.beamline.catalog.ScalarType.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code BOOL INT64 FLOAT64 STRING} of JSON, which fail on JSON of another type; {@code LAX_BOOL
 * LAX_INT64 LAX_FLOAT64 LAX_STRING}, which convert what they can and give NULL for the rest; and
 * the {@code *_ARRAY} of each.
 */
final class JsonConversions {

  private static final long MAX_EXACT = 1L << 53;

  private JsonConversions() {}

  /** Converts one JSON value. */
  private interface Conversion {
    @Nullable Object convert(JsonNode json);
  }

  static void register(Registry registry) {
    strict(registry, "BOOL", BOOL, JsonConversions::bool);
    strict(registry, "INT64", INT64, JsonConversions::int64);
    strict(registry, "STRING", STRING, JsonConversions::string);
    registry
        .add("FLOAT64")
        .named("wide_number_mode", "round", STRING)
        .takes(JSON, STRING)
        .returns(FLOAT64)
        .strict((JsonNode json, String mode) -> float64(json, exact(mode)));
    registry
        .add("FLOAT64_ARRAY")
        .named("wide_number_mode", "round", STRING)
        .takes(JSON, STRING)
        .returns(Type.array(FLOAT64))
        .strict(
            (JsonNode json, String mode) -> {
              boolean exact = exact(mode);
              return array(json, j -> float64(j, exact));
            });
    lax(registry, "BOOL", BOOL, JsonConversions::laxBool);
    lax(registry, "INT64", INT64, JsonConversions::laxInt64);
    lax(registry, "FLOAT64", FLOAT64, JsonConversions::laxFloat64);
    lax(registry, "STRING", STRING, JsonConversions::laxString);
  }

  private static void strict(
      Registry registry, String name, ScalarType type, Conversion conversion) {
    registry.add(name).takes(JSON).returns(type).strict((JsonNode j) -> conversion.convert(j));
    registry
        .add(name + "_ARRAY")
        .takes(JSON)
        .returns(Type.array(type))
        .strict((JsonNode json) -> array(json, conversion));
  }

  private static void lax(Registry registry, String name, ScalarType type, Conversion conversion) {
    registry
        .add("LAX_" + name)
        .takes(JSON)
        .returns(type)
        .strict((JsonNode j) -> conversion.convert(j));
    registry
        .add("LAX_" + name + "_ARRAY")
        .takes(JSON)
        .returns(Type.array(type))
        .strict((JsonNode json) -> json.isArray() ? convert(json, conversion) : null);
  }

  private static List<@Nullable Object> array(JsonNode json, Conversion conversion) {
    if (!json.isArray()) {
      throw new EvaluationException("The provided JSON input is not an array");
    }
    return convert(json, conversion);
  }

  private static List<@Nullable Object> convert(JsonNode json, Conversion conversion) {
    List<@Nullable Object> values = new ArrayList<>(json.size());
    for (JsonNode element : json) {
      values.add(conversion.convert(element));
    }
    return Collections.unmodifiableList(values);
  }

  private static Object bool(JsonNode json) {
    if (!json.isBoolean()) {
      throw new EvaluationException("The provided JSON input is not a boolean");
    }
    return json.booleanValue();
  }

  private static Object string(JsonNode json) {
    if (!json.isTextual()) {
      throw new EvaluationException("The provided JSON input is not a string");
    }
    return json.textValue();
  }

  private static Object int64(JsonNode json) {
    if (json.isLong() || json.isInt()) {
      return json.longValue();
    } else if (json.isDouble()) {
      double value = json.doubleValue();
      // 2^63 itself is a FLOAT64, but no INT64.
      if (value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63) {
        return (long) value;
      }
      throw new EvaluationException(
          "The provided JSON number: " + Floats.toText(value) + " cannot be converted to an int64");
    }
    throw new EvaluationException("The provided JSON input is not an integer");
  }

  static boolean exact(String mode) {
    if (mode.equals("exact") || mode.equals("round")) {
      return mode.equals("exact");
    }
    throw new EvaluationException(
        "Invalid wide_number_mode '" + mode + "'; it must be 'exact' or 'round'");
  }

  private static Object float64(JsonNode json, boolean exact) {
    if (!json.isNumber()) {
      throw new EvaluationException("The provided JSON input is not a number");
    }
    if (exact
        && json.isIntegralNumber()
        && json.decimalValue().abs().compareTo(BigDecimal.valueOf(MAX_EXACT)) > 0) {
      throw new EvaluationException(
          "JSON number: "
              + json.asText()
              + " cannot be converted to FLOAT64 without loss of precision");
    }
    return json.doubleValue();
  }

  private static @Nullable Object laxBool(JsonNode json) {
    if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isNumber()) {
      return json.isDouble() ? json.doubleValue() != 0 : json.bigIntegerValue().signum() != 0;
    } else if (json.isTextual()) {
      String text = json.textValue();
      return text.equalsIgnoreCase("true")
          ? Boolean.TRUE
          : text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
    }
    return null;
  }

  private static @Nullable Object laxInt64(JsonNode json) {
    if (json.isBoolean()) {
      return json.booleanValue() ? 1L : 0L;
    } else if (json.isNumber()) {
      return rounded(json.isDouble() ? new BigDecimal(json.doubleValue()) : json.decimalValue());
    } else if (json.isTextual()) {
      Object decimal = tryCast(json.textValue(), BIGNUMERIC);
      return decimal == null ? null : rounded((BigDecimal) decimal);
    }
    return null;
  }

  private static @Nullable Long rounded(BigDecimal value) {
    if (value.precision() - value.scale() > 19) {
      return null;
    }
    BigDecimal whole = value.setScale(0, RoundingMode.HALF_UP);
    return whole.toBigInteger().bitLength() < Long.SIZE ? (Long) whole.longValue() : null;
  }

  private static @Nullable Object laxFloat64(JsonNode json) {
    return json.isNumber()
        ? (Double) json.doubleValue()
        : json.isTextual() ? tryCast(json.textValue(), FLOAT64) : null;
  }

  private static @Nullable Object laxString(JsonNode json) {
    if (json.isDouble()) {
      double value = json.doubleValue();
      return Floats.toText(value == 0 ? 0.0 : value);
    }
    return json.isNull() || json.isContainerNode() ? null : JsonText.scalar(json);
  }

  private static @Nullable Object tryCast(String text, ScalarType type) {
    try {
      return Casts.cast(text, STRING, type);
    } catch (EvaluationException e) {
      return null;
    }
  }
}
