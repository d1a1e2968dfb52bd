package dev.beamline.io.duckdb;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.TypeParser;
import dev.beamline.io.SinkTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a warehouse knows of its tables beyond DuckDB's own catalog: the types of the columns as
 * BigQuery names them, for BIGNUMERIC is kept as text.
 */
final class Metadata {

  private static final String TABLE = Sequences.SCHEMA + ".columns";

  private Metadata() {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + Sequences.SCHEMA);
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (table_name VARCHAR, column_name VARCHAR, type VARCHAR)");
    }
  }

  static void store(Connection connection, SinkTable table) throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM " + TABLE + " WHERE table_name = ?");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?, ?)")) {
      delete.setString(1, table.name());
      delete.execute();
      for (Column column : table.schema().columns()) {
        insert.setString(1, table.name());
        insert.setString(2, column.name().toLowerCase(Locale.ROOT));
        insert.setString(3, column.type().sql());
        insert.execute();
      }
    }
  }

  static boolean exists(Connection connection, String table) throws SQLException {
    return exists(connection, "main", table);
  }

  private static boolean exists(Connection connection, String schema, String table)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?")) {
      statement.setString(1, schema);
      statement.setString(2, table);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getLong(1) > 0;
      }
    }
  }

  /** The columns of a table or view of the main schema; empty where there is none. */
  static Schema schema(Connection connection, String table) throws SQLException {
    return schemas(connection, table).getOrDefault(table, Schema.of());
  }

  /** The columns of all tables and views of the main schema, by their names. */
  static Map<String, Schema> schemas(Connection connection) throws SQLException {
    return schemas(connection, null);
  }

  private static Map<String, Schema> schemas(Connection connection, @Nullable String table)
      throws SQLException {
    Map<List<String>, Type> stored = stored(connection, table);
    Map<String, List<Column>> columns = new TreeMap<>();
    try (PreparedStatement statement =
            prepare(
                connection,
                "SELECT table_name, column_name, data_type, comment FROM duckdb_columns()"
                    + " WHERE schema_name = 'main' AND database_name = current_database()",
                table,
                " ORDER BY table_name, column_index");
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        String name = result.getString(1);
        String column = result.getString(2);
        Type type = DuckDbTypeParser.parse(result.getString(3));
        Type known = stored.get(List.of(name, column.toLowerCase(Locale.ROOT)));
        boolean fits =
            known != null && DuckDbTypes.ddl(known).equalsIgnoreCase(DuckDbTypes.ddl(type));
        columns
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(
                new Column(
                    column, known != null && fits ? known : type, false, result.getString(4)));
      }
    }
    Map<String, Schema> schemas = new TreeMap<>();
    columns.forEach((name, list) -> schemas.put(name, new Schema(list)));
    return schemas;
  }

  private static Map<List<String>, Type> stored(Connection connection, @Nullable String table)
      throws SQLException {
    Map<List<String>, Type> types = new HashMap<>();
    if (!exists(connection, Sequences.SCHEMA, "columns")) {
      return types;
    }
    try (PreparedStatement statement =
            prepare(
                connection,
                "SELECT table_name, column_name, type FROM " + TABLE + " WHERE true",
                table,
                "");
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        try {
          types.put(
              List.of(result.getString(1), result.getString(2)),
              TypeParser.parse(result.getString(3)));
        } catch (TypeParser.InvalidTypeException e) {
          // A type that only a later version knows: DuckDB's own type tells enough to read it.
        }
      }
    }
    return types;
  }

  /** Of one table, or of all where none is named. */
  private static PreparedStatement prepare(
      Connection connection, String select, @Nullable String table, String order)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(select + (table == null ? "" : " AND table_name = ?") + order);
    if (table != null) {
      statement.setString(1, table);
    }
    return statement;
  }
}
