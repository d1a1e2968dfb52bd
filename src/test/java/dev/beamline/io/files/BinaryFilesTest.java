package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RecordWriter;
import dev.beamline.io.format.RecordWriters;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryFilesTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("n", ScalarType.INT64),
          Column.of("name", ScalarType.STRING),
          Column.of("at", ScalarType.TIMESTAMP));

  @TempDir Path folder;

  private static List<Tuple> rows(int count) {
    List<Tuple> rows = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      rows.add(Tuple.of(i, "name " + i * 7919 % 1009, i * 1_000_001));
    }
    return rows;
  }

  private Path write(String name, FileFormat format, Schema schema, List<Tuple> rows)
      throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        RecordWriter writer = RecordWriters.open(format, schema, out)) {
      for (Tuple row : rows) {
        writer.write(row);
      }
    }
    return file;
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void assertEachRowOnce(FilesSource source, long bytes, List<Tuple> expected)
      throws IOException {
    List<Tuple> found = new ArrayList<>();
    List<FileRange> ranges = FileRange.cut(InputFile.match(source).get(0), source, bytes);
    assertTrue(ranges.size() > 1);
    int useful = 0;
    for (FileRange range : ranges) {
      int before = found.size();
      try (RecordReader reader = range.open(source, RowShape.all(source.columns()))) {
        while (reader.next()) {
          assertEquals(null, reader.bad());
          found.add(reader.row());
        }
      }
      useful += found.size() > before ? 1 : 0;
    }
    assertEquals(expected.size(), found.size(), "ranges of " + bytes);
    assertEquals(expected, found, "ranges of " + bytes);
    assertTrue(bytes > 20_000 || useful > 1, "only one range has rows");
  }

  @Test
  void givesEachRecordOfAvroOnceWhereverItIsCut() throws IOException {
    List<Tuple> rows = rows(20_000);
    Path file = write("a.avro", FileFormat.AVRO, SCHEMA, rows);
    FilesSource source = FilesSource.of("s", file.toString(), FileFormat.AVRO, SCHEMA, null);
    for (long bytes : new long[] {777, 5000, 16_001, 60_000}) {
      assertEachRowOnce(source, bytes, rows);
    }
  }

  @Test
  void givesEachRecordOfParquetOnceWhereverItIsCut() throws Exception {
    Path file = folder.resolve("a.parquet");
    sql(
        "COPY (SELECT i AS n, 'name ' || (i * 7919 % 1009) AS name,"
            + " make_timestamp(i * 1000001)::TIMESTAMPTZ AS at FROM range(20000) r(i)) TO '"
            + file
            + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    FilesSource source = FilesSource.of("s", file.toString(), FileFormat.PARQUET, SCHEMA, null);
    for (long bytes : new long[] {1000, 5000, 16_001, 60_000}) {
      assertEachRowOnce(source, bytes, rows(20_000));
    }
  }

  @Test
  void readsWhatDuckDbWritesInEachCompression() throws Exception {
    Schema schema =
        Schema.of(
            Column.of("i", ScalarType.INT64),
            Column.of("small", ScalarType.INT64),
            Column.of("u", ScalarType.NUMERIC),
            Column.of("d", ScalarType.NUMERIC),
            Column.of("f", ScalarType.FLOAT64),
            Column.of("b", ScalarType.BOOL),
            Column.of("day", ScalarType.DATE),
            Column.of("t", ScalarType.TIME),
            Column.of("ts", ScalarType.TIMESTAMP),
            Column.of("local", ScalarType.DATETIME),
            Column.of("raw", ScalarType.BYTES),
            Column.of("l", new ArrayType(ScalarType.STRING)),
            Column.of(
                "s",
                new StructType(
                    List.of(
                        Column.of("x", ScalarType.INT64),
                        Column.of("y", new ArrayType(ScalarType.FLOAT64))))),
            Column.of("absent", ScalarType.STRING));
    for (String codec : List.of("uncompressed", "snappy", "gzip", "zstd", "lz4_raw")) {
      Path file = folder.resolve(codec + ".parquet");
      sql(
          "COPY (SELECT 1::BIGINT AS I, 2::TINYINT AS small, 18446744073709551615::UBIGINT AS u,"
              + " 1.25::DECIMAL(9,2) AS d, 0.5::FLOAT AS f, true AS b, DATE '0001-01-01' AS day,"
              + " TIME '23:59:59.999999' AS t, TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' AS ts,"
              + " TIMESTAMP_MS '1970-01-01 00:00:01' AS local, '\\x00\\xFF'::BLOB AS raw,"
              + " ['a', 'b'] AS l, {'x': 7, 'y': [0.5, 2]::DOUBLE[], 'z': 1} AS s, 5 AS more"
              + " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
              + " NULL, NULL, NULL) TO '"
              + file
              + "' (FORMAT parquet, COMPRESSION "
              + codec
              + ")");
      List<ErrorRecord> errors = new ArrayList<>();
      List<Tuple> rows =
          FileRows.all(
              FilesSource.of("s", file.toString(), FileFormat.PARQUET, schema, null),
              schema,
              errors::add);
      assertEquals(List.of(), errors);
      assertEquals(
          List.of(
              Tuple.of(
                  1L,
                  2L,
                  new BigDecimal("18446744073709551615"),
                  new BigDecimal("1.25"),
                  0.5,
                  true,
                  -719162L,
                  86_399_999_999L,
                  253_402_300_799_999_999L,
                  1_000_000L,
                  com.google.protobuf.ByteString.copyFrom(new byte[] {0, -1}),
                  List.of("a", "b"),
                  Tuple.of(7L, List.of(0.5, 2.0)),
                  null),
              Tuple.of(
                  null, null, null, null, null, null, null, null, null, null, null, List.of(), null,
                  null)),
          rows,
          codec);
    }
  }

  @Test
  void duckDbReadsWhatIsWritten() throws Exception {
    Path file = write("b.parquet", FileFormat.PARQUET, SCHEMA, rows(1000));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*), sum(n), max(epoch_us(\"at\")), min(typeof(\"at\")) FROM '"
                    + file
                    + "'")) {
      assertTrue(result.next());
      assertEquals(1000, result.getLong(1));
      assertEquals(499_500, result.getLong(2));
      assertEquals(999 * 1_000_001L, result.getLong(3));
      assertEquals("TIMESTAMP WITH TIME ZONE", result.getString(4));
    }
  }

  @Test
  void refusesWhatDoesNotFitAndTellsTheRecord() throws IOException {
    Schema text = Schema.of(Column.of("n", ScalarType.STRING), Column.of("m", ScalarType.INT64));
    List<Tuple> rows =
        List.of(Tuple.of("1", 1L), Tuple.of("abc", 2L), Tuple.of(null, 3L), Tuple.of("4", 4L));
    Schema declared =
        Schema.of(new Column("n", ScalarType.INT64, true, null), Column.of("m", ScalarType.INT64));
    for (FileFormat format : List.of(FileFormat.AVRO, FileFormat.PARQUET)) {
      Path file = write("bad." + format, format, text, rows);
      for (Schema read : List.of(declared, Schema.of(Column.of("m", ScalarType.INT64)))) {
        List<ErrorRecord> errors = new ArrayList<>();
        List<Tuple> found =
            FileRows.all(
                new FilesSource(
                    "s",
                    List.of(file.toString()),
                    format,
                    declared,
                    null,
                    dev.beamline.io.format.CsvOptions.DEFAULT,
                    null),
                read,
                errors::add);
        Set<String> codes = new HashSet<>();
        errors.forEach(e -> codes.add(e.code() + " " + e.location()));
        if (read.size() == 2) {
          assertEquals(List.of(Tuple.of(1L, 1L), Tuple.of(4L, 4L)), found, errors.toString());
          assertEquals(
              Set.of("WRONG_TYPE " + file + " record 2", "MISSING_FIELD " + file + " record 3"),
              codes);
        } else {
          assertTrue(codes.contains("MISSING_FIELD " + file + " record 3"), codes.toString());
        }
      }
    }
  }

  @Test
  void usesWhatCanBeReadOfADamagedFileAndTakesEmptyOnes() throws IOException {
    for (FileFormat format : List.of(FileFormat.AVRO, FileFormat.PARQUET)) {
      Path whole = write("whole." + format, format, SCHEMA, rows(50_000));
      byte[] bytes = Files.readAllBytes(whole);
      for (int cut : new int[] {0, 3, bytes.length / 2, bytes.length - 1}) {
        Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, cut));
        List<ErrorRecord> errors = new ArrayList<>();
        List<Tuple> found =
            FileRows.all(
                FilesSource.of("s", file.toString(), format, SCHEMA, null), SCHEMA, errors::add);
        assertEquals(cut == 0 ? 0 : 1, errors.size(), format + " " + cut + " " + errors);
        assertEquals(rows(50_000).subList(0, found.size()), found);
        assertTrue(
            format == FileFormat.PARQUET || cut < bytes.length / 2 || found.size() > 1000,
            format + " " + cut + ": " + found.size());
      }
    }
  }
}
