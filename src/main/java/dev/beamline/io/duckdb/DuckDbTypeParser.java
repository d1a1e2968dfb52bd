package dev.beamline.io.duckdb;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * BigQuery's type for a type as DuckDB writes it, also for tables that others have made. What
 * BigQuery does not have is read as STRING.
 */
final class DuckDbTypeParser {

  private final String text;
  private int at;

  private DuckDbTypeParser(String text) {
    this.text = text;
  }

  static Type parse(String text) {
    return new DuckDbTypeParser(text).type();
  }

  private Type type() {
    Type type = base();
    while (at < text.length() && text.charAt(at) == '[') {
      at = text.indexOf(']', at) + 1;
      type = new ArrayType(type);
    }
    return type;
  }

  private Type base() {
    int from = at;
    while (at < text.length() && "(),[".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String name = text.substring(from, at).trim().toUpperCase(Locale.ROOT);
    if (at < text.length() && text.charAt(at) == '(') {
      if (name.equals("STRUCT")) {
        return struct();
      }
      int open = at;
      skipParentheses();
      if (name.equals("DECIMAL")) {
        return decimal(text.substring(open + 1, at - 1));
      }
    }
    return switch (name) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
          ScalarType.INT64;
      case "UBIGINT" -> ScalarType.NUMERIC;
      case "HUGEINT", "UHUGEINT" -> ScalarType.BIGNUMERIC;
      case "FLOAT", "DOUBLE" -> ScalarType.FLOAT64;
      case "BOOLEAN" -> ScalarType.BOOL;
      case "BLOB" -> ScalarType.BYTES;
      case "DATE" -> ScalarType.DATE;
      case "TIME" -> ScalarType.TIME;
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> ScalarType.DATETIME;
      case "TIMESTAMP WITH TIME ZONE" -> ScalarType.TIMESTAMP;
      case "INTERVAL" -> ScalarType.INTERVAL;
      case "JSON" -> ScalarType.JSON;
      default -> ScalarType.STRING;
    };
  }

  private static Type decimal(String widthAndScale) {
    String[] parts = widthAndScale.split(",", 2);
    int width = Integer.parseInt(parts[0].trim());
    int scale = parts.length == 1 ? 0 : Integer.parseInt(parts[1].trim());
    return scale <= 9 && width - scale <= 29 ? ScalarType.NUMERIC : ScalarType.BIGNUMERIC;
  }

  private Type struct() {
    List<Column> fields = new ArrayList<>();
    at++;
    while (true) {
      while (text.charAt(at) == ' ') {
        at++;
      }
      String name = fieldName();
      at++;
      fields.add(Column.of(name, type()));
      char next = text.charAt(at++);
      if (next == ')') {
        return new StructType(fields);
      }
    }
  }

  private String fieldName() {
    StringBuilder name = new StringBuilder();
    if (text.charAt(at) != '"') {
      int end = text.indexOf(' ', at);
      name.append(text, at, end);
      at = end;
      return name.toString();
    }
    at++;
    while (text.charAt(at) != '"' || text.startsWith("\"\"", at)) {
      if (text.charAt(at) == '"') {
        at++;
      }
      name.append(text.charAt(at++));
    }
    at++;
    return name.toString();
  }

  /** Goes past what stands in parentheses, quotes within and all. */
  private void skipParentheses() {
    int depth = 0;
    do {
      char c = text.charAt(at++);
      if (c == '\'' || c == '"') {
        at = text.indexOf(c, at) + 1;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    } while (depth > 0);
  }
}
