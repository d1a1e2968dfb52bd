package dev.beamline.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.files.FilesRead;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RecordWriter;
import dev.beamline.io.format.RecordWriters;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Windowing;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of structs only those fields are read that some query looks at. */
class NestedScanTest {

  private static final StructType MAKER =
      new StructType(
          List.of(Column.of("name", ScalarType.STRING), Column.of("land", ScalarType.STRING)));
  private static final StructType DEVICE =
      new StructType(
          List.of(
              Column.of("os", ScalarType.STRING),
              Column.of("version", ScalarType.INT64),
              Column.of("maker", MAKER),
              Column.of("logs", new ArrayType(ScalarType.STRING))));
  private static final StructType ITEM =
      new StructType(
          List.of(
              Column.of("id", ScalarType.STRING),
              Column.of("price", ScalarType.INT64),
              Column.of("tags", new ArrayType(ScalarType.STRING))));
  private static final Schema EVENTS =
      Schema.of(
          Column.of("ts", ScalarType.TIMESTAMP),
          Column.of("device", DEVICE),
          Column.of("items", new ArrayType(ITEM)),
          Column.of("note", ScalarType.STRING));

  @TempDir Path folder;

  private static QueryJob job(String name, String sql) {
    return TestPlans.job(compile(name, sql), Windowing.DEFAULT);
  }

  private static QueryPlan compile(String name, String sql) {
    Problems problems = new Problems();
    SqlContext context = SqlContext.of(Map.of("events", new Table("events", EVENTS, 0, true)));
    return SqlCompiler.compile(name, name + ".sql", sql, context, problems)
        .orElseThrow(() -> new IllegalArgumentException(sql + problems.sorted()));
  }

  /** Remembers what is asked of the files. */
  private static final class Watched implements SourceProvider {
    private final FilesRead files;
    private final List<ScanRequest> requests = new ArrayList<>();

    Watched(FilesSource source) {
      this.files = new FilesRead(source);
    }

    @Override
    public String name() {
      return files.name();
    }

    @Override
    public boolean bounded() {
      return true;
    }

    @Override
    public void check(Problems problems) {
      files.check(problems);
    }

    @Override
    public PCollectionTuple read(PBegin begin, ScanRequest request) {
      requests.add(request);
      return files.read(begin, request);
    }

    /** The type of a column as it is asked for; a field that is not read has no letters first. */
    String asked(String column) {
      Schema read = requests.get(0).read();
      return read.type(read.indexOf(column)).sql().replace('\udc00', '-');
    }
  }

  private static List<Tuple> rows() {
    List<Tuple> rows = new ArrayList<>();
    for (long i = 0; i < 100; i++) {
      Tuple device =
          i % 7 == 0
              ? null
              : Tuple.of(
                  i % 2 == 0 ? "ios" : "android",
                  i % 5 == 0 ? null : (Object) i,
                  i % 3 == 0 ? null : Tuple.of("maker " + i % 4, "land"),
                  List.of("a log"));
      List<Object> items = new ArrayList<>();
      for (long k = 0; k < i % 4; k++) {
        items.add(Tuple.of("item " + k, i * k, Collections.nCopies((int) (i + k) % 3, "tag")));
      }
      rows.add(Tuple.of(i * 1_000_000, device, List.copyOf(items), "note"));
    }
    return rows;
  }

  private Watched write(FileFormat format, List<Tuple> rows) throws IOException {
    Path file = folder.resolve("events." + format);
    try (OutputStream out = Files.newOutputStream(file);
        RecordWriter writer = RecordWriters.open(format, EVENTS, out)) {
      for (Tuple row : rows) {
        writer.write(row);
      }
    }
    return new Watched(FilesSource.of("events", file.toString(), format, EVENTS, "ts"));
  }

  private static final String BY_OS =
      "SELECT device.os AS os, COUNT(*) AS n, MAX(device.maker.name) AS m FROM events"
          + " GROUP BY os";
  private static final String BY_ITEM =
      "SELECT i.id, COUNT(*) AS n FROM events AS e, UNNEST(e.items) AS i GROUP BY i.id";

