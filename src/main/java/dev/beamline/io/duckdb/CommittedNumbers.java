package dev.beamline.io.duckdb;

import dev.beamline.transform.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which numbered changes a table has, as ranges of numbers without gaps, of each writer. They are
 * written in the transaction that writes the rows, so that either both are there or none. Numbers
 * come in any order: after a restart, what was held back meets what is new.
 */
final class CommittedNumbers {

  private static final String TABLE = Sequences.SCHEMA + ".committed";

  private CommittedNumbers() {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (table_name VARCHAR, writer VARCHAR, first_number BIGINT, last_number BIGINT)");
    }
  }

  /** The statement that forgets all of a table that is made anew. */
  static String forget(String table) {
    return "DELETE FROM " + TABLE + " WHERE table_name = " + DuckDbTypes.literal(table);
  }

  /** The changes that the table does not have yet; from now on it has them. */
  static List<Change> take(
      Connection connection, String table, String writer, List<Change> numbered)
      throws SQLException {
    NavigableMap<Long, Long> ranges = read(connection, table, writer);
    List<Change> fresh = new ArrayList<>(numbered.size());
    for (Change change : numbered) {
      if (add(ranges, change.sequence())) {
        fresh.add(change);
      }
    }
    if (!fresh.isEmpty()) {
      write(connection, table, writer, ranges);
    }
    return fresh;
  }

  /** Adds a number to ranges by their first numbers; false: one of them has it. */
  static boolean add(NavigableMap<Long, Long> ranges, long number) {
    Map.Entry<Long, Long> before = ranges.floorEntry(number);
    if (before != null && before.getValue() >= number) {
      return false;
    }
    long first = before != null && before.getValue() == number - 1 ? before.getKey() : number;
    Long joined = ranges.remove(number + 1);
    ranges.put(first, joined == null ? number : joined);
    return true;
  }

  private static NavigableMap<Long, Long> read(Connection connection, String table, String writer)
      throws SQLException {
    NavigableMap<Long, Long> ranges = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT first_number, last_number FROM "
                + TABLE
                + " WHERE table_name = ? AND writer = ?")) {
      select.setString(1, table);
      select.setString(2, writer);
      try (ResultSet result = select.executeQuery()) {
        while (result.next()) {
          ranges.put(result.getLong(1), result.getLong(2));
        }
      }
    }
    return ranges;
  }

  private static void write(
      Connection connection, String table, String writer, Map<Long, Long> ranges)
      throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM " + TABLE + " WHERE table_name = ? AND writer = ?");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?, ?, ?)")) {
      delete.setString(1, table);
      delete.setString(2, writer);
      delete.execute();
      for (Map.Entry<Long, Long> range : ranges.entrySet()) {
        insert.setString(1, table);
        insert.setString(2, writer);
        insert.setLong(3, range.getKey());
        insert.setLong(4, range.getValue());
        insert.execute();
      }
    }
  }
}
