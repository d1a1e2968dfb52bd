package dev.beamline.io.bigquery;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows of the local server as Beamline carries them. */
final class ServerRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ServerRows() {}

  static List<Tuple> read(Schema schema, List<Map<String, Object>> rows) throws IOException {
    List<Tuple> tuples = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      tuples.add(tuple(schema.columns(), row));
    }
    return tuples;
  }

  private static Tuple tuple(List<Column> columns, Map<String, Object> row) throws IOException {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(columns.get(i).type(), row.get(columns.get(i).name()));
    }
    return Tuple.of(values);
  }

  @SuppressWarnings("unchecked")
  private static Object value(Type type, Object value) throws IOException {
    if (value == null) {
      return null;
    }
    if (type instanceof ArrayType array) {
      List<Object> elements = new ArrayList<>();
      for (Object element : (List<Object>) value) {
        elements.add(value(array.element(), element));
      }
      return elements;
    }
    if (type instanceof StructType struct) {
      return tuple(struct.fields(), (Map<String, Object>) value);
    }
    return switch ((ScalarType) type) {
      case DATE -> LocalDate.parse((String) value).toEpochDay();
      case TIME -> LocalTime.parse((String) value).toNanoOfDay() / 1000;
      case DATETIME -> {
        LocalDateTime time = LocalDateTime.parse((String) value);
        yield time.toEpochSecond(ZoneOffset.UTC) * 1_000_000L + time.getNano() / 1000;
      }
      case JSON -> JSON.readTree((String) value);
      default -> value;
    };
  }
}