  @Test
  void readsOnlyTheFieldsThatAreLookedAt() throws IOException {
    for (FileFormat format : List.of(FileFormat.JSON, FileFormat.AVRO, FileFormat.PARQUET)) {
      Watched events = write(format, rows());
      QueryJob os = job("os", BY_OS);
      QueryJob item = job("item", BY_ITEM);
      Runs run = Runs.of(List.of(os, item), events);
      assertEquals(
          "STRUCT<os STRING, -version INT64, maker STRUCT<name STRING, -land STRING>,"
              + " -logs ARRAY<STRING>>",
          events.asked("device"));
      assertEquals(
          "ARRAY<STRUCT<id STRING, -price INT64, -tags ARRAY<STRING>>>", events.asked("items"));
      assertEquals(-1, events.requests.get(0).read().indexOf("note"));
      assertEquals(
          List.of(
              Tuple.of("android", 43L, "maker 3"),
              Tuple.of("ios", 42L, "maker 2"),
              Tuple.of(null, 15L, null)),
          run.table(os),
          format.name());
      assertEquals(
          List.of(Tuple.of("item 0", 75L), Tuple.of("item 1", 50L), Tuple.of("item 2", 25L)),
          run.table(item),
          format.name());
    }
  }

  /** Each reads arrays in structs beside another field, and nothing of their elements. */
  private static final List<String> COUNTED =
      List.of(
          "SELECT e.device.os AS os, COUNT(*) AS n FROM events AS e, UNNEST(e.device.logs)"
              + " GROUP BY os",
          "SELECT COUNT(*) AS n FROM events AS e, UNNEST(e.device.logs)"
              + " WHERE e.device.version > 3",
          "SELECT e.device.os AS os, COUNT(*) AS n FROM events AS e LEFT JOIN"
              + " UNNEST(e.device.logs) GROUP BY os",
          "SELECT e.device.version AS v, SUM(o) AS s FROM events AS e,"
              + " UNNEST(e.device.logs) WITH OFFSET o GROUP BY v",
          "SELECT i.id, COUNT(*) AS n FROM events AS e, UNNEST(e.items) AS i, UNNEST(i.tags)"
              + " GROUP BY i.id",
          "SELECT os, COUNT(*) AS n FROM (SELECT e.device.os AS os, e.device.logs AS l"
              + " FROM events AS e), UNNEST(l) GROUP BY os");

  @Test
  void readsArraysOfWhichOnlyTheLengthMatters() throws IOException {
    for (FileFormat format : List.of(FileFormat.JSON, FileFormat.AVRO, FileFormat.PARQUET)) {
      for (String sql : COUNTED) {
        QueryJob job = job("counted", sql);
        Runs run = Runs.of(List.of(job), write(format, rows()));
        List<Tuple> expected =
            SqlQueries.expected(job.plan().plan(), EVENTS, Map.of("events", rows()));
        assertEquals(expected, run.table(job), format + " " + sql);
      }
    }
  }

  @Test
  void readsWhatTellsTheGreatestOfAnAggregate() throws IOException {
    Watched events = write(FileFormat.JSON, rows());
    QueryJob newest =
        job(
            "newest",
            "SELECT device.os AS os, ANY_VALUE(ts HAVING MAX device.version) AS newest FROM events"
                + " GROUP BY os");
    Runs run = Runs.of(List.of(newest), events);
    assertEquals(
        List.of(
            Tuple.of("android", 99_000_000L), Tuple.of("ios", 96_000_000L), Tuple.of(null, null)),
        run.table(newest));
  }

  @Test
  void readsAllOfAStructThatIsLookedAtAsAWhole() throws IOException {
    Watched events = write(FileFormat.JSON, rows());
    QueryJob os = job("os", BY_OS);
    QueryJob whole = job("whole", "SELECT ts, device FROM events WHERE device.version = 8");
    Runs run = Runs.of(List.of(os, whole), events);
    assertEquals(DEVICE.sql(), events.asked("device"));
    assertEquals(List.of(Tuple.of(8_000_000L, rows().get(8).get(1))), run.table(whole));
  }

  @Test
  void tellsOfAFailedRowOnlyWhatWasRead() throws IOException {
    Watched events = write(FileFormat.JSON, rows().subList(1, 2));
    QueryJob failing = job("failing", "SELECT ts, DIV(1, device.version - 1) AS x FROM events");
    Runs run = Runs.of(List.of(failing), events);
    assertEquals(List.of(), run.table(failing));
    assertEquals(
        List.of("{\"device\":{\"version\":1},\"ts\":\"1970-01-01T00:00:01Z\"}"),
        run.sinks.errors("failing").stream().map(error -> error.input()).toList());
  }
}
