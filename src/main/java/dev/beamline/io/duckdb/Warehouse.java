package dev.beamline.io.duckdb;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A warehouse to be read: previews, dashboards and ad hoc queries. Each call opens the file for a
 * moment only, so that pipelines can go on writing it; each sees what was committed.
 */
public final class Warehouse {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DatabaseFile file;

  private Warehouse(DatabaseFile file) {
    this.file = file;
  }

  /**
   * @throws WarehouseException where there is no such file
   */
  public static Warehouse open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new WarehouseException("there is no warehouse " + path + ": a run makes it", null);
    }
    return new Warehouse(DatabaseFile.of(path));
  }

  /** Lets go of the file at once instead of a moment later. */
  public void release() {
    file.release();
  }

  /** Names of tables and views, sorted, without those in which runs are still working. */
  public List<String> tables() throws IOException {
    return on(
        connection -> {
          List<String> names = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery(
                      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
                          + " AND table_catalog = current_database() ORDER BY table_name")) {
            while (result.next()) {
              String name = result.getString(1);
              if (!StagingTables.isOne(name)) {
                names.add(name);
              }
            }
          }
          return names;
        });
  }

  /** The columns, with their descriptions; empty where there is no such table. */
  public Optional<Schema> schema(String table) throws IOException {
    return on(
        connection -> {
          Schema schema = Metadata.schema(connection, table);
          return schema.size() == 0 ? Optional.empty() : Optional.of(schema);
        });
  }

  /** The columns of all tables and views, by their names, with those of runs still working. */
  public Map<String, Schema> schemas() throws IOException {
    return on(Metadata::schemas);
  }

  public long count(String table) throws IOException {
    return on(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery("SELECT count(*) FROM " + DuckDbTypes.quote(table))) {
            result.next();
            return result.getLong(1);
          }
        });
  }

  /**
   * What a table holds, in few numbers.
   *
   * @param rows how many
   * @param speculative how many are not final yet; 0 where the table does not say
   * @param late how many have been corrected by late rows; 0 where the table does not say
   * @param newest the largest value of the column asked for, in microseconds; null: none
   */
  public record Summary(long rows, long speculative, long late, @Nullable Long newest) {}

  /**
   * Counts without reading the rows.
   *
   * @param schema the table's
   * @param newest a TIMESTAMP column; null: none is asked for
   */
  public Summary summary(String table, Schema schema, @Nullable String newest) throws IOException {
    return on(
        connection -> {
          String sql =
              "SELECT count(*), "
                  + (schema.indexOf("is_final") < 0 ? "0" : "count_if(NOT is_final)")
                  + ", "
                  + (schema.indexOf("pane_timing") < 0 ? "0" : "count_if(pane_timing = 'LATE')")
                  + ", "
                  + (newest == null
                      ? "NULL"
                      : "epoch_us(max(" + DuckDbTypes.quote(newest) + ")::TIMESTAMPTZ)")
                  + " FROM "
                  + DuckDbTypes.quote(table);
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            result.next();
            long last = result.getLong(4);
            boolean none = result.wasNull();
            return new Summary(
                result.getLong(1), result.getLong(2), result.getLong(3), none ? null : last);
          }
        });
  }

  /**
   * Rows of a table.
   *
   * @param order the keys by which they come; none: as stored
   * @param limit at most so many
   */
  public List<Tuple> rows(String table, List<RowOrder> order, long limit) throws IOException {
    List<Tuple> rows = new ArrayList<>();
    forEach(table, order, limit, rows::add);
    return rows;
  }

  /** All rows, one by one: of {@link #schema}'s columns. */
  public void forEach(String table, Consumer<Tuple> consumer) throws IOException {
    forEach(table, List.of(), Long.MAX_VALUE, consumer);
  }

  private void forEach(String table, List<RowOrder> order, long limit, Consumer<Tuple> consumer)
      throws IOException {
    on(
        connection -> {
          Schema schema = Metadata.schema(connection, table);
          if (schema.size() == 0) {
            throw new WarehouseException(
                "the warehouse " + file.path() + " has no table " + table, null);
          }
          List<String> columns = new ArrayList<>();
          for (int i = 0; i < schema.size(); i++) {
            columns.add(RowValues.select(DuckDbTypes.quote(schema.name(i)), schema.type(i)));
          }
          String sql =
              "SELECT "
                  + String.join(", ", columns)
                  + " FROM "
                  + DuckDbTypes.quote(table)
                  + (order.isEmpty() ? "" : " ORDER BY " + RowOrder.sql(order))
                  + (limit == Long.MAX_VALUE ? "" : " LIMIT " + limit);
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
              @Nullable Object[] values = new @Nullable Object[schema.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = RowValues.read(result, i + 1, schema.type(i));
              }
              consumer.accept(Tuple.of(values));
            }
          }
          return true;
        });
  }

  private interface Work<T extends @Nullable Object> {
    T on(Connection connection) throws SQLException, IOException;
  }

  private <T extends @Nullable Object> T on(Work<T> work) throws IOException {
    try (DatabaseFile.Lease lease = file.lease(PATIENCE)) {
      return work.on(lease.connection());
    } catch (SQLException e) {
      throw new WarehouseException("the warehouse " + file.path() + ": " + e.getMessage(), e);
    }
  }
}
