package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.Ledger;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesReadTest {

  private static final TupleTag<ErrorRecord> ERRORS = new TupleTag<>("errors") {};

  private static final Schema SCHEMA =
      Schema.of(Column.of("n", ScalarType.INT64), Column.of("at", ScalarType.TIMESTAMP));

  @TempDir Path folder;

  private FilesSource source(Path... paths) {
    return new FilesSource(
        "events",
        Arrays.stream(paths).map(Path::toString).toList(),
        FileFormat.JSON,
        SCHEMA,
        "at",
        dev.beamline.io.format.CsvOptions.DEFAULT,
        null);
  }

  private static String line(long n) {
    return "{\"n\":" + n + ",\"at\":\"1970-01-01T00:00:00.0000" + (10 + n % 90) + "Z\"}\n";
  }

  private static ScanRequest request() {
    return new ScanRequest(
        SCHEMA, 1, new CollectStage(), List.of(CollectStage.ROWS, CollectStage.COUNTS), ERRORS);
  }

  private static PCollectionTuple read(Pipeline pipeline, FilesRead read) {
    PCollectionTuple result = read.read(PBegin.in(pipeline), request());
    result.get(CollectStage.ROWS).setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    result.get(CollectStage.COUNTS).setCoder(VarLongCoder.of());
    result.get(ERRORS).setCoder(SerializableCoder.of(ErrorRecord.class));
    return result;
  }

  private static Pipeline pipeline() {
    return Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=3").create());
  }

  private static Map<String, Long> counters(PipelineResult result) {
    Map<String, Long> found = new TreeMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace(Ledger.NAMESPACE))
                .build())
        .getCounters()
        .forEach(c -> found.merge(c.getName().getName(), c.getAttempted(), Long::sum));
    return found;
  }

  @Test
  void readsEachRecordOnceInParallelRanges() throws IOException {
    StringBuilder text = new StringBuilder();
    List<KV<String, Long>> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      text.append(i % 100 == 50 ? "\n" : "").append(i == 321 ? "broken\n" : line(i));
      if (i != 321) {
        expected.add(KV.of(Tuple.of((long) i, 10L + i % 90).toString(), 10L + i % 90));
      }
    }
    Path file = Files.writeString(folder.resolve("a.ndjson"), text);
    long line = Arrays.asList(text.toString().split("\n", -1)).indexOf("broken") + 1L;
    Pipeline pipeline = pipeline();
    PCollectionTuple result = read(pipeline, new FilesRead(source(file), 1000));
    PAssert.that(result.get(CollectStage.ROWS)).containsInAnyOrder(expected);
    PAssert.thatSingleton(result.get(CollectStage.COUNTS).apply(Sum.longsGlobally()))
        .isEqualTo(499L);
    String location = file + ":" + line;
    PAssert.that(result.get(ERRORS))
        .satisfies(
            found -> {
              ErrorRecord error = found.iterator().next();
              assertEquals("INVALID_JSON", error.code());
              assertEquals("events", error.origin());
              assertEquals("broken", error.input());
              assertEquals(location, error.location());
              return null;
            });
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertEquals(Map.of("read:events", 500L, "refused:events", 1L), counters(run));
  }

  @Test
  void givesEachRecordOnceWhereverAFileIsCut() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int records = random.nextInt(12);
      StringBuilder text = new StringBuilder();
      List<String> expected = new ArrayList<>();
      List<String> expectedErrors = new ArrayList<>();
      int line = 0;
      for (int i = 0; i < records; i++) {
        String end =
            i == records - 1 && random.nextBoolean() ? "" : random.nextBoolean() ? "\n" : "\r\n";
        line++;
        switch (random.nextInt(5)) {
          case 0 -> {
            text.append("x".repeat(random.nextInt(30) + 1)).append(end);
            expectedErrors.add(String.valueOf(line));
          }
          case 1 -> text.append(end);
          default -> {
            text.append(line(i).stripTrailing()).append(end);
            expected.add(Tuple.of((long) i, 10L + i % 90).toString());
          }
        }
        if (end.isEmpty()) {
          break;
        }
      }
      Path file = Files.writeString(folder.resolve("f" + round + ".ndjson"), text);
      FilesSource source = source(file);
      int bytes = 1 + random.nextInt(60);
      List<String> rows = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      for (FileRange range : FileRange.cut(InputFile.match(source).get(0), source, bytes)) {
        ErrorRecords located = new ErrorRecords("events", range);
        try (RecordReader reader = range.open(source, RowShape.all(SCHEMA))) {
          while (reader.next()) {
            if (reader.row() != null) {
              rows.add(reader.row().toString());
            } else {
              String location = located.of(reader.bad()).location();
              errors.add(location.substring(location.lastIndexOf(':') + 1));
            }
          }
        }
      }
      String told = "seed " + seed + " round " + round + " range " + bytes + "\n" + text;
      assertEquals(expected, rows, told);
      assertEquals(expectedErrors, errors, told);
    }
  }

  @Test
  void readsCompressedFilesByNameAndByFirstBytes() throws IOException {
    byte[] plain = (line(1) + line(2)).getBytes(StandardCharsets.UTF_8);
    for (var compression : dev.beamline.io.format.Compression.values()) {
      for (String name : List.of("a.ndjson", "b.ndjson.gz", "c.zst")) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.compress(bytes)) {
          out.write(plain);
        }
        Path file = Files.write(folder.resolve(name), bytes.toByteArray());
        List<ErrorRecord> errors = new ArrayList<>();
        assertEquals(
            List.of(Tuple.of(1L, 11L), Tuple.of(2L, 12L)),
            FileRows.all(source(file), SCHEMA, errors::add));
        assertEquals(List.of(), errors);
      }
    }
  }

  @Test
  void usesWhatCanBeReadOfADamagedFile() throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("{\"n\":")
          .append(i)
          .append(",\"at\":\"1970-01-01T00:00:00Z\",\"r\":\"")
          .append(random.nextLong())
          .append("\"}\n");
    }
    for (var compression :
        List.of(dev.beamline.io.format.Compression.GZIP, dev.beamline.io.format.Compression.ZSTD)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = compression.compress(bytes)) {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      }
      byte[] whole = bytes.toByteArray();
      for (int cut : new int[] {6, 17, whole.length / 2, whole.length - 1}) {
        Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, cut));
        List<ErrorRecord> errors = new ArrayList<>();
        List<Tuple> rows = FileRows.all(source(file), SCHEMA, errors::add);
        assertEquals(1, errors.size(), compression + " " + cut);
        assertEquals("TRUNCATED_FILE", errors.get(0).code(), compression + " " + cut);
        assertEquals(file + ":" + (rows.size() + 1), errors.get(0).location());
        for (int i = 0; i < rows.size(); i++) {
          assertEquals((long) i, rows.get(i).get(0));
        }
        assertTrue(cut < 100 || rows.size() > 1000, compression + " " + cut + ": " + rows.size());
      }
      byte[] damaged = whole.clone();
      for (int i = whole.length / 2; i < whole.length / 2 + 2000; i++) {
        damaged[i] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve("damaged"), damaged);
      List<ErrorRecord> errors = new ArrayList<>();
      FileRows.all(source(file), SCHEMA, errors::add);
      assertEquals(
          "CORRUPT_FILE", errors.get(errors.size() - 1).code(), compression + " " + errors);
    }
  }

  @Test
  void readsGlobsFoldersAndEmptyFilesInOrderOfPaths() throws IOException {
    Files.writeString(folder.resolve("2.ndjson"), line(2));
    Files.writeString(folder.resolve("1.ndjson"), "\uFEFF" + line(1));
    Files.writeString(folder.resolve("3.ndjson"), "");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("4.ndjson.gz")))) {
      out.write(line(4).getBytes(StandardCharsets.UTF_8));
    }
    for (String pattern :
        List.of(folder + "/*", folder + "/", folder + "/?.ndj*", folder + "/[1-4].*")) {
      String found =
          FileRows.all(
                  FilesSource.of("events", pattern, FileFormat.JSON, SCHEMA, "at"),
                  SCHEMA,
                  e -> {
                    throw new AssertionError(e);
                  })
              .stream()
              .map(r -> String.valueOf(r.get(0)))
              .collect(Collectors.joining(","));
      assertEquals("1,2,4", found, pattern);
    }
  }

  @Test
  void tellsOfMissingFiles() {
    FilesSource source = source(folder.resolve("nothing-*.ndjson"));
    Problems problems = new Problems();
    new FilesRead(source).check(problems);
    assertEquals(DiagnosticCode.FILE_NOT_FOUND, problems.sorted().get(0).code());
    assertEquals(
        "source events: no file matches " + folder.resolve("nothing-*.ndjson"),
        problems.sorted().get(0).message());
    assertThrows(MissingFilesException.class, () -> FileRows.open(source, SCHEMA, e -> {}));
  }

  @Test
  void refusesARowWithoutEventTime() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ndjson"), "{\"n\":1}\n{\"n\":2,\"at\":null}\n");
    List<ErrorRecord> errors = new ArrayList<>();
    assertEquals(List.of(), FileRows.all(source(file), SCHEMA, errors::add));
    assertEquals(
        List.of("MISSING_FIELD", "MISSING_FIELD"), errors.stream().map(ErrorRecord::code).toList());
  }
}
