package dev.beamline.io.bigquery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.gcs.LocalGcs;
import dev.beamline.io.AllTypes;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SinkTable;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import dev.beamline.transform.Change;
import dev.beamline.transform.ChangeCoder;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sink against a BigQuery that it reaches over the wire. */
final class BigQuerySinkTest {

  private static final Schema SCORES =
      Schema.of(
          new Column("team", ScalarType.STRING, false, "Who plays."),
          Column.of("hour", ScalarType.TIMESTAMP),
          Column.of("score", ScalarType.INT64));

  private static LocalBigQuery server;
  private static PipelineOptions options;

  @BeforeAll
  static void start() throws Exception {
    server = LocalBigQuery.start();
    server.makeDataset("demo", "game");
    options = server.pipelineOptions("demo");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyTypeArrivesWhole() throws Exception {
    Schema schema = AllTypes.schema(false);
    List<Tuple> rows = AllTypes.rows(schema, 60, new Random(7));
    TableSettings settings =
        plain("all_types", new SinkTable("all_types", schema, List.of(), null));
    write(settings, WriteMethod.EXACTLY_ONCE, rows.stream().map(r -> change(r, 0)).toList(), false);

    assertEquals(
        List.of("PENDING"), server.streamTypes().stream().filter("PENDING"::equals).toList());
    AllTypes.assertSameRows(
        schema, rows, ServerRows.read(schema, server.rows("demo", "game", "all_types")), "written");
  }

  @Test
  void everyTypeIsReadBackAsItWasWritten() throws Exception {
    Schema schema = AllTypes.schema(false);
    List<Tuple> rows = AllTypes.rows(schema, 60, new Random(8));
    TableSettings settings =
        plain("read_back", new SinkTable("read_back", schema, List.of(), null));
    write(
        settings, WriteMethod.AT_LEAST_ONCE, rows.stream().map(r -> change(r, 0)).toList(), false);

    BigQuerySource source =
        new BigQuerySource(
            "read_back",
            settings.id(),
            null,
            schema,
            options,
            Place.ofFile("pipelines.yaml"),
            Duration.ofMinutes(1));
    Problems problems = new Problems();
    source.check(problems);
    assertEquals(List.of(), problems.sorted());
    Pipeline pipeline = Pipeline.create(options);
    TupleTag<Tuple> tag = new TupleTag<>("rows");
    PCollection<Tuple> read =
        source
            .read(
                PBegin.in(pipeline),
                new ScanRequest(
                    schema, -1, new CollectTuples(tag), List.of(tag), new TupleTag<>("errors")))
            .get(tag)
            .setCoder(TupleCoder.of(schema));
    PAssert.that(read).containsInAnyOrder(rows);
    pipeline.run().waitUntilFinish();

    // The same, as a worker reads it that looks rows up.
    AllTypes.assertSameRows(
        schema, rows, Objects.requireNonNull(source.reading()).read(schema), "read again");
  }

  @Test
  void everyTypeIsLoadedFromFiles() throws Exception {
    Schema schema = AllTypes.schema(false);
    List<Tuple> rows = AllTypes.rows(schema, 40, new Random(9));
    TableSettings settings = plain("loaded", new SinkTable("loaded", schema, List.of(), null));
    try (LocalGcs gcs = LocalGcs.start()) {
      gcs.makeBucket("temp");
      server.useStorage(gcs.endpoint());
      options.setTempLocation("gs://temp/loads");
      options.as(GcsOptions.class).setGcsEndpoint(gcs.endpoint());
      write(settings, WriteMethod.FILE_LOADS, rows.stream().map(r -> change(r, 0)).toList(), false);
    }
    AllTypes.assertSameRows(
        schema, rows, ServerRows.read(schema, server.rows("demo", "game", "loaded")), "loaded");
  }

  @Test
  void aStreamThatAppendsWritesEachRowOnce() throws Exception {
    SinkTable table = new SinkTable("appended", SCORES, List.of(), "Scores.");
    TableSettings settings =
        new TableSettings(
            new TableId("demo", "game", "appended"),
            table,
            "hour",
            "DAY",
            List.of("team"),
            Map.of("owner", "games"));
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      changes.add(change(Tuple.of("t" + i, 3_600_000_000L * i, (long) i), i));
    }
    changes.add(new Change(Tuple.of("gone", 0L, 0L), true, 1));
    write(settings, WriteMethod.EXACTLY_ONCE, changes, true);

    assertTrue(server.streamTypes().contains("BUFFERED"), server.streamTypes().toString());
    assertEquals(200, server.rows("demo", "game", "appended").size());
    var made = server.table("demo", "game", "appended");
    assertEquals("Scores.", made.path("description").asText());
    assertEquals("hour", made.path("timePartitioning").path("field").asText());
    assertEquals("[\"team\"]", made.path("clustering").path("fields").toString());
    assertEquals("games", made.path("labels").path("owner").asText());
    assertEquals(
        "Who plays.", made.path("schema").path("fields").path(0).path("description").asText());
  }

