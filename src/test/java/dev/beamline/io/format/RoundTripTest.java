package dev.beamline.io.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.AllTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {

  private static byte[] write(FileFormat format, Schema schema, List<Tuple> rows)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RecordWriter writer = RecordWriters.open(format, schema, bytes)) {
      for (Tuple row : rows) {
        writer.write(row);
      }
    }
    return bytes.toByteArray();
  }

  private static List<Tuple> read(FileFormat format, RowShape shape, byte[] bytes)
      throws IOException {
    List<Tuple> rows = new ArrayList<>();
    try (RecordReader reader =
        RecordReaders.whole(new ByteArrayInputStream(bytes), format, CsvOptions.DEFAULT, shape)) {
      while (reader.next()) {
        assertEquals(null, reader.bad());
        rows.add(reader.row());
      }
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(FileFormat.class)
  void everyTypeAndNull(FileFormat format) throws IOException {
    long seed = System.nanoTime();
    Schema schema = AllTypes.schema(true);
    List<Tuple> rows = AllTypes.rows(schema, 500, new Random(seed));
    byte[] bytes = write(format, schema, rows);
    AllTypes.assertSameRows(
        schema, rows, read(format, RowShape.all(schema), bytes), format + " seed " + seed);
    // Fewer columns, in another order, in other letters.
    for (int column : new int[] {schema.size() - 1, 3, 7, 14}) {
      Column other = schema.column(column);
      Schema part =
          Schema.of(
              new Column(other.name().toUpperCase(), other.type(), false, null), schema.column(0));
      List<Tuple> expected = rows.stream().map(r -> Tuple.of(r.get(column), r.get(0))).toList();
      assertEquals(expected, read(format, new RowShape(part, schema), bytes), "seed " + seed);
    }
  }

  @Test
  void jsonIsWhatBigQueryLoads() throws IOException {
    Schema schema =
        Schema.of(
            Column.of("n", ScalarType.INT64),
            Column.of("big", ScalarType.INT64),
            Column.of("d", ScalarType.NUMERIC),
            Column.of("wide", ScalarType.NUMERIC),
            Column.of("f", ScalarType.FLOAT64),
            Column.of("ts", ScalarType.TIMESTAMP),
            Column.of("nothing", ScalarType.STRING));
    Tuple row =
        Tuple.of(
            5L,
            9_007_199_254_740_993L,
            new BigDecimal("0.1"),
            new BigDecimal("12345678901234567890.123456789"),
            Double.NaN,
            1L,
            null);
    assertEquals(
        "{\"n\":5,\"big\":\"9007199254740993\",\"d\":0.1,\"wide\":\"12345678901234567890.123456789\","
            + "\"f\":\"NaN\",\"ts\":\"1970-01-01T00:00:00.000001Z\",\"nothing\":null}\n",
        new String(write(FileFormat.JSON, schema, List.of(row)), StandardCharsets.UTF_8));
    assertEquals(
        "[[5,9007199254740993,0.1,12345678901234567890.123456789,\"NaN\","
            + "\"1970-01-01T00:00:00.000001Z\",null]]",
        RowsText.jsonRows(schema, List.of(row)));
  }

  @Test
  void csvTellsNullFromEmpty() throws IOException {
    Schema one = Schema.of(Column.of("s", ScalarType.STRING));
    List<Tuple> rows = List.of(Tuple.of("a"), Tuple.of((Object) null), Tuple.of(""));
    byte[] bytes = write(FileFormat.CSV, one, rows);
    assertEquals("s\na\n\n\"\"\n", new String(bytes, StandardCharsets.UTF_8));
    assertEquals(rows, read(FileFormat.CSV, RowShape.all(one), bytes));
  }

  @Test
  void tablesAreAlignedAndObeyNothing() {
    Schema schema =
        Schema.of(Column.of("name", ScalarType.STRING), Column.of("n", ScalarType.INT64));
    assertEquals(
        """
        +-----------+------+
        | name      | n    |
        +-----------+------+
        | 日本      |    5 |
        | a\\u001b\\n | NULL |
        +-----------+------+
        """,
        RowsText.table(schema, List.of(Tuple.of("日本", 5L), Tuple.of("a\u001b\n", null))));
  }
}
