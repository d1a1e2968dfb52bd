package dev.beamline.io.bigquery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.AllTypes;
import dev.beamline.io.SinkTable;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import dev.beamline.transform.Change;
import dev.beamline.transform.ChangeCoder;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.WriteStreamService;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that are put into streams first and shown later, over the wire. */
final class WriteOnceTest {

  private static final Schema NUMBERS =
      Schema.of(Column.of("n", ScalarType.INT64), Column.of("größe", ScalarType.STRING));
  private static final ProtoEncoder ENCODER = new ProtoEncoder(NUMBERS);

  /** What pipelines of this process have refused. */
  private static final List<String> REFUSED = new ArrayList<>();

  private static LocalBigQuery server;
  private static PipelineOptions options;

  @BeforeAll
  static void start() throws Exception {
    server = LocalBigQuery.start();
    server.makeDataset("demo", "once");
    options = server.pipelineOptions("demo");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyTypeArrivesWhole() throws Exception {
    Schema schema = AllTypes.schema(false);
    List<Tuple> rows = AllTypes.rows(schema, 60, new Random(11));
    TableSettings settings = table("all_types", schema);
    assertEquals(List.of(), write(settings, rows));
    AllTypes.assertSameRows(
        schema, rows, ServerRows.read(schema, server.rows("demo", "once", "all_types")), "written");
  }

  @Test
  void refusedRowsComeOutAndAllOthersAreThereOnce() throws Exception {
    TableSettings settings = table("picky", NUMBERS);
    server.refuseRows("demo", "once", "picky", row -> row.get("n") instanceof Long n && n % 7 == 3);
    assertEquals(
        LongStream.range(0, 50)
            .filter(n -> n % 7 == 3)
            .mapToObj(
                n ->
                    "picky REFUSED_BY_SINK Row violates a rule of demo.once.picky {\"n\":"
                        + n
                        + ",\"größe\":\"s"
                        + n
                        + "\"}")
            .sorted()
            .toList(),
        write(settings, numbers(50)));
    assertEquals(LongStream.range(0, 50).filter(n -> n % 7 != 3).boxed().toList(), found("picky"));
  }

  @Test
  void whatMayHaveArrivedIsNeverShownTwice() throws Exception {
    TableSettings settings = table("lossy", NUMBERS);
    server.loseAnswers(2);
    assertEquals(List.of(), write(settings, numbers(40)));
    assertEquals(LongStream.range(0, 40).boxed().toList(), found("lossy"));
    assertEquals(40, server.rows("demo", "once", "lossy").size());
  }

  @Test
  void rowsAreSeenWhenTheyAreShownAndOnce() throws Exception {
    TableSettings settings = table("staged", NUMBERS);
    staging(
        settings.id(),
        (stream, service) -> {
          List<ByteString> rows = numbers(10).stream().map(ENCODER::row).toList();
          StagingStream.Staged first = stream.stage(rows);
          assertEquals(9, first.last());
          StagingStream.Staged second = stream.stage(rows.subList(0, 2));
          assertEquals(11, second.last());
          assertEquals(first.stream(), second.stream());
          assertEquals(0, server.rows("demo", "once", "staged").size());
          service.flush(first.stream(), first.last()).get();
          assertEquals(10, server.rows("demo", "once", "staged").size());
          // As after a crash: the rows that were not shown go into another stream.
          stream.close();
          StagingStream.Staged again = stream.stage(rows.subList(0, 2));
          assertEquals(1, again.last());
          assertTrue(!again.stream().equals(first.stream()));
          service.flush(again.stream(), again.last()).get();
          assertEquals(12, server.rows("demo", "once", "staged").size());
        });
  }

  @Test
  void aRowBeyondWhatARequestHoldsIsRefused() throws Exception {
    TableSettings settings = table("large", NUMBERS);
    staging(
        settings.id(),
        (stream, service) -> {
          List<ByteString> rows = new ArrayList<>();
          for (int size : new int[] {6_000_000, 10, 11_000_000, 6_000_000}) {
            rows.add(ENCODER.row(Tuple.of((long) size, "x".repeat(size))));
          }
          StagingStream.Staged staged = stream.stage(rows);
          assertEquals(List.of(2), List.copyOf(staged.refused().keySet()));
          assertTrue(staged.refused().get(2).contains("at most 10 MB"), staged.toString());
          assertEquals(2, staged.last());
          service.flush(staged.stream(), staged.last()).get();
          assertEquals(List.of(10L, 6_000_000L, 6_000_000L), found("large"));
        });
  }

  @Test
  void rowsOfAForgottenStreamAreNotGuessed() throws Exception {
    TableSettings settings = table("forgotten", NUMBERS);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            Create.of(KV.of("projects/demo/datasets/once/tables/forgotten/streams/old", 3L))
                .withCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of())))
        .apply(ParDo.of(new WriteOnce.ShowFn(settings.id())));
    String said =
        String.valueOf(
            assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish())
                .getMessage());
    assertTrue(said.contains("demo.once.forgotten"), said);
    assertTrue(said.contains("streams/old"), said);
    assertTrue(said.contains("--fresh"), said);
  }

  @Test
  void aTableThatIsGoneIsSaid() throws Exception {
    staging(
        new TableId("demo", "once", "nowhere"),
        (stream, service) -> {
          List<ByteString> rows = numbers(1).stream().map(ENCODER::row).toList();
          String said = assertThrows(IOException.class, () -> stream.stage(rows)).getMessage();
          assertTrue(said.contains("demo.once.nowhere"), said);
        });
  }

  private interface Staging {
    void with(StagingStream stream, WriteStreamService service) throws Exception;
  }

  private static void staging(TableId table, Staging work) throws Exception {
    try (WriteStreamService service =
            new BigQueryServicesImpl().getWriteStreamService(options.as(BigQueryOptions.class));
        StagingStream stream = new StagingStream(table, ENCODER.descriptor(), service)) {
      work.with(stream, service);
    }
  }

  private static List<Tuple> numbers(int count) {
    return LongStream.range(0, count).mapToObj(n -> Tuple.of(n, "s" + n)).toList();
  }

  private static List<Long> found(String table) {
    return server.rows("demo", "once", table).stream()
        .map(row -> (Long) row.get("n"))
        .sorted()
        .toList();
  }

  private static TableSettings table(String name, Schema schema) throws Exception {
    TableSettings settings =
        TableSettings.plain(
            new TableId("demo", "once", name), new SinkTable(name, schema, List.of(), null));
    BigQueryTables tables = new BigQueryTables(BigQueryClients.rest(options));
    tables.apply(tables.plan(settings));
    return settings;
  }

  /** The refused rows as text, sorted. */
  private static List<String> write(TableSettings settings, List<Tuple> rows) {
    Pipeline pipeline = Pipeline.create(options);
    List<Change> changes = rows.stream().map(row -> new Change(row, false, 0)).toList();
    PCollection<ErrorRecord> errors =
        pipeline
            .apply(Create.of(changes).withCoder(ChangeCoder.of(settings.table().schema())))
            .apply(new WriteOnce(settings));
    PAssert.that(
            errors.apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(e -> e.origin() + " " + e.code() + " " + e.message() + " " + e.input())))
        .satisfies(
            all -> {
              all.forEach(REFUSED::add);
              return null;
            });
    REFUSED.clear();
    pipeline.run().waitUntilFinish();
    return REFUSED.stream().sorted().toList();
  }
}
