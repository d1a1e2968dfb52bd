package dev.beamline.io.bigquery.server;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Avro files as load jobs read them, with logical types. */
final class AvroFiles {

  private AvroFiles() {}

  static List<Map<String, Object>> read(StoredTable table, byte[] bytes) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(new SeekableByteArrayInput(bytes), new GenericDatumReader<>())) {
      for (GenericRecord record : file) {
        Map<String, Object> row = row(table.fields(), record);
        String problem = table.problem(row);
        if (problem != null) {
          throw ApiException.invalid(problem);
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw ApiException.invalid(e.getMessage());
    }
    return rows;
  }

  private static Map<String, Object> row(List<Field> fields, GenericRecord record) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Field field : fields) {
      Object value = record.hasField(field.name()) ? record.get(field.name()) : null;
      if (field.repeated()) {
        List<Object> elements = new ArrayList<>();
        if (value != null) {
          ((Iterable<?>) value).forEach(element -> elements.add(value(field, element)));
        }
        row.put(field.name(), elements);
      } else {
        row.put(field.name(), value == null ? null : value(field, value));
      }
    }
    return row;
  }

  private static Object value(Field field, Object value) {
    return switch (field.type()) {
      case "STRUCT" -> row(field.fields(), (GenericRecord) value);
      case "NUMERIC" -> number((ByteBuffer) value, 9);
      case "BIGNUMERIC" -> number((ByteBuffer) value, 38);
      case "BYTES" -> ByteString.copyFrom(((ByteBuffer) value).duplicate());
      case "DATE" -> LocalDate.ofEpochDay((Integer) value).toString();
      case "TIME" ->
          DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay((Long) value * 1000));
      case "DATETIME" ->
          DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
              LocalDateTime.ofEpochSecond(
                  Math.floorDiv((Long) value, 1_000_000L),
                  (int) Math.floorMod((Long) value, 1_000_000L) * 1000,
                  ZoneOffset.UTC));
      case "STRING", "JSON" -> value.toString();
      default -> value;
    };
  }

  private static BigDecimal number(ByteBuffer bytes, int scale) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return JsonRows.plain(new BigDecimal(new BigInteger(copy), scale));
  }
}
