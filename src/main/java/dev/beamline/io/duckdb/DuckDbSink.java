package dev.beamline.io.duckdb;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Writes a query's changes into a table of the warehouse. */
public final class DuckDbSink implements SinkProvider {

  private final DuckDbTable config;
  private final SinkTable table;

  public DuckDbSink(DuckDbTable config) {
    this.config = config;
    this.table = config.table();
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public void check(Problems problems) {
    // All types have a place in a warehouse, and the table is made as the query says.
  }

  @Override
  public void prepare() throws IOException {
    inTransaction(
        connection -> {
          StagingTables.dropAbandoned(connection);
          Metadata.create(connection);
          CommittedNumbers.create(connection);
          String target = config.target();
          if (replaces()) {
            execute(
                connection,
                "DROP TABLE IF EXISTS " + DuckDbTypes.quote(target),
                "DROP TABLE IF EXISTS " + Sequences.tableName(target),
                create(target),
                "COMMENT ON TABLE "
                    + DuckDbTypes.quote(target)
                    + " IS "
                    + DuckDbTypes.literal(StagingTables.owner()));
          } else if (config.start() == DuckDbTable.Start.CONTINUE
              && Metadata.exists(connection, target)) {
            evolve(connection);
            describe(connection, target);
            Metadata.store(connection, table);
          } else {
            execute(
                connection,
                "DROP TABLE IF EXISTS " + DuckDbTypes.quote(target),
                "DROP TABLE IF EXISTS " + Sequences.tableName(target),
                CommittedNumbers.forget(target),
                create(target));
            describe(connection, target);
            Metadata.store(connection, table);
          }
          if (table.upserts()) {
            execute(connection, Sequences.create(table, target));
          }
        });
  }

  @Override
  public void write(PCollection<Change> changes) {
    // What a run makes apart is thrown away where it fails; no bundle of it comes a second time.
    if (config.commitEachBundle()
        && config.start() != DuckDbTable.Start.REPLACE_AT_END
        && !table.upserts()
        && goesBackToCheckpoints(changes.getPipeline().getOptions())) {
      changes.apply("Once", new WriteOnce(config));
    } else {
      changes.apply("Commit", ParDo.of(new WriteFn(config)));
    }
  }

  @Override
  public boolean survivesRestart() {
    return table.upserts() || config.commitEachBundle();
  }

  /** Beam's local runner has no checkpoints, and nothing that it could send twice after a crash. */
  private static boolean goesBackToCheckpoints(PipelineOptions options) {
    return !options.getRunner().getSimpleName().equals("DirectRunner");
  }

  @Override
  public void complete() throws IOException {
    Committer.of(config.path()).flush();
    if (replaces()) {
      inTransaction(
          connection -> {
            String target = config.target();
            execute(
                connection,
                "DROP TABLE IF EXISTS " + DuckDbTypes.quote(table.name()),
                "DROP TABLE IF EXISTS " + Sequences.tableName(table.name()),
                "DROP TABLE IF EXISTS " + Sequences.tableName(target),
                "ALTER TABLE "
                    + DuckDbTypes.quote(target)
                    + " RENAME TO "
                    + DuckDbTypes.quote(table.name()));
            describe(connection, table.name());
            Metadata.store(connection, table);
          });
    }
  }

  @Override
  public void abandon() {
    Committer committer = Committer.of(config.path());
    try {
      if (replaces()) {
        committer.reset();
        inTransaction(
            connection ->
                execute(
                    connection,
                    "DROP TABLE IF EXISTS " + DuckDbTypes.quote(config.target()),
                    "DROP TABLE IF EXISTS " + Sequences.tableName(config.target())));
      } else {
        committer.flush();
      }
    } catch (IOException e) {
      // The run has failed already, for a reason of its own; the next run cleans up.
      System.getLogger(DuckDbSink.class.getName())
          .log(System.Logger.Level.DEBUG, "abandoning " + config, e);
    } finally {
      committer.reset();
    }
  }

  private boolean replaces() {
    return config.start() == DuckDbTable.Start.REPLACE_AT_END;
  }

  private String create(String target) {
    List<String> columns = new ArrayList<>();
    for (Column column : table.schema().columns()) {
      columns.add(DuckDbTypes.quote(column.name()) + " " + DuckDbTypes.ddl(column.type()));
    }
    return "CREATE TABLE " + DuckDbTypes.quote(target) + " (" + String.join(", ", columns) + ")";
  }

  /** Columns that are new are added; nothing else is changed under the feet of readers. */
  private void evolve(Connection connection) throws SQLException, IOException {
    Schema wanted = table.schema();
    Schema there = Metadata.schema(connection, table.name());
    for (Column column : wanted.columns()) {
      int index = there.indexOf(column.name());
      if (index < 0) {
        execute(
            connection,
            "ALTER TABLE "
                + DuckDbTypes.quote(table.name())
                + " ADD COLUMN "
                + DuckDbTypes.quote(column.name())
                + " "
                + DuckDbTypes.ddl(column.type()));
      } else if (!DuckDbTypes.ddl(there.type(index)).equals(DuckDbTypes.ddl(column.type()))) {
        throw new WarehouseException(
            "table "
                + table.name()
                + " of "
                + config.path()
                + " has the column "
                + column.name()
                + " with type "
                + there.type(index).sql()
                + ", but the query gives "
                + column.type().sql()
                + ": to start it anew run DROP TABLE "
                + DuckDbTypes.quote(table.name()),
            null);
      }
    }
    List<String> now = Metadata.schema(connection, table.name()).names();
    if (!same(now.subList(0, Math.min(now.size(), wanted.size())), wanted.names())
        || now.size() != wanted.size()) {
      throw new WarehouseException(
          "table "
              + table.name()
              + " of "
              + config.path()
              + " has the columns "
              + String.join(", ", now)
              + ", but the query gives "
              + String.join(", ", wanted.names())
              + ": to start it anew run DROP TABLE "
              + DuckDbTypes.quote(table.name()),
          null);
    }
  }

  private static boolean same(List<String> a, List<String> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).equalsIgnoreCase(b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void describe(Connection connection, String target) throws SQLException {
    String quoted = DuckDbTypes.quote(target);
    String description = table.description();
    execute(
        connection,
        "COMMENT ON TABLE "
            + quoted
            + " IS "
            + (description == null ? "NULL" : DuckDbTypes.literal(description)));
    for (Column column : table.schema().columns()) {
      String text = column.description();
      if (text != null) {
        execute(
            connection,
            "COMMENT ON COLUMN "
                + quoted
                + "."
                + DuckDbTypes.quote(column.name())
                + " IS "
                + DuckDbTypes.literal(text));
      }
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private interface Work {
    void on(Connection connection) throws SQLException, IOException;
  }

  private void inTransaction(Work work) throws IOException {
    DatabaseFile file = Committer.of(config.path()).file();
    file.writing().lock();
    try (DatabaseFile.Lease lease = file.lease(Committer.PATIENCE)) {
      Connection connection = lease.connection();
      connection.setAutoCommit(false);
      try {
        work.on(connection);
        connection.commit();
      } catch (SQLException | IOException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new WarehouseException(
          "table " + table.name() + " of " + config.path() + ": " + e.getMessage(), e);
    } finally {
      file.writing().unlock();
    }
  }
}