  @Test
  void theLargestSequenceOfAKeyWinsAndWithdrawnRowsGo() throws Exception {
    TableSettings settings =
        plain("upserted", new SinkTable("upserted", SCORES, List.of(0, 1), null));
    List<Change> changes = new ArrayList<>();
    for (int round = 1; round <= 20; round++) {
      for (int team = 0; team < 5; team++) {
        changes.add(change(Tuple.of("t" + team, 0L, (long) round), 1_000L * round));
      }
    }
    changes.add(new Change(Tuple.of("t4", 0L, null), true, 30_000));
    changes.add(change(Tuple.of("t4", 0L, 99L), 29_000));
    java.util.Collections.shuffle(changes, new Random(3));
    write(settings, WriteMethod.EXACTLY_ONCE, changes, true);

    List<String> found = new ArrayList<>();
    server
        .rows("demo", "game", "upserted")
        .forEach(row -> found.add(row.get("team") + "=" + row.get("score")));
    found.sort(null);
    assertEquals(List.of("t0=20", "t1=20", "t2=20", "t3=20"), found);
    assertEquals(
        "[\"team\",\"hour\"]",
        server
            .table("demo", "game", "upserted")
            .path("tableConstraints")
            .path("primaryKey")
            .path("columns")
            .toString());
  }

  @Test
  void aLaterBatchReplacesTheRowsOfAnEarlierOne() throws Exception {
    TableSettings settings =
        plain("nightly", new SinkTable("nightly", SCORES, List.of(0, 1), null));
    write(settings, WriteMethod.EXACTLY_ONCE, List.of(change(Tuple.of("a", 0L, 1L), 0)), false);
    Thread.sleep(5);
    write(settings, WriteMethod.EXACTLY_ONCE, List.of(change(Tuple.of("a", 0L, 2L), 0)), false);
    assertEquals(1, server.rows("demo", "game", "nightly").size());
    assertEquals(2L, server.rows("demo", "game", "nightly").get(0).get("score"));
  }

  @Test
  void refusedRowsComeOutWithTheReason() throws Exception {
    TableSettings settings = plain("picky", new SinkTable("picky", SCORES, List.of(), null));
    prepare(settings);
    server.refuseRows("demo", "game", "picky", row -> Long.valueOf(3).equals(row.get("score")));
    for (WriteMethod method : List.of(WriteMethod.EXACTLY_ONCE, WriteMethod.AT_LEAST_ONCE)) {
      Pipeline pipeline = Pipeline.create(options);
      List<Change> changes = new ArrayList<>();
      for (long i = 0; i < 6; i++) {
        changes.add(change(Tuple.of("t", 0L, i), i));
      }
      PCollection<ErrorRecord> errors =
          pipeline
              .apply(Create.of(changes).withCoder(ChangeCoder.of(SCORES)))
              .apply(new WriteChanges(settings, method));
      PAssert.that(
              errors.apply(
                  MapElements.into(TypeDescriptors.strings())
                      .via(e -> e.origin() + " " + e.code() + " " + e.message() + " " + e.input())))
          .containsInAnyOrder(
              "picky REFUSED_BY_SINK Row violates a rule of demo.game.picky "
                  + "{\"team\":\"t\",\"hour\":\"1970-01-01T00:00:00Z\",\"score\":3}");
      pipeline.run().waitUntilFinish();
    }
    assertEquals(10, server.rows("demo", "game", "picky").size());
  }

