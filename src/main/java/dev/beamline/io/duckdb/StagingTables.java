package dev.beamline.io.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables that a run writes before they take the place of the real ones. */
final class StagingTables {

  private static final String PREFIX = "__staging__";
  private static final Pattern OWNER = Pattern.compile("written by process (\\d+) since (\\d+)");

  private StagingTables() {}

  static String name(String table, String run) {
    return PREFIX + table + "__" + run;
  }

  static boolean isOne(String table) {
    return table.startsWith(PREFIX);
  }

  /** What a staging table's comment says of its writer. */
  static String owner() {
    ProcessHandle me = ProcessHandle.current();
    return "written by process " + me.pid() + " since " + started(me);
  }

  /** Drops what runs have left that no longer live. */
  static void dropAbandoned(Connection connection) throws SQLException {
    List<String> abandoned = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet tables =
            statement.executeQuery(
                "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main'")) {
      while (tables.next()) {
        if (isOne(tables.getString(1)) && !isAlive(tables.getString(2))) {
          abandoned.add(tables.getString(1));
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      for (String table : abandoned) {
        statement.execute("DROP TABLE IF EXISTS " + DuckDbTypes.quote(table));
        statement.execute("DROP TABLE IF EXISTS " + Sequences.tableName(table));
      }
    }
  }

  private static boolean isAlive(String comment) {
    Matcher owner = OWNER.matcher(comment == null ? "" : comment);
    if (!owner.matches()) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(owner.group(1)));
    return process.isPresent()
        && process.get().isAlive()
        && started(process.get()) == Long.parseLong(owner.group(2));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
