package dev.beamline.io.duckdb;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.row.Keys;
import dev.beamline.io.SinkTable;
import dev.beamline.transform.Change;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Puts changes into one table, within the transaction of the connection it is given. */
final class TableWriter {

  private final SinkTable table;
  private final String target;
  private final String run;
  private final boolean numbered;

  /** Whether all columns can be appended as they are, without text between. */
  private final boolean direct;

  TableWriter(DuckDbTable table) {
    this.table = table.table();
    this.target = table.target();
    this.run = table.run();
    this.numbered = table.numbered();
    this.direct = this.table.schema().columns().stream().allMatch(c -> isPlain(c.type()));
  }

  /** Rows written. Withdrawals of an append table say nothing: what was appended stays. */
  long write(DuckDBConnection connection, List<Change> changes) throws SQLException {
    if (table.upserts()) {
      return upsert(connection, changes);
    }
    List<Change> fresh =
        numbered ? CommittedNumbers.take(connection, target, run, changes) : changes;
    List<Change> rows = fresh.stream().filter(c -> !c.withdrawn()).toList();
    if (rows.isEmpty()) {
      return 0;
    }
    if (direct) {
      try (DuckDBAppender appender = connection.createAppender("main", target)) {
        for (Change change : rows) {
          appender.beginRow();
          appendColumns(appender, change.row());
          appender.endRow();
        }
      }
    } else {
      stage(connection, rows);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "INSERT INTO "
                + DuckDbTypes.quote(target)
                + " SELECT "
                + String.join(", ", selected())
                + " FROM batch b");
        statement.execute("DROP TABLE batch");
      }
    }
    return rows.size();
  }

  private long upsert(DuckDBConnection connection, List<Change> changes) throws SQLException {
    Map<List<@Nullable Object>, Change> newest = new LinkedHashMap<>();
    for (Change change : changes) {
      List<@Nullable Object> key = new ArrayList<>(table.key().size());
      for (int index : table.key()) {
        key.add(Keys.normalize(change.row().get(index)));
      }
      newest.merge(key, change, (a, b) -> b.sequence() >= a.sequence() ? b : a);
    }
    stage(connection, newest.values());
    try (Statement statement = connection.createStatement()) {
      for (String sql : Sequences.merge(table, target, run, selected())) {
        statement.execute(sql);
      }
      statement.execute("DROP TABLE batch");
    }
    return newest.size();
  }

  /** A temporary table, which only this connection sees. */
  private void stage(DuckDBConnection connection, Iterable<Change> changes) throws SQLException {
    Schema schema = table.schema();
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < schema.size(); i++) {
      Type type = schema.type(i);
      columns
          .append('c')
          .append(i)
          .append(' ')
          .append(isPlain(type) ? DuckDbTypes.ddl(type) : "VARCHAR")
          .append(", ");
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE OR REPLACE TEMP TABLE batch (" + columns + "withdrawn BOOLEAN, sequence BIGINT)");
    }
    try (DuckDBAppender appender = connection.createAppender("temp", "main", "batch")) {
      for (Change change : changes) {
        appender.beginRow();
        appendColumns(appender, change.row());
        appender.append(change.withdrawn());
        appender.append(change.sequence());
        appender.endRow();
      }
    }
  }

  /** Each column of the batch as the table has it. */
  private List<String> selected() {
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < table.schema().size(); i++) {
      Type type = table.schema().type(i);
      String column = "b.c" + i;
      if (isPlain(type)) {
        selected.add(column);
      } else if (type instanceof ScalarType) {
        selected.add("CAST(" + column + " AS " + DuckDbTypes.ddl(type) + ")");
      } else {
        selected.add(
            "CAST(CAST(CAST("
                + column
                + " AS JSON) AS "
                + DuckDbTypes.textual(type)
                + ") AS "
                + DuckDbTypes.ddl(type)
                + ")");
      }
    }
    return selected;
  }

  private static boolean isPlain(Type type) {
    return !(type instanceof ArrayType)
        && !(type instanceof StructType)
        && type != ScalarType.INTERVAL;
  }

  private void appendColumns(DuckDBAppender appender, Tuple row) throws SQLException {
    for (int i = 0; i < table.schema().size(); i++) {
      Object value = row.get(i);
      if (value == null) {
        appender.appendNull();
      } else {
        append(appender, table.schema().type(i), value);
      }
    }
  }

  private static void append(DuckDBAppender appender, Type type, Object value) throws SQLException {
    if (!(type instanceof ScalarType scalar)) {
      appender.append(StagedText.json(type, value));
      return;
    }
    switch (scalar) {
      case STRING -> appender.append((String) value);
      case BYTES -> appender.append(((ByteString) value).toByteArray());
      case INT64 -> appender.append((long) (Long) value);
      case FLOAT64 -> appender.append((double) (Double) value);
      case NUMERIC -> appender.append(((BigDecimal) value).setScale(9));
      case BIGNUMERIC -> appender.append(((BigDecimal) value).toPlainString());
      case BOOL -> appender.append((boolean) (Boolean) value);
      case TIMESTAMP, DATETIME -> appender.appendEpochMicros((Long) value);
      case DATE -> appender.appendEpochDays(Math.toIntExact((Long) value));
      case TIME -> appender.appendDayMicros((Long) value);
      case JSON -> appender.append(value.toString());
      case INTERVAL -> appender.append(StagedText.interval(value));
    }
  }
}
