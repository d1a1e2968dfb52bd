package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.INVALID_UTF8;
import static dev.beamline.io.format.DecodeErrorCode.MISSING_FIELD;
import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the value at which a parser stands, of one type. */
abstract class JsonValues {

  /**
   * The value; the parser ends on its last token. JSON's null never comes here, but to JSON
   * columns.
   */
  abstract Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException;

  static JsonValues of(Type type) {
    if (type instanceof ArrayType array) {
      return new Array(array);
    }
    if (type instanceof StructType struct) {
      return new Struct(struct);
    }
    return switch ((ScalarType) type) {
      case STRING -> new Text();
      case INT64 -> new Int64();
      case FLOAT64 -> new Float64();
      case BOOL -> new Bool();
      case TIMESTAMP -> new Timestamp();
      case NUMERIC, BIGNUMERIC -> new Decimal((ScalarType) type);
      case JSON -> new Json();
      case BYTES, DATETIME, DATE, TIME, INTERVAL -> new ByText((ScalarType) type);
    };
  }

  /** Names the value for a message, whatever it is. */
  private static DecodeException wrong(JsonParser parser, JsonToken token, Type type)
      throws IOException {
    String article = "AEI".indexOf(type.sql().charAt(0)) >= 0 ? "an " : "a ";
    String value =
        switch (token) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> TextValues.quote(parser.getText());
          default -> parser.getText();
        };
    return new DecodeException(WRONG_TYPE, value + " is not " + article + type.sql());
  }

  /** Numbers and truth values are taken as they are written, as BigQuery does. */
  private static final class Text extends JsonValues {
    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token == JsonToken.VALUE_STRING) {
        String text = parser.getText();
        if (Utf8.hasLoneSurrogate(text)) {
          throw new DecodeException(INVALID_UTF8, "the text has half a surrogate pair");
        }
        return text;
      }
      if (token.isScalarValue()) {
        return parser.getText();
      }
      throw wrong(parser, token, ScalarType.STRING);
    }
  }

  /** A whole number, or one in a string. */
  private static final class Int64 extends JsonValues {
    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        JsonParser.NumberType size = parser.getNumberType();
        if (size == JsonParser.NumberType.INT || size == JsonParser.NumberType.LONG) {
          return parser.getLongValue();
        }
        throw TextValues.outOfRange(parser.getText(), "INT64");
      }
      if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_FLOAT) {
        return TextValues.int64(parser.getText());
      }
      throw wrong(parser, token, ScalarType.INT64);
    }
  }

  private static final class Float64 extends JsonValues {
    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token.isNumeric() || token == JsonToken.VALUE_STRING) {
        return TextValues.float64(parser.getText());
      }
      throw wrong(parser, token, ScalarType.FLOAT64);
    }
  }

  /** From the digits as they are written: never by way of a double. */
  private static final class Decimal extends JsonValues {
    private final ScalarType type;

    Decimal(ScalarType type) {
      this.type = type;
    }

    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token.isNumeric() || token == JsonToken.VALUE_STRING) {
        return TextValues.parse(type, parser.getText());
      }
      throw wrong(parser, token, type);
    }
  }

  private static final class Bool extends JsonValues {
    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      return switch (token) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_STRING -> TextValues.bool(parser.getText());
        default -> throw wrong(parser, token, ScalarType.BOOL);
      };
    }
  }

  private static final class Timestamp extends JsonValues {
    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token == JsonToken.VALUE_STRING) {
        return TemporalText.timestamp(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      }
      if (token.isNumeric()) {
        throw new DecodeException(
            WRONG_TYPE,
            parser.getText()
                + " is a number, and whether it counts seconds or milliseconds is not known:"
                + " declare INT64 and convert it with TIMESTAMP_SECONDS, TIMESTAMP_MILLIS or"
                + " TIMESTAMP_MICROS");
      }
      throw wrong(parser, token, ScalarType.TIMESTAMP);
    }
  }

  /** Types that JSON writes as strings only. */
  private static final class ByText extends JsonValues {
    private final ScalarType type;

    ByText(ScalarType type) {
      this.type = type;
    }

    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token == JsonToken.VALUE_STRING) {
        return TextValues.parse(type, parser.getText());
      }
      throw wrong(parser, token, type);
    }
  }

  /** Any value. Of a key given twice the first stays, as in BigQuery's PARSE_JSON. */
  static final class Json extends JsonValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      return node(parser, token);
    }

    // As deep as the parser's own limit on nesting lets it go.
    private static JsonNode node(JsonParser parser, JsonToken token)
        throws IOException, DecodeException {
      switch (token) {
        case START_OBJECT -> {
          ObjectNode object = NODES.objectNode();
          for (JsonToken t = next(parser); t != JsonToken.END_OBJECT; t = next(parser)) {
            String name = parser.currentName();
            JsonNode value = node(parser, next(parser));
            if (!object.has(name)) {
              object.set(name, value);
            }
          }
          return object;
        }
        case START_ARRAY -> {
          ArrayNode array = NODES.arrayNode();
          for (JsonToken t = next(parser); t != JsonToken.END_ARRAY; t = next(parser)) {
            array.add(node(parser, t));
          }
          return array;
        }
        case VALUE_STRING -> {
          String text = parser.getText();
          if (Utf8.hasLoneSurrogate(text)) {
            throw new DecodeException(INVALID_UTF8, "the text has half a surrogate pair");
          }
          return NODES.textNode(text);
        }
        case VALUE_NUMBER_INT -> {
          return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
        }
        case VALUE_NUMBER_FLOAT -> {
          return NODES.numberNode(parser.getDoubleValue());
        }
        case VALUE_TRUE -> {
          return NODES.booleanNode(true);
        }
        case VALUE_FALSE -> {
          return NODES.booleanNode(false);
        }
        case VALUE_NULL -> {
          return NODES.nullNode();
        }
        default -> throw new DecodeException(WRONG_TYPE, token + " is no JSON value");
      }
    }
  }

  /** As in BigQuery an array holds no NULL. */
  private static final class Array extends JsonValues {
    private final ArrayType type;
    private final JsonValues element;
    private final boolean ofJson;

    Array(ArrayType type) {
      this.type = type;
      this.element = of(type.element());
      this.ofJson = type.element() == ScalarType.JSON;
    }

    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token != JsonToken.START_ARRAY) {
        throw wrong(parser, token, type);
      }
      List<Object> values = new ArrayList<>();
      for (JsonToken t = next(parser); t != JsonToken.END_ARRAY; t = next(parser)) {
        if (t == JsonToken.VALUE_NULL && !ofJson) {
          throw new DecodeException(
              WRONG_TYPE, "element " + values.size() + " is null, which an array cannot hold");
        }
        values.add(element.read(parser, t));
      }
      return Collections.unmodifiableList(values);
    }
  }

  /** Fields that the type does not have are skipped. */
  private static final class Struct extends JsonValues {
    private final StructType type;
    private final JsonFields fields;

    Struct(StructType type) {
      this.type = type;
      this.fields = new JsonFields(type.fields(), List.of());
    }

    @Override
    Object read(JsonParser parser, JsonToken token) throws IOException, DecodeException {
      if (token != JsonToken.START_OBJECT) {
        throw wrong(parser, token, type);
      }
      return fields.read(parser);
    }
  }

  private static JsonToken next(JsonParser parser) throws IOException, DecodeException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new DecodeException(DecodeErrorCode.INVALID_JSON, "the record ends too early");
    }
    return token;
  }

  /** The value of a column whose field is absent or null. */
  static @Nullable Object whereAbsent(Column column) {
    // As stored in BigQuery: an array is never NULL.
    return column.type() instanceof ArrayType ? List.of() : null;
  }

  static DecodeException missing(String column, boolean isNull) {
    return DecodeException.inColumn(
        column, MISSING_FIELD, isNull ? "it is required but null" : "it is required but missing");
  }
}
