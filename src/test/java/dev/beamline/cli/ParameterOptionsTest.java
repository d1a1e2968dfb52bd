package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of parameters on the command line, over those of pipelines.yaml. */
final class ParameterOptionsTest {

  @TempDir Path project;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        sources:
          sales: {type: files, path: sales.csv, columns: {shop: STRING, price: NUMERIC}}
        queries:
          dear: {parameters: {least: 2}}
        """);
    Files.writeString(project.resolve("sales.csv"), "shop,price\nn,1\nn,1.5\ns,2\ns,3\n");
    Files.createDirectory(project.resolve("queries"));
    Files.writeString(
        project.resolve("queries/dear.sql"),
        "SELECT COUNT(*) AS sold FROM sales WHERE price >= @Least");
    Files.writeString(project.resolve("queries/all_of_them.sql"), "SELECT shop FROM sales");
  }

  private CommandRun run(String... options) {
    String[] all = new String[options.length + 5];
    all[0] = "run";
    all[1] = "-C";
    all[2] = project.toString();
    all[3] = "--queries";
    all[4] = "dear";
    System.arraycopy(options, 0, all, 5, options.length);
    return CommandRun.of(all);
  }

  private String sold(String... options) {
    CommandRun run = run(options);
    assertEquals(0, run.code(), run.out() + run.err());
    CommandRun query =
        CommandRun.of(
            "query", "-C", project.toString(), "--format", "csv", "SELECT sold FROM dear");
    return query.out().strip().replaceAll("\\s+", " ");
  }

  @Test
  void standOverThoseOfTheProject() {
    assertEquals("sold 2", sold());
    assertEquals("sold 1", sold("-P", "least=3"));
    assertEquals("sold 3", sold("--parameter", "LEAST:NUMERIC=1.5"));
  }

  @Test
  void mustBeOfAQueryAndOfItsType() {
    CommandRun unknown = run("-P", "lest=3");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("no query has @lest"), unknown.err());
    CommandRun wrong = run("-P", "least=dear");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("queries/dear.sql:1:48: error SQL_WRONG_TYPE"), wrong.err());
  }
}
