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
    Map<String, Type> stored = stored(connection, table);
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE schema_name = 'main'"
                + " AND database_name = current_database() AND table_name = ? ORDER BY column_index")) {
      statement.setString(1, table);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          Type type = DuckDbTypeParser.parse(result.getString(2));
          Type known = stored.get(result.getString(1).toLowerCase(Locale.ROOT));
          boolean fits =
              known != null && DuckDbTypes.ddl(known).equalsIgnoreCase(DuckDbTypes.ddl(type));
          columns.add(
              new Column(
                  result.getString(1),
                  known != null && fits ? known : type,
                  false,
                  result.getString(3)));
        }
      }
    }
    return new Schema(columns);
  }

  private static Map<String, Type> stored(Connection connection, String table) throws SQLException {
    Map<String, Type> types = new HashMap<>();
    if (!exists(connection, Sequences.SCHEMA, "columns")) {
      return types;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT column_name, type FROM " + TABLE + " WHERE table_name = ?")) {
      statement.setString(1, table);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          try {
            types.put(result.getString(1), TypeParser.parse(result.getString(2)));
          } catch (TypeParser.InvalidTypeException e) {
            // A type that only a later version knows: DuckDB's own type tells enough to read it.
          }
        }
      }
    }
    return types;
  }
}
