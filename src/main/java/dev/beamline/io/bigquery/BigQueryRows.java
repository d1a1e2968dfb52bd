package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.TableRow;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.CivilText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as Beam's connector takes them; nothing is rounded on the way. */
final class BigQueryRows {

  private BigQueryRows() {}

  /** The schema's columns; what a row has behind them is left out, and so are NULLs. */
  static TableRow row(Schema schema, Tuple row) {
    return row(schema.columns(), row);
  }

  private static TableRow row(List<Column> columns, Tuple row) {
    TableRow result = new TableRow();
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(i);
      if (value != null) {
        result.set(BigQueryTypes.name(columns.get(i), i), value(columns.get(i).type(), value));
      }
    }
    return result;
  }

  /** The first array with a NULL in it, which no table can hold; null: there is none. */
  static @Nullable String nullInArray(List<Column> columns, Tuple row) {
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(i);
      String found = value == null ? null : nullInArray(columns.get(i).type(), value);
      if (found != null) {
        return BigQueryTypes.name(columns.get(i), i) + found;
      }
    }
    return null;
  }

  private static @Nullable String nullInArray(Type type, Object value) {
    if (type instanceof StructType struct) {
      String found = nullInArray(struct.fields(), (Tuple) value);
      return found == null ? null : "." + found;
    }
    if (type instanceof ArrayType array) {
      for (@Nullable Object element : (List<?>) value) {
        String found = element == null ? "" : nullInArray(array.element(), element);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static Object value(Type type, Object value) {
    if (type instanceof ArrayType array) {
      List<Object> elements = new ArrayList<>();
      for (@Nullable Object element : (List<?>) value) {
        if (element == null) {
          throw new IllegalArgumentException("an array in a table cannot hold NULL");
        }
        elements.add(value(array.element(), element));
      }
      return elements;
    }
    if (type instanceof StructType struct) {
      return row(struct.fields(), (Tuple) value);
    }
    return switch ((ScalarType) type) {
      case STRING, INT64, BOOL -> value;
      case FLOAT64 -> number((Double) value);
      case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
      case NUMERIC, BIGNUMERIC -> ((BigDecimal) value).toPlainString();
      case TIMESTAMP -> CivilText.formatIsoTimestamp((Long) value);
      case DATETIME -> CivilText.formatDatetime((Long) value, 'T');
      case DATE -> CivilText.formatDate((Long) value);
      case TIME -> CivilText.formatTime((Long) value);
      case JSON, INTERVAL -> value.toString();
    };
  }

  /** JSON has no words for what is not a number. */
  private static Object number(Double value) {
    return Double.isFinite(value) ? value : value.toString();
  }
}
