package dev.beamline.execution.local;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The peer of the differential tests. Rows are compared as bags, FLOAT64 to 11 digits. */
final class DuckDb implements AutoCloseable {

  private final Connection connection;

  DuckDb() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
  }

  void create(String table, Schema schema, List<Tuple> rows) throws SQLException {
    String columns =
        schema.columns().stream()
            .map(c -> c.name() + " " + type((ScalarType) c.type()))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE OR REPLACE TABLE " + table + " (" + columns + ")");
    }
    String marks = String.join(", ", Collections.nCopies(schema.size(), "?"));
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")")) {
      for (Tuple row : rows) {
        for (int i = 0; i < row.size(); i++) {
          insert.setObject(i + 1, row.get(i));
        }
        insert.addBatch();
      }
      if (!rows.isEmpty()) {
        insert.executeBatch();
      }
    }
  }

  private static String type(ScalarType type) {
    return switch (type) {
      case INT64 -> "BIGINT";
      case FLOAT64 -> "DOUBLE";
      case STRING -> "VARCHAR";
      case BOOL -> "BOOLEAN";
      case NUMERIC -> "DECIMAL(38,9)";
      default -> throw new IllegalArgumentException(type.sql());
    };
  }

  /** The rows of a query, as text, sorted. */
  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        @Nullable Object[] values = new @Nullable Object[width];
        for (int i = 0; i < width; i++) {
          Object value = result.getObject(i + 1);
          values[i] =
              value instanceof java.sql.Array array
                  ? Arrays.asList((Object[]) array.getArray())
                  : value;
        }
        rows.add(show(values));
      }
    } catch (SQLException e) {
      throw new SQLException(sql + "\n" + e.getMessage(), e);
    }
    Collections.sort(rows);
    return rows;
  }

  private static final Pattern FLOAT = Pattern.compile("-?\\d\\.\\d{10}e[+-]\\d+");

  static List<String> show(List<Tuple> rows) {
    return rows.stream().map(r -> show(r.values())).sorted().toList();
  }

  /**
   * Rows in which each FLOAT64 is the peer's where the two are a billionth apart or less: the order
   * of adding shows in the last digits, wherever a text of them is cut off.
   */
  static List<String> like(List<String> rows, List<String> peers) {
    if (rows.size() != peers.size()) {
      return rows;
    }
    List<String> like = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      like.add(like(rows.get(i), peers.get(i)));
    }
    return like;
  }

  private static String like(String row, String peer) {
    List<String> others = FLOAT.matcher(peer).results().map(MatchResult::group).toList();
    int[] next = {0};
    return FLOAT
        .matcher(row)
        .replaceAll(
            found -> {
              if (next[0] == others.size()) {
                return found.group();
              }
              String other = others.get(next[0]++);
              double a = Double.parseDouble(found.group());
              double b = Double.parseDouble(other);
              return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
                  ? other
                  : found.group();
            });
  }

  private static String show(@Nullable Object[] values) {
    return Arrays.stream(values).map(DuckDb::show).collect(Collectors.joining(" | "));
  }

  private static String show(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(DuckDb::show).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Double number) {
      return number == 0 ? "0" : String.format(Locale.ROOT, "%.10e", number);
    } else if (value instanceof BigDecimal decimal) {
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
