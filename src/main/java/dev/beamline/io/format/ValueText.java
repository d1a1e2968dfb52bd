package dev.beamline.io.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import dev.beamline.execution.function.CivilText;
import dev.beamline.execution.function.Floats;
import dev.beamline.execution.function.Intervals;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values as people and programs read them.
 *
 * <p>The text form is that of BigQuery's CAST to STRING, with BYTES in base64, and JSON for arrays
 * and structs. The JSON form is that of BigQuery's TO_JSON_STRING, but for numbers: see {@link
 * Numbers}.
 */
public final class ValueText {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = MAPPER.getFactory();

  private static final long LARGEST_SAFE = 1L << 53;

  private ValueText() {}

  /** How JSON writes numbers that do not fit a double. */
  public enum Numbers {
    /** With all digits, as a number: for readers that keep them. */
    EXACT,
    /** As text, so that no reader rounds them: INT64 beyond 2^53, NUMERIC that no double equals. */
    SAFE
  }

  /** The text form; NULL for null. */
  public static String text(Type type, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (!(type instanceof ScalarType scalar)) {
      return json(type, value, Numbers.EXACT);
    }
    return switch (scalar) {
      case STRING -> (String) value;
      case BYTES -> base64((ByteString) value);
      case INT64, BOOL -> value.toString();
      case FLOAT64 -> Floats.toText((Double) value);
      case NUMERIC, BIGNUMERIC -> ((BigDecimal) value).toPlainString();
      case TIMESTAMP -> CivilText.formatTimestamp((Long) value, ZoneOffset.UTC);
      case DATETIME -> CivilText.formatDatetime((Long) value);
      case DATE -> CivilText.formatDate((Long) value);
      case TIME -> CivilText.formatTime((Long) value);
      case INTERVAL -> Intervals.format((IntervalValue) value);
      case JSON -> value.toString();
    };
  }

  /** The JSON form. */
  public static String json(Type type, @Nullable Object value, Numbers numbers) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(generator, type, value, numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A row as an object with the columns as fields. */
  public static String jsonObject(Schema schema, Tuple row, Numbers numbers) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      writeFields(generator, schema.columns(), row, numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes the JSON form. */
  public static void write(JsonGenerator json, Type type, @Nullable Object value, Numbers numbers)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (type instanceof ArrayType array) {
      json.writeStartArray();
      for (Object element : (List<?>) value) {
        write(json, array.element(), element, numbers);
      }
      json.writeEndArray();
    } else if (type instanceof StructType struct) {
      writeFields(json, struct.fields(), (Tuple) value, numbers);
    } else {
      writeScalar(json, (ScalarType) type, value, numbers);
    }
  }

  /** Writes an object with the columns as fields. */
  static void writeFields(JsonGenerator json, List<Column> columns, Tuple row, Numbers numbers)
      throws IOException {
    json.writeStartObject();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      if (Unread.is(columns.get(i))) {
        continue;
      }
      json.writeFieldName(name.isEmpty() ? "_field_" + (i + 1) : name);
      write(json, columns.get(i).type(), row.get(i), numbers);
    }
    json.writeEndObject();
  }

  private static void writeScalar(
      JsonGenerator json, ScalarType type, Object value, Numbers numbers) throws IOException {
    switch (type) {
      case BOOL -> json.writeBoolean((Boolean) value);
      case INT64 -> {
        long number = (Long) value;
        if (numbers == Numbers.EXACT || (number <= LARGEST_SAFE && number >= -LARGEST_SAFE)) {
          json.writeNumber(number);
        } else {
          json.writeString(Long.toString(number));
        }
      }
      case FLOAT64 -> {
        double number = (Double) value;
        if (Double.isNaN(number) || Double.isInfinite(number)) {
          json.writeString(Double.toString(number));
        } else {
          json.writeNumber(Floats.toText(number));
        }
      }
      case NUMERIC, BIGNUMERIC -> {
        BigDecimal number = (BigDecimal) value;
        if (numbers == Numbers.EXACT || equalsDouble(number)) {
          json.writeNumber(number.toPlainString());
        } else {
          json.writeString(number.toPlainString());
        }
      }
      case TIMESTAMP -> json.writeString(CivilText.formatIsoTimestamp((Long) value));
      case DATETIME -> json.writeString(CivilText.formatDatetime((Long) value, 'T'));
      case JSON -> MAPPER.writeTree(json, (JsonNode) value);
      case STRING, BYTES, DATE, TIME, INTERVAL -> json.writeString(text(type, value));
    }
  }

  /** Whether a reader that takes the number for a double writes the same number again. */
  private static boolean equalsDouble(BigDecimal number) {
    double nearest = number.doubleValue();
    return !Double.isInfinite(nearest)
        && new BigDecimal(Double.toString(nearest)).compareTo(number) == 0;
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