  @Test
  void anArrayWithNullComesOutWithTheReason() throws Exception {
    Schema schema =
        Schema.of(
            Column.of("id", ScalarType.INT64), Column.of("tags", new ArrayType(ScalarType.STRING)));
    TableSettings settings = plain("arrays", new SinkTable("arrays", schema, List.of(), null));
    prepare(settings);
    Pipeline pipeline = Pipeline.create(options);
    List<Change> changes =
        List.of(
            change(Tuple.of(1L, List.of("a")), 0),
            change(Tuple.of(2L, java.util.Arrays.asList("a", null)), 0),
            change(Tuple.of(3L, null), 0));
    PAssert.that(
            pipeline
                .apply(Create.of(changes).withCoder(ChangeCoder.of(schema)))
                .apply(new WriteChanges(settings, WriteMethod.EXACTLY_ONCE))
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(e -> e.message() + " " + e.input())))
        .containsInAnyOrder(
            "column tags: an array in a table cannot hold NULL {\"id\":2,\"tags\":[\"a\",null]}");
    pipeline.run().waitUntilFinish();
    assertEquals(
        "[{id=1, tags=[a]}, {id=3, tags=[]}]",
        server.rows("demo", "game", "arrays").stream()
            .sorted(java.util.Comparator.comparing(r -> (Long) r.get("id")))
            .toList()
            .toString());
  }

  @Test
  void columnsAreAddedInPlaceAndAllElseIsRefusedWithTheStatement() throws Exception {
    SinkTable first = new SinkTable("grown", SCORES, List.of(), null);
    prepare(plain("grown", first));
    List<Column> more = new ArrayList<>(SCORES.columns());
    more.add(new Column("wins", ScalarType.NUMERIC, false, "Games won."));
    prepare(plain("grown", new SinkTable("grown", new Schema(more), List.of(), "Told later.")));
    var fields = server.table("demo", "game", "grown").path("schema").path("fields");
    assertEquals("wins", fields.path(3).path("name").asText());
    assertEquals("Told later.", server.table("demo", "game", "grown").path("description").asText());

    String said =
        assertThrows(InvalidProjectException.class, () -> prepare(plain("grown", first)))
            .diagnostics()
            .toString();
    assertTrue(said.contains("ALTER TABLE `demo.game.grown` DROP COLUMN `wins`"), said);

    more.set(2, Column.of("score", ScalarType.NUMERIC));
    said = refusal(plain("grown", new SinkTable("grown", new Schema(more), List.of(), null)));
    assertTrue(
        said.contains("ALTER TABLE `demo.game.grown` ALTER COLUMN `score` SET DATA TYPE NUMERIC"),
        said);
    more.set(2, SCORES.column(2));
    said = refusal(plain("grown", new SinkTable("grown", new Schema(more), List.of(0), null)));
    assertTrue(
        said.contains("ALTER TABLE `demo.game.grown` ADD PRIMARY KEY (`team`) NOT ENFORCED"), said);
    said =
        refusal(
            new TableSettings(
                new TableId("demo", "game", "grown"),
                new SinkTable("grown", new Schema(more), List.of(), null),
                "hour",
                "HOUR",
                List.of(),
                Map.of()));
    assertTrue(said.contains("RENAME TO `grown_old`"), said);
  }

  @Test
  void theViewShowsTheNewestPaneOfEachKeyAndNoSessionThatGrew() throws Exception {
    Schema panes =
        Schema.of(
            Column.of("user", ScalarType.STRING),
            Column.of("n", ScalarType.INT64),
            Column.of("window_start", ScalarType.TIMESTAMP),
            Column.of("window_end", ScalarType.TIMESTAMP),
            Column.of("pane_timing", ScalarType.STRING),
            Column.of("pane_index", ScalarType.INT64),
            Column.of("is_final", ScalarType.BOOL));
    TableSettings settings = plain("sessions", new SinkTable("sessions", panes, List.of(), null));
    LatestView view =
        new LatestView(
            List.of("user", "window_start", "window_end"),
            new LatestView.Session("window_start", "window_end"));
    new BigQuerySink(
            settings,
            WriteMethod.EXACTLY_ONCE,
            options,
            Place.ofFile("pipelines.yaml"),
            view,
            errors -> {})
        .prepare();
    write(
        settings,
        WriteMethod.EXACTLY_ONCE,
        List.of(
            change(Tuple.of("ann", 1L, 0L, 10L, "EARLY", 0L, false), 1),
            change(Tuple.of("ann", 2L, 0L, 10L, "ON_TIME", 1L, true), 2),
            change(Tuple.of("ann", 3L, 0L, 15L, "ON_TIME", 0L, true), 3),
            change(Tuple.of("ann", 1L, 50L, 60L, "ON_TIME", 0L, true), 1),
            change(Tuple.of("bob", 4L, 0L, 10L, "ON_TIME", 0L, true), 1)),
        false);
    List<String> shown = new ArrayList<>();
    server
        .rows("demo", "game", "sessions_latest")
        .forEach(r -> shown.add(r.get("user") + " " + r.get("n") + " " + r.get("window_end")));
    shown.sort(null);
    assertEquals(List.of("ann 1 60", "ann 3 15", "bob 4 10"), shown);
  }

  /** Sends rows as they are. */
  private static final class CollectTuples implements RowStage {
    private static final long serialVersionUID = 1L;

    private final TupleTag<Tuple> tag;

    CollectTuples(TupleTag<Tuple> tag) {
      this.tag = tag;
    }

    @Override
    public void setup() {}

    @Override
    public void startBundle() {}

    @Override
    public void process(Tuple row, long eventTimeMicros, StageOutput output) {
      output.output(tag, row, new org.joda.time.Instant(0));
    }

    @Override
    public void finishBundle(StageOutput output) {}
  }

  private static String refusal(TableSettings settings) {
    String said =
        assertThrows(InvalidProjectException.class, () -> prepare(settings))
            .diagnostics()
            .toString();
    assertFalse(said.isEmpty());
    return said;
  }

  private static TableSettings plain(String name, SinkTable table) {
    return TableSettings.plain(new TableId("demo", "game", name), table);
  }

  private static Change change(Tuple row, long sequence) {
    return new Change(row, false, sequence);
  }

  private static void prepare(TableSettings settings) throws Exception {
    sink(settings, WriteMethod.EXACTLY_ONCE).prepare();
  }

  private static BigQuerySink sink(TableSettings settings, WriteMethod method) {
    return new BigQuerySink(
        settings,
        method,
        options,
        Place.ofFile("pipelines.yaml"),
        null,
        errors -> PAssert.that(errors).empty());
  }

  private static void write(
      TableSettings settings, WriteMethod method, List<Change> changes, boolean stream)
      throws Exception {
    BigQuerySink sink = sink(settings, method);
    sink.prepare();
    Pipeline pipeline = Pipeline.create(options);
    ChangeCoder coder = ChangeCoder.of(settings.table().schema());
    PCollection<Change> input;
    if (stream) {
      TestStream.Builder<Change> events = TestStream.create(coder);
      for (int i = 0; i < changes.size(); i++) {
        events = events.addElements(changes.get(i));
        if (i % 50 == 49) {
          events = events.advanceProcessingTime(org.joda.time.Duration.standardSeconds(2));
        }
      }
      input =
          pipeline.apply(
              events
                  .advanceProcessingTime(org.joda.time.Duration.standardSeconds(2))
                  .advanceWatermarkToInfinity());
    } else {
      input = pipeline.apply(Create.of(changes).withCoder(coder));
    }
    sink.write(input);
    pipeline.run().waitUntilFinish();
    sink.complete();
  }
}
