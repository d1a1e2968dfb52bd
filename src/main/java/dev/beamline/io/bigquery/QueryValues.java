package dev.beamline.io.bigquery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.util.Data;
import com.google.api.services.bigquery.model.TableCell;
import com.google.api.services.bigquery.model.TableRow;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.CivilText;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as a query's REST answer has them: cells of text, TIMESTAMPs in microseconds. */
final class QueryValues {

  private static final ObjectMapper JSON = new ObjectMapper();

  private QueryValues() {}

  static Tuple row(List<Column> columns, TableRow row) throws IOException {
    List<Object> cells = new ArrayList<>();
    for (TableCell cell : row.getF()) {
      cells.add(cell.getV());
    }
    return tuple(columns, cells);
  }

  private static Tuple tuple(List<Column> columns, List<?> cells) throws IOException {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(columns.get(i).type(), cells.get(i));
    }
    return Tuple.of(values);
  }

  private static @Nullable Object value(Type type, @Nullable Object cell) throws IOException {
    if (cell == null || Data.isNull(cell)) {
      return null;
    }
    if (type instanceof ArrayType array) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : (List<?>) cell) {
        elements.add(value(array.element(), inner(element)));
      }
      return elements;
    }
    if (type instanceof StructType struct) {
      List<@Nullable Object> cells = new ArrayList<>();
      if (((Map<?, ?>) cell).get("f") instanceof List<?> fields) {
        for (Object field : fields) {
          cells.add(inner(field));
        }
      }
      return tuple(struct.fields(), cells);
    }
    String text = cell.toString();
    return switch ((ScalarType) type) {
      case STRING -> text;
      case INT64, TIMESTAMP -> Long.valueOf(text);
      case FLOAT64 -> float64(text);
      case BOOL -> Boolean.valueOf(text);
      case NUMERIC, BIGNUMERIC -> canonical(new BigDecimal(text));
      case BYTES -> ByteString.copyFrom(Base64.getDecoder().decode(text));
      case DATE -> CivilText.parseDate(text);
      case DATETIME -> CivilText.parseDatetime(text);
      case TIME -> CivilText.parseTime(text);
      case JSON -> json(text);
      case INTERVAL -> throw new IOException("an INTERVAL of a query's result is not read");
    };
  }

  private static @Nullable Object inner(Object cell) {
    return ((Map<?, ?>) cell).get("v");
  }

  private static Double float64(String text) {
    return switch (text) {
      case "Infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "nan" -> Double.NaN;
      default -> Double.valueOf(text);
    };
  }

  /** One form of each number, without zeros at the end. */
  private static BigDecimal canonical(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static Object json(String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException("no JSON: " + text, e);
    }
  }
}
