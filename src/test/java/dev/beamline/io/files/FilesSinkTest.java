package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.format.FileFormat;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesSinkTest {

  private static final Schema SCHEMA =
      Schema.of(Column.of("team", ScalarType.STRING), Column.of("total", ScalarType.INT64));

  @TempDir Path folder;

  private static void write(FilesTarget target, List<Change> changes) throws IOException {
    write(new FilesSink(target, true), changes);
    if (target.shards() == 1) {
      Path place = Path.of(target.folder(), target.fileName());
      Files.delete(place);
      write(new LocalFileSink(target), changes);
    }
  }

  private static void write(SinkProvider sink, List<Change> changes) throws IOException {
    sink.prepare();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=3").create());
    sink.write(pipeline.apply(Create.of(changes).withCoder(SerializableCoder.of(Change.class))));
    pipeline.run().waitUntilFinish();
    sink.complete();
  }

  private static Change change(String team, long total, boolean withdrawn, long sequence) {
    return new Change(Tuple.of(team, total), withdrawn, sequence);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> folder.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  private List<Tuple> rows(String pattern, FileFormat format) throws IOException {
    List<Tuple> rows =
        new ArrayList<>(
            FileRows.all(
                FilesSource.of("s", folder + "/" + pattern, format, SCHEMA, null),
                SCHEMA,
                e -> {
                  throw new AssertionError(e);
                }));
    rows.sort((a, b) -> a.toString().compareTo(b.toString()));
    return rows;
  }

  @Test
  void writesOneFileOfEachFormatAndReplacesItWhenRunAgain() throws IOException {
    for (String name : List.of("a.ndjson", "a.csv", "a.ndjson.gz", "a.csv.zst")) {
      FileFormat format = name.contains("csv") ? FileFormat.CSV : FileFormat.JSON;
      FilesTarget target =
          FilesTarget.of(
              new SinkTable("scores", SCHEMA, List.of(), null), folder + "/" + name, format, 1);
      write(target, List.of(change("old", 1, false, 0), change("older, \"quoted\"", 2, false, 0)));
      assertEquals(
          List.of(Tuple.of("old", 1L), Tuple.of("older, \"quoted\"", 2L)), rows(name, format));
      write(target, List.of(change("new", 3, false, 0)));
      assertEquals(List.of(Tuple.of("new", 3L)), rows(name, format));
      write(target, List.of());
      assertEquals(List.of(), rows(name, format));
    }
    assertEquals(List.of("a.csv", "a.csv.zst", "a.ndjson", "a.ndjson.gz"), files());
  }

  @Test
  void leavesTheOldFileWhereARunFails() throws IOException {
    FilesTarget target =
        FilesTarget.of(
            new SinkTable("scores", SCHEMA, List.of(), null), folder + "/a.csv", FileFormat.CSV, 1);
    write(target, List.of(change("old", 1, false, 0)));
    LocalFileSink failing = new LocalFileSink(target);
    failing.prepare();
    failing.abandon();
    assertEquals(List.of(Tuple.of("old", 1L)), rows("a.csv", FileFormat.CSV));
    assertEquals(List.of("a.csv"), files());
  }

  @Test
  void writesFoldersAndShards() throws IOException {
    SinkTable table = new SinkTable("scores", SCHEMA, List.of(), null);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      changes.add(change("t" + i, i, false, 0));
    }
    write(FilesTarget.of(table, folder + "/out/", FileFormat.JSON, 1), changes);
    write(FilesTarget.of(table, folder + "/x/many.csv.gz", FileFormat.CSV, 2), changes);
    assertEquals(
        List.of(
            "out/scores.ndjson", "x/many-00000-of-00002.csv.gz", "x/many-00001-of-00002.csv.gz"),
        files());
    assertEquals(rows("out/*", FileFormat.JSON), rows("x/*", FileFormat.CSV));
    assertEquals(50, rows("x/*", FileFormat.CSV).size());
  }

  @Test
  void writesTheNewestRowOfEachKey() throws IOException {
    write(
        FilesTarget.of(
            new SinkTable("scores", SCHEMA, List.of(0), null),
            folder + "/a.ndjson",
            FileFormat.JSON,
            1),
        List.of(
            change("a", 3, false, 3),
            change("a", 1, false, 1),
            change(null, 5, false, 1),
            change("b", 1, false, 1),
            change("b", 0, true, 2)));
    assertEquals(List.of(Tuple.of("a", 3L), Tuple.of(null, 5L)), rows("a.ndjson", FileFormat.JSON));
  }
}
