package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Expressions that fail in joins, HAVING, QUALIFY, aggregates, analytic functions and everywhere
 * else: each failure is a record of the query's errors, with its row and the expression's place, in
 * batch and in the stream.
 */
class ExpressionErrorsTest {

  private static final Path PROJECT = Path.of("src/test/resources/expression-errors");

  @TempDir Path folder;

  private List<String> errors(String pipeline) throws IOException, SQLException {
    Path project = folder.resolve(pipeline);
    Folders.copy(PROJECT, project);
    CommandRun run = CommandRun.of("run", pipeline, "-C", project.toString());
    assertEquals(0, run.code(), run.err());
    List<String> lines = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:duckdb:" + project.resolve(".beamline/warehouse.duckdb"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT message, input FROM query_errors")) {
      while (rows.next()) {
        lines.add(rows.getString(1) + "\n      " + rows.getString(2));
      }
    }
    lines.sort(null);
    return lines;
  }

  @Test
  void eachFailureHasItsRowAndItsPlace() throws IOException, SQLException {
    List<String> batch = errors("nightly");
    List<String> stream = errors("live");
    StringBuilder out = new StringBuilder();
    List<String> rest = new ArrayList<>(stream);
    for (String line : batch) {
      out.append(rest.remove(line) ? "both  " : "batch ").append(line).append('\n');
    }
    rest.forEach(line -> out.append("stream ").append(line).append('\n'));
    Golden.check(PROJECT.resolve("expected.txt"), out.toString());
  }
}
