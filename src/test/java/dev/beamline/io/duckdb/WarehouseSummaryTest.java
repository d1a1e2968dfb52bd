package dev.beamline.io.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboard asks of every table. */
final class WarehouseSummaryTest {

  @TempDir private Path folder;

  @Test
  void countsAndFindsTheNewest() throws IOException, SQLException {
    Path file = folder.resolve("w.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE nothing (window_end TIMESTAMPTZ, n BIGINT)");
      statement.execute(
          "CREATE TABLE panes AS SELECT TIMESTAMPTZ '1970-01-01 00:00:01+00' AS window_end,"
              + " n > 1 AS is_final, if(n = 3, 'LATE', 'ON_TIME') AS pane_timing"
              + " FROM range(5) AS r(n)");
    }
    Warehouse warehouse = Warehouse.open(file);
    var schemas = warehouse.schemas();
    assertEquals(Set.of("nothing", "panes"), schemas.keySet());
    Schema panes = schemas.get("panes");
    assertEquals(warehouse.schema("panes").orElseThrow(), panes);
    assertEquals(
        new Warehouse.Summary(5, 2, 1, 1_000_000L),
        warehouse.summary("panes", panes, "window_end"));
    assertEquals(new Warehouse.Summary(5, 2, 1, null), warehouse.summary("panes", panes, null));
    assertEquals(
        new Warehouse.Summary(0, 0, 0, null),
        warehouse.summary("nothing", schemas.get("nothing"), "window_end"));
    warehouse.release();
  }
}
