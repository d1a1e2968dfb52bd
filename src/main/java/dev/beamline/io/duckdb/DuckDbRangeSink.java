package dev.beamline.io.duckdb;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.TableRange;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.apache.beam.sdk.values.PCollection;

/**
 * Replaces the rows of a range of a table: what a run makes is written apart, and takes the place
 * of what is there in one transaction at the end. So a backfill can be repeated, readers never see
 * half of it, and one that fails changes nothing.
 */
public final class DuckDbRangeSink implements SinkProvider {

  private final String path;
  private final SinkTable table;
  private final TableRange range;
  private final DuckDbTable apart;
  private final DuckDbSink staging;
  private final DuckDbSink target;

  /**
   * @param path of the database file
   * @param run another for each run
   * @param commitEachBundle whether bundles are written in other processes than this one, which
   *     could not be asked at the end whether all is written
   */
  public DuckDbRangeSink(
      String path, SinkTable table, String run, boolean commitEachBundle, TableRange range) {
    this.path = path;
    this.table = table;
    this.range = range;
    this.apart =
        new DuckDbTable(path, table, DuckDbTable.Start.REPLACE_AT_END, run, commitEachBundle);
    this.staging = new DuckDbSink(apart);
    this.target =
        new DuckDbSink(new DuckDbTable(path, table, DuckDbTable.Start.CONTINUE, run, false));
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public void check(Problems problems) {
    staging.check(problems);
  }

  @Override
  public void prepare() throws IOException {
    target.prepare();
    staging.prepare();
  }

  @Override
  public void write(PCollection<Change> changes) {
    staging.write(changes);
  }

  @Override
  public void complete() throws IOException {
    Committer committer = Committer.of(path);
    committer.flush();
    DatabaseFile file = committer.file();
    file.writing().lock();
    try (DatabaseFile.Lease lease = file.lease(Committer.PATIENCE)) {
      Connection connection = lease.connection();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        replace(statement);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new WarehouseException(
          "table " + table.name() + " of " + path + ": " + e.getMessage(), e);
    } finally {
      file.writing().unlock();
    }
  }

  private void replace(Statement statement) throws SQLException {
    String there = DuckDbTypes.quote(table.name());
    String made = DuckDbTypes.quote(apart.target());
    String inRange = inRange("t." + DuckDbTypes.quote(range.column()));
    if (table.upserts()) {
      String sequences = Sequences.tableName(table.name());
      String madeSequences = Sequences.tableName(apart.target());
      statement.execute(
          "DELETE FROM "
              + sequences
              + " s USING "
              + there
              + " t WHERE "
              + inRange
              + " AND "
              + sameKey());
      statement.execute("DELETE FROM " + sequences + " s USING " + made + " t WHERE " + sameKey());
      statement.execute("DELETE FROM " + there + " t WHERE " + inRange);
      statement.execute("INSERT INTO " + sequences + " BY NAME SELECT * FROM " + madeSequences);
    } else {
      statement.execute("DELETE FROM " + there + " t WHERE " + inRange);
    }
    statement.execute("INSERT INTO " + there + " BY NAME SELECT * FROM " + made);
    statement.execute("DROP TABLE " + made);
    statement.execute("DROP TABLE IF EXISTS " + Sequences.tableName(apart.target()));
  }

  private String sameKey() {
    return table.key().stream()
        .map(
            i ->
                "s."
                    + Sequences.keyColumn(i)
                    + " IS NOT DISTINCT FROM t."
                    + DuckDbTypes.quote(table.schema().name(i)))
        .collect(Collectors.joining(" AND "));
  }

  private String inRange(String column) {
    return column + " >= " + literal(range.from()) + " AND " + column + " < " + literal(range.to());
  }

  private static String literal(long micros) {
    String text = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    return "TIMESTAMPTZ '" + text.replace("T", " ").replace("Z", "+00") + "'";
  }

  @Override
  public void abandon() {
    staging.abandon();
  }
}
