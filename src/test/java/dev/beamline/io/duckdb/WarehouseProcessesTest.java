package dev.beamline.io.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Change;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse between processes: read while written, and whole after a writer was killed. */
class WarehouseProcessesTest {

  @TempDir Path folder;

  private Process start(Path file, String start, String run) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            WarehouseWriterMain.class.getName(),
            file.toString(),
            start,
            run)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Reads on until that many values are on disk; the last of them. */
  private static long await(BufferedReader lines, int values) throws IOException {
    long last = -1;
    for (int seen = 0; seen < values; ) {
      String line = lines.readLine();
      assertNotNull(line, "the writer ended");
      if (!line.equals("prepared")) {
        last = Long.parseLong(line);
        seen++;
      }
    }
    return last;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  private static void finish(Path file, String start, String run, long value) throws IOException {
    DuckDbTable table = WarehouseWriterMain.table(file.toString(), start, run);
    DuckDbSink sink = new DuckDbSink(table);
    sink.prepare();
    Committer.of(file.toString()).commit(table, List.of(new Change(Tuple.of(0L, value), false, 0)));
    sink.complete();
    Warehouse.open(file).release();
  }

  private static Set<Tuple> rows(Path file) throws IOException {
    return Warehouse.open(file).rows("t", List.of(), 1000).stream().collect(Collectors.toSet());
  }

  @Test
  void isReadWhileAnotherProcessWritesAndKeepsWhatWasCommitted() throws Exception {
    Path file = folder.resolve("w.duckdb");
    Process writer = start(file, "EMPTY", "one");
    long committed;
    try (BufferedReader lines = output(writer)) {
      await(lines, 30);
      for (int i = 0; i < 3; i++) {
        long size = Warehouse.open(file).count("t");
        assertEquals(10, size);
        Warehouse.open(file).release();
        await(lines, 5);
      }
      committed = await(lines, 1);
      kill(writer);
    }
    long newest = rows(file).stream().mapToLong(row -> (Long) row.get(1)).max().orElseThrow();
    assertTrue(newest >= committed, newest + " is older than " + committed);
    assertEquals(10, rows(file).size());
  }

  @Test
  void aKilledRunLeavesTheOldTableWholeAndTheNextOneWorks() throws Exception {
    Path file = folder.resolve("w.duckdb");
    finish(file, "REPLACE_AT_END", "first", 42);
    Process writer = start(file, "REPLACE_AT_END", "second");
    try (BufferedReader lines = output(writer)) {
      await(lines, 20);
      kill(writer);
    }
    assertEquals(Set.of(Tuple.of(0L, 42L)), rows(file));
    assertEquals(List.of("t"), Warehouse.open(file).tables());
    finish(file, "REPLACE_AT_END", "third", 43);
    assertEquals(Set.of(Tuple.of(0L, 43L)), rows(file));
    try (DatabaseFile.Lease lease = DatabaseFile.of(file).lease(java.time.Duration.ofSeconds(5));
        var statement = lease.connection().createStatement();
        var left =
            statement.executeQuery(
                "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%second%'")) {
      assertTrue(left.next());
      assertEquals(0, left.getLong(1));
    }
  }
}
