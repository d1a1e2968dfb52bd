package dev.beamline.io.jdbc;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.MessageDecoder;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Reads rows. PostgreSQL itself writes each as a JSON object, so that numbers keep all their digits
 * and arrays, composites and JSON come as they are, and rows meet the same checks as any record.
 */
final class JdbcRows {

  /** Rows that the server sends at once. */
  private static final int FETCH = 1000;

  private static final int CONNECT_SECONDS = 10;

  private JdbcRows() {}

  /**
   * Hands out all rows of one snapshot of the table.
   *
   * @param read the columns that are wanted of each
   * @throws IOException where the database cannot be asked
   */
  static void read(JdbcTable table, Schema read, int eventTime, Consumer<DecodedRecord> out)
      throws IOException {
    MessageDecoder decoder =
        new MessageDecoder(
            FileFormat.JSON,
            CsvOptions.DEFAULT,
            new RowShape(required(read, eventTime), table.columns()),
            Map.of());
    try (Connection connection = connect(table)) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH);
        try (ResultSet rows = statement.executeQuery(select(table))) {
          while (rows.next()) {
            out.accept(decode(table, decoder, rows.getString(1)));
          }
        }
      }
      connection.rollback();
    } catch (SQLException e) {
      throw told(table, e);
    }
  }

  /** A row without event time is no row. */
  private static Schema required(Schema read, int eventTime) {
    List<Column> columns = new ArrayList<>(read.columns());
    if (eventTime >= 0) {
      Column column = columns.get(eventTime);
      columns.set(eventTime, new Column(column.name(), column.type(), true, column.description()));
    }
    return new Schema(columns);
  }

  private static DecodedRecord decode(JdbcTable table, MessageDecoder decoder, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try {
      return new DecodedRecord(decoder.decode(bytes, name -> null), null);
    } catch (DecodeException e) {
      BadRecord bad = MessageDecoder.bad(e, bytes);
      return new DecodedRecord(
          null,
          new ErrorRecord(
              table.source(),
              bad.code(),
              bad.message(),
              bad.input(),
              bad.base64(),
              table.database() + (table.table() == null ? "" : "/" + table.table()),
              null));
    }
  }

  /** Asks for nothing, to find out whether the columns are there. */
  static void check(JdbcTable table) throws IOException {
    try (Connection connection = connect(table);
        Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      try (ResultSet rows = statement.executeQuery(select(table) + " WHERE false")) {
        rows.next();
      }
    } catch (SQLException e) {
      throw told(table, e);
    }
  }

  /** All that is declared, so that a row that cannot be used is told whole. */
  private static String select(JdbcTable table) {
    List<String> columns = new ArrayList<>();
    for (Column column : table.columns().columns()) {
      String name = quote(column.name());
      columns.add(
          column.type() == ScalarType.BYTES
              ? "translate(encode(t." + name + ", 'base64'), E'\\n', '') AS " + name
              : "t." + name);
    }
    String from =
        table.table() != null
            ? quoted(table.table())
            : "(" + withoutEnd(String.valueOf(table.query())) + "\n)";
    return "SELECT row_to_json(r)::text FROM (SELECT "
        + String.join(", ", columns)
        + " FROM "
        + from
        + " AS t) AS r";
  }

  /** A query as it may stand in another one. */
  private static String withoutEnd(String query) {
    String text = query.strip();
    return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
  }

  private static String quoted(String table) {
    List<String> parts = new ArrayList<>();
    for (String part : table.split("\\.", -1)) {
      parts.add(quote(part));
    }
    return String.join(".", parts);
  }

  private static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static Connection connect(JdbcTable table) throws SQLException {
    Properties properties = new Properties();
    if (table.user() != null) {
      PGProperty.USER.set(properties, table.user());
    }
    if (table.password() != null) {
      PGProperty.PASSWORD.set(properties, table.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "beamline");
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    // Times are told in UTC, floats with all their digits.
    PGProperty.OPTIONS.set(properties, "-c TimeZone=UTC -c extra_float_digits=1");
    // Not by DriverManager, which does not see drivers of the class loaders that jobs come in.
    Connection connection = new Driver().connect(table.url(), properties);
    if (connection == null) {
      throw new SQLException("no URL of PostgreSQL");
    }
    return connection;
  }

  /** The database's own words; a URL, which may hold a password, is not among them. */
  private static IOException told(JdbcTable table, SQLException e) {
    String message = String.valueOf(e.getMessage()).replace(table.url(), table.database());
    String password = table.password();
    if (password != null && !password.isEmpty()) {
      message = message.replace(password, "***");
    }
    // The cause is left out: its message may hold what was just taken away.
    return new IOException(
        table.described() + " cannot be read: " + message.lines().findFirst().orElse(message));
  }
}
