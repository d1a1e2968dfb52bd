package dev.beamline.io.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.AllTypes;
import dev.beamline.io.SinkTable;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSinkTest {

  private static final Schema SCORES =
      Schema.of(
          new Column("team", ScalarType.STRING, false, "Its colour, 'in quotes'"),
          Column.of("hour", ScalarType.TIMESTAMP),
          Column.of("total", ScalarType.INT64));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void file() {
    file = folder.resolve("sub/warehouse.duckdb");
  }

  private static Tuple score(String team, long hour, long total) {
    return Tuple.of(team, hour * 3_600_000_000L, total);
  }

  private DuckDbTable table(
      SinkTable table, boolean replace, String run, boolean commitEachBundle) {
    return new DuckDbTable(
        file.toString(),
        table,
        replace ? DuckDbTable.Start.REPLACE_AT_END : DuckDbTable.Start.CONTINUE,
        run,
        commitEachBundle);
  }

  private DuckDbTable scores(List<Integer> key, boolean replace, String run) {
    return table(new SinkTable("scores", SCORES, key, "Totals"), replace, run, true);
  }

  private static void run(DuckDbSink sink, List<Change> changes) throws IOException {
    sink.prepare();
    write(sink, changes);
    sink.complete();
  }

  private static void write(DuckDbSink sink, List<Change> changes) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=3").create());
    sink.write(pipeline.apply(Create.of(changes).withCoder(SerializableCoder.of(Change.class))));
    pipeline.run().waitUntilFinish();
  }

  private static List<Change> appended(List<Tuple> rows) {
    List<Change> changes = new ArrayList<>();
    rows.forEach(row -> changes.add(new Change(row, false, 0)));
    return changes;
  }

  private Set<Tuple> rows(String table) throws IOException {
    List<Tuple> rows = Warehouse.open(file).rows(table, List.of(), 1_000_000);
    Set<Tuple> set = new HashSet<>(rows);
    assertEquals(set.size(), rows.size(), "a row is doubled");
    return set;
  }

  @Test
  void keepsEveryTypeWhole() throws IOException {
    long seed = System.nanoTime();
    Schema schema = AllTypes.schema(true);
    List<Tuple> rows = AllTypes.rows(schema, 300, new Random(seed));
    SinkTable table = new SinkTable("all types", schema, List.of(), null);
    run(new DuckDbSink(table(table, true, "r1", false)), appended(rows));
    Warehouse warehouse = Warehouse.open(file);
    assertEquals(List.of("all types"), warehouse.tables());
    Schema read = warehouse.schema("all types").orElseThrow();
    for (int i = 0; i < schema.size(); i++) {
      assertEquals(schema.name(i), read.name(i));
      assertEquals(schema.type(i).sql(), read.type(i).sql());
      assertEquals(schema.column(i).description(), read.column(i).description());
    }
    AllTypes.assertSameRows(
        schema, rows, warehouse.rows("all types", List.of(), 10_000), "seed " + seed);
  }

  @Test
  void keepsTheNewestChangeOfEachKeyInAnyOrderOfBundles() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<List<Object>, Change> newest = new HashMap<>();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Tuple row =
          score(random.nextInt(5) == 0 ? null : "t" + random.nextInt(20), random.nextInt(5), i);
      Change change = new Change(row, random.nextInt(4) == 0, i);
      changes.add(change);
      List<Object> key = new ArrayList<>();
      key.add(row.get(0));
      key.add(row.get(1));
      newest.put(key, change);
    }
    Set<Tuple> expected = new HashSet<>();
    newest.values().stream().filter(c -> !c.withdrawn()).forEach(c -> expected.add(c.row()));
    Collections.shuffle(changes, random);
    for (boolean replace : new boolean[] {false, true}) {
      DuckDbSink sink = new DuckDbSink(scores(List.of(0, 1), replace, "run" + replace));
      sink.prepare();
      int half = changes.size() / 2;
      write(sink, changes.subList(0, half));
      write(sink, changes.subList(half / 2, changes.size()));
      sink.complete();
      assertEquals(expected, rows("scores"), "seed " + seed);
    }
  }

  @Test
  void anotherRunIsNewerWhateverItsSequences() throws IOException {
    run(
        new DuckDbSink(scores(List.of(0), false, "one")),
        List.of(new Change(score("a", 1, 1), false, 100), new Change(score("b", 1, 1), false, 5)));
    run(
        new DuckDbSink(scores(List.of(0), false, "two")),
        List.of(new Change(score("a", 1, 2), false, 1)));
    assertEquals(Set.of(score("a", 1, 2), score("b", 1, 1)), rows("scores"));
  }

  @Test
  void readersSeeTheOldTableUntilTheRunIsComplete() throws IOException {
    run(new DuckDbSink(scores(List.of(), true, "one")), appended(List.of(score("a", 1, 1))));
    DuckDbSink second = new DuckDbSink(scores(List.of(), true, "two"));
    second.prepare();
    write(second, appended(List.of(score("b", 2, 2))));
    assertEquals(Set.of(score("a", 1, 1)), rows("scores"));
    assertEquals(List.of("scores"), Warehouse.open(file).tables());
    second.abandon();
    assertEquals(Set.of(score("a", 1, 1)), rows("scores"));
    run(new DuckDbSink(scores(List.of(), true, "three")), appended(List.of(score("c", 3, 3))));
    assertEquals(Set.of(score("c", 3, 3)), rows("scores"));
  }

  @Test
  void aTableThatStartsEmptyGrowsInSight() throws IOException {
    run(new DuckDbSink(scores(List.of(0), true, "one")), appended(List.of(score("a", 1, 1))));
    DuckDbSink second =
        new DuckDbSink(
            new DuckDbTable(
                file.toString(),
                new SinkTable("scores", SCORES, List.of(0), null),
                DuckDbTable.Start.EMPTY,
                "two",
                true));
    second.prepare();
    assertEquals(Set.of(), rows("scores"));
    write(second, appended(List.of(score("b", 2, 2))));
    assertEquals(Set.of(score("b", 2, 2)), rows("scores"));
    second.complete();
    assertEquals(Set.of(score("b", 2, 2)), rows("scores"));
  }

  @Test
  void describesTablesAndColumnsForPeople() throws Exception {
    run(new DuckDbSink(scores(List.of(0), true, "one")), appended(List.of(score("a", 1, 1))));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet table =
          statement.executeQuery(
              "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main'")) {
        assertTrue(table.next());
        assertEquals("scores", table.getString(1));
        assertEquals("Totals", table.getString(2));
        assertTrue(!table.next());
      }
      try (ResultSet columns =
          statement.executeQuery(
              "SELECT string_agg(column_name || ' ' || data_type, ', '), max(comment) FROM duckdb_columns()"
                  + " WHERE table_name = 'scores'")) {
        assertTrue(columns.next());
        assertEquals(
            "team VARCHAR, hour TIMESTAMP WITH TIME ZONE, total BIGINT", columns.getString(1));
        assertEquals("Its colour, 'in quotes'", columns.getString(2));
      }
    }
  }

  @Test
  void addsNewColumnsAndRefusesOthers() throws IOException {
    run(new DuckDbSink(scores(List.of(), false, "one")), appended(List.of(score("a", 1, 1))));
    Schema wider =
        new Schema(
            List.of(
                SCORES.column(0),
                SCORES.column(1),
                SCORES.column(2),
                Column.of("mean", ScalarType.FLOAT64)));
    run(
        new DuckDbSink(table(new SinkTable("scores", wider, List.of(), null), false, "two", true)),
        appended(List.of(Tuple.of("b", 0L, 2L, 0.5))));
    assertEquals(
        Set.of(Tuple.of("a", 3_600_000_000L, 1L, null), Tuple.of("b", 0L, 2L, 0.5)),
        rows("scores"));
    Schema other = Schema.of(Column.of("team", ScalarType.INT64));
    DuckDbSink refused =
        new DuckDbSink(table(new SinkTable("scores", other, List.of(), null), false, "x", true));
    WarehouseException e = assertThrows(WarehouseException.class, refused::prepare);
    assertTrue(
        e.getMessage().contains("the column team with type STRING, but the query gives INT64"),
        e.getMessage());
    assertTrue(e.getMessage().contains("DROP TABLE \"scores\""), e.getMessage());
  }

  @Test
  void tellsWhatIsNoWarehouse() throws IOException {
    WarehouseException missing = assertThrows(WarehouseException.class, () -> Warehouse.open(file));
    assertTrue(missing.getMessage().startsWith("there is no warehouse "), missing.getMessage());
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "this is a text, not a database, and long enough to be looked at ".repeat(99));
    WarehouseException broken =
        assertThrows(WarehouseException.class, () -> Warehouse.open(file).tables());
    assertTrue(broken.getMessage().contains("cannot be opened"), broken.getMessage());
    assertTrue(!broken.getMessage().contains("\n"), broken.getMessage());
  }
}
