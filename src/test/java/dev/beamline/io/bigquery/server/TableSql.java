package dev.beamline.io.bigquery.server;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQL over the tables, by DuckDB: simple SELECTs whose words mean the same in both. Columns with
 * parts can be selected, but not looked into.
 */
final class TableSql {

  private static final Pattern NAME =
      Pattern.compile("`([^`.]+(?:\\.[^`.]+){1,2})`|`([^`]+)`\\.`([^`]+)`(?:\\.`([^`]+)`)?");

  /** Before the place of a value with parts, which stands for it in DuckDB. */
  private static final String PLACE = "\u0001";

  private final Tables tables;
  private final List<StoredTable> read = new ArrayList<>();

  /** What a query gives. */
  record Result(List<Field> fields, List<Map<String, Object>> rows) {}

  TableSql(Tables tables) {
    this.tables = tables;
  }

  List<Map<String, Object>> filter(StoredTable table, String restriction) {
    List<Map<String, Object>> rows = table.rows();
    List<Map<String, Object>> found = new ArrayList<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:")) {
      load(db, table, rows, "t");
      try (Statement statement = db.createStatement();
          ResultSet result =
              statement.executeQuery(
                  "SELECT row_number_ FROM t WHERE "
                      + restriction.replace('`', '"')
                      + " ORDER BY row_number_")) {
        while (result.next()) {
          found.add(rows.get(result.getInt(1)));
        }
      }
    } catch (SQLException e) {
      throw ApiException.invalid(e.getMessage());
    }
    return found;
  }

  Result rows(String sql, String defaultProject) {
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:")) {
      Matcher name = NAME.matcher(sql);
      StringBuilder text = new StringBuilder();
      int count = 0;
      while (name.find()) {
        String dotted =
            name.group(1) != null
                ? name.group(1)
                : name.group(2)
                    + "."
                    + name.group(3)
                    + (name.group(4) == null ? "" : "." + name.group(4));
        String[] parts = dotted.split("\\.");
        StoredTable table =
            parts.length == 2
                ? tables.need(defaultProject, parts[0], parts[1])
                : tables.need(parts[0], parts[1], parts[2]);
        String alias = "t" + count++;
        read.add(table);
        load(db, table, table.rows(), alias);
        name.appendReplacement(text, alias);
      }
      name.appendTail(text);
      String duck =
          text.toString().replace('`', '"').replaceAll("(?i)\\* *EXCEPT *\\(", "* EXCLUDE (");
      try (Statement statement = db.createStatement();
          ResultSet result = statement.executeQuery(duck)) {
        return read(result);
      }
    } catch (SQLException e) {
      throw ApiException.invalid(e.getMessage() + " in " + sql);
    }
  }

  /** A column with parts of a table that was read; null: there is none. */
  private Field withParts(String name) {
    return read.stream()
        .flatMap(table -> table.fields().stream())
        .filter(f -> f.name().equals(name) && (f.repeated() || f.type().equals("STRUCT")))
        .findFirst()
        .orElse(null);
  }

  /** The value that a place stands for. */
  private Object at(String place) {
    String[] parts = place.split(PLACE);
    StoredTable table =
        read.stream().filter(t -> t.qualifiedName().equals(parts[1])).findFirst().orElseThrow();
    return table.rows().get(Integer.parseInt(parts[2])).get(parts[3]);
  }

  private Result read(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<Field> fields = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String type = columns.getColumnTypeName(i).replaceFirst("\\(.*", "");
      Field parts = type.equals("VARCHAR") ? withParts(columns.getColumnName(i)) : null;
      if (parts != null) {
        fields.add(parts);
        continue;
      }
      fields.add(
          new Field(
              columns.getColumnName(i),
              switch (type) {
                case "BIGINT", "INTEGER", "HUGEINT" -> "INT64";
                case "DOUBLE" -> "FLOAT64";
                case "DECIMAL" -> "NUMERIC";
                case "BOOLEAN" -> "BOOL";
                case "BLOB" -> "BYTES";
                case "TIMESTAMP", "DATE", "TIME" -> type;
                default -> "STRING";
              },
              "NULLABLE",
              List.of()));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    while (result.next()) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        Field field = fields.get(i);
        if (!field.name().equals("row_number_")) {
          boolean parts = field.repeated() || field.type().equals("STRUCT");
          String place = parts ? result.getString(i + 1) : null;
          row.put(
              field.name(),
              place != null
                  ? at(place)
                  : parts
                      ? (field.repeated() ? List.of() : null)
                      : value(result, i + 1, field.type()));
        }
      }
      rows.add(row);
    }
    fields.removeIf(field -> field.name().equals("row_number_"));
    return new Result(fields, rows);
  }

  private static Object value(ResultSet result, int index, String type) throws SQLException {
    Object value = result.getObject(index);
    if (value == null) {
      return null;
    }
    return switch (type) {
      case "INT64" -> result.getLong(index);
      case "NUMERIC" -> JsonRows.plain((BigDecimal) value);
      case "BYTES" -> ByteString.copyFrom(result.getBytes(index));
      case "TIMESTAMP" -> JsonRows.micros(value.toString().replaceFirst(" ", "T") + "Z");
      case "FLOAT64", "BOOL" -> value;
      default -> value.toString();
    };
  }

  private static void load(
      Connection db, StoredTable table, List<Map<String, Object>> rows, String alias)
      throws SQLException {
    List<Field> fields = table.fields();
    StringBuilder ddl = new StringBuilder("CREATE TABLE " + alias + " (row_number_ BIGINT");
    StringBuilder marks = new StringBuilder("?");
    for (Field field : fields) {
      String type = field.repeated() ? "VARCHAR" : duck(field.type());
      ddl.append(", \"").append(field.name()).append("\" ").append(type);
      marks.append(", CAST(? AS ").append(type).append(")");
    }
    try (Statement statement = db.createStatement()) {
      statement.execute(ddl.append(")").toString());
    }
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO " + alias + " VALUES (" + marks + ")")) {
      for (int r = 0; r < rows.size(); r++) {
        insert.setLong(1, r);
        for (int i = 0; i < fields.size(); i++) {
          Object value = rows.get(r).get(fields.get(i).name());
          if (value instanceof List || value instanceof Map) {
            value = PLACE + table.qualifiedName() + PLACE + r + PLACE + fields.get(i).name();
          }
          if (value instanceof ByteString bytes) {
            insert.setBytes(i + 2, bytes.toByteArray());
          } else if (value != null && fields.get(i).type().equals("TIMESTAMP")) {
            insert.setString(i + 2, JsonRows.timestamp((Long) value).replace("Z", ""));
          } else {
            insert.setObject(i + 2, value instanceof BigDecimal ? value.toString() : value);
          }
        }
        insert.execute();
      }
    }
  }

  private static String duck(String type) {
    return switch (type) {
      case "INT64" -> "BIGINT";
      case "FLOAT64" -> "DOUBLE";
      case "NUMERIC", "BIGNUMERIC" -> "DECIMAL(38,9)";
      case "BOOL" -> "BOOLEAN";
      case "BYTES" -> "BLOB";
      case "TIMESTAMP", "DATETIME" -> "TIMESTAMP";
      case "DATE", "TIME" -> type;
      default -> "VARCHAR";
    };
  }
}
