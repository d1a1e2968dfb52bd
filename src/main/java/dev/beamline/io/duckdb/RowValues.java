package dev.beamline.io.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of a result as Beamline carries them. */
final class RowValues {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private static final Pattern INTERVAL_PART =
      Pattern.compile("(-?\\d+) (year|month|day)s?|(-?)(\\d+):(\\d+):(\\d+)(?:\\.(\\d+))?");

  private RowValues() {}

  /**
   * The expression under which {@link #read} wants a column: what JDBC would blur comes as text.
   */
  static String select(String column, Type type) {
    if (!(type instanceof ScalarType scalar)) {
      return "CAST(" + column + " AS " + DuckDbTypes.textual(type) + ")";
    }
    return switch (scalar) {
      case TIMESTAMP, DATETIME -> "epoch_us(" + column + ")";
      case STRING, BIGNUMERIC, JSON, INTERVAL, DATE, TIME -> "CAST(" + column + " AS VARCHAR)";
      case INT64 -> "CAST(" + column + " AS BIGINT)";
      case FLOAT64 -> "CAST(" + column + " AS DOUBLE)";
      case NUMERIC -> "CAST(" + column + " AS DECIMAL(38,9))";
      case BYTES, BOOL -> column;
    };
  }

  static @Nullable Object read(ResultSet result, int index, Type type)
      throws SQLException, IOException {
    Object value = result.getObject(index);
    if (value == null) {
      return null;
    }
    if (type == ScalarType.BYTES) {
      return ByteString.copyFrom(result.getBytes(index));
    }
    if (type == ScalarType.TIMESTAMP || type == ScalarType.DATETIME) {
      return value;
    }
    return convert(type, value);
  }

  private static Object convert(Type type, Object value) throws SQLException, IOException {
    if (type instanceof ArrayType array) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : (Object[]) ((java.sql.Array) value).getArray()) {
        elements.add(element == null ? null : convert(array.element(), element));
      }
      return Collections.unmodifiableList(elements);
    }
    if (type instanceof StructType struct) {
      Object[] attributes = ((Struct) value).getAttributes();
      @Nullable Object[] fields = new @Nullable Object[attributes.length];
      for (int i = 0; i < fields.length; i++) {
        Object attribute = attributes[i];
        fields[i] = attribute == null ? null : convert(struct.fields().get(i).type(), attribute);
      }
      return Tuple.of(fields);
    }
    String text = value.toString();
    return switch ((ScalarType) type) {
      case STRING -> text;
      case INT64, FLOAT64, BOOL -> value;
      case NUMERIC, BIGNUMERIC -> Values.canonical(new BigDecimal(text));
      case JSON -> json(text);
      case BYTES -> bytes(text);
      case DATE -> LocalDate.parse(text).toEpochDay();
      case TIME -> LocalTime.parse(text).toNanoOfDay() / 1000;
      case TIMESTAMP -> micros(text.replaceFirst("\\+00$", ""));
      case DATETIME -> micros(text);
      case INTERVAL -> interval(text);
    };
  }

  private static JsonNode json(String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new WarehouseException("a JSON column holds something else: " + text, e);
    }
  }

  private static long micros(String text) {
    LocalDateTime time = LocalDateTime.parse(text, DATE_TIME);
    return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
  }

  /** From the form in which DuckDB writes a BLOB: \xAB for what is no plain ASCII. */
  private static ByteString bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static IntervalValue interval(String text) {
    long months = 0;
    long days = 0;
    long micros = 0;
    Matcher part = INTERVAL_PART.matcher(text);
    while (part.find()) {
      if (part.group(2) != null) {
        long count = Long.parseLong(part.group(1));
        switch (part.group(2)) {
          case "year" -> months += count * 12;
          case "month" -> months += count;
          default -> days += count;
        }
      } else {
        String fraction = part.group(7) == null ? "" : part.group(7);
        long time =
            ((Long.parseLong(part.group(4)) * 60 + Long.parseLong(part.group(5))) * 60
                        + Long.parseLong(part.group(6)))
                    * 1_000_000L
                + Long.parseLong((fraction + "000000").substring(0, 6));
        micros = part.group(3).isEmpty() ? time : -time;
      }
    }
    return new IntervalValue(months, days, micros);
  }
}
