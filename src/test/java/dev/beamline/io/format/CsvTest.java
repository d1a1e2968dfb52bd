package dev.beamline.io.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("name", ScalarType.STRING),
          Column.of("n", ScalarType.INT64),
          Column.of("ok", ScalarType.BOOL));

  private final List<BadRecord> bad = new ArrayList<>();

  private List<Tuple> read(RowShape shape, CsvOptions options, byte[] bytes) throws IOException {
    List<Tuple> rows = new ArrayList<>();
    try (RecordReader reader =
        RecordReaders.whole(new ByteArrayInputStream(bytes), FileFormat.CSV, options, shape)) {
      while (reader.next()) {
        if (reader.row() != null) {
          rows.add(reader.row());
        } else {
          bad.add(reader.bad());
        }
      }
    }
    return rows;
  }

  private List<Tuple> read(String text) throws IOException {
    return read(RowShape.all(SCHEMA), CsvOptions.DEFAULT, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsQuotesLineBreaksAndNulls() throws IOException {
    assertEquals(
        List.of(
            Tuple.of("a,\"b\"", 1L, true),
            Tuple.of("two\r\nlines\n", -2L, false),
            Tuple.of(null, null, null),
            Tuple.of("", 3L, null),
            Tuple.of(" x ", 4L, true),
            Tuple.of("a\"b", 5L, true)),
        read(
            "\uFEFFName,N,extra,OK\r\n"
                + "\"a,\"\"b\"\"\",1,,true\r\n"
                + "\"two\r\nlines\n\",-2,e,NO\r\n"
                + "\r\n"
                + ",,,\n"
                + "\"\",\" 3 \",,\n"
                + " x , 4 ,,1\n"
                + "a\"b,5,,t"));
    assertEquals(List.of(), bad);
  }

  @Test
  void refusesALineAndGoesOn() throws IOException {
    List<Tuple> rows =
        read(
            "name,n,ok\n"
                + "a,1,true\n"
                + "b,x,true\n"
                + "c,2\n"
                + "d,3,true,4\n"
                + "\"e\"e,4,true\n"
                + "f,5,maybe\n"
                + "g,6,\"\"\n"
                + "\"open,7,true\n"
                + "h,8,true\n"
                + "i,9,true");
    assertEquals(
        List.of(Tuple.of("a", 1L, true), Tuple.of("h", 8L, true), Tuple.of("i", 9L, true)), rows);
    assertEquals(
        List.of(
            "3 WRONG_TYPE column n: 'x' is not an INT64 [b,x,true]",
            "4 INVALID_CSV the record has 2 fields, but the header 3 [c,2]",
            "5 INVALID_CSV the record has 4 fields, but the header 3 [d,3,true,4]",
            "6 INVALID_CSV text follows the closing quote of field 1 [\"e\"e,4,true]",
            "7 WRONG_TYPE column ok: 'maybe' is not a BOOL [f,5,maybe]",
            "8 WRONG_TYPE column ok: '' is not a BOOL [g,6,\"\"]",
            "9 INVALID_CSV a quoted field does not end [\"open,7,true]"),
        bad.stream()
            .map(b -> b.line() + " " + b.code() + " " + b.message() + " [" + b.input() + "]")
            .toList());
  }

  @Test
  void matchesColumnsByTheHeaderOrElseByOrder() throws IOException {
    Schema n = Schema.of(Column.of("n", ScalarType.INT64));
    assertEquals(
        List.of(Tuple.of(1L)),
        read(
            new RowShape(n, SCHEMA),
            CsvOptions.DEFAULT,
            "ok,name,N\ntrue,a,1".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        List.of(Tuple.of(1L)),
        read(
            new RowShape(n, SCHEMA),
            new CsvOptions(';', false, true, "\\N"),
            "a;1;\\N".getBytes(StandardCharsets.UTF_8)));
    read(new RowShape(n, SCHEMA), CsvOptions.DEFAULT, "n,N\n1,2".getBytes(StandardCharsets.UTF_8));
    assertEquals("DUPLICATE_FIELD", bad.get(0).code());
  }

  @Test
  void holdsRequiredColumns() throws IOException {
    Column id = new Column("id", ScalarType.STRING, true, null);
    Schema n = Schema.of(Column.of("n", ScalarType.INT64));
    RowShape shape = new RowShape(n, new Schema(List.of(id, n.column(0))));
    assertEquals(
        List.of(Tuple.of(2L)),
        read(shape, CsvOptions.DEFAULT, "id,n\n,1\nx,2".getBytes(StandardCharsets.UTF_8)));
    assertEquals("column id: it is required but null", bad.get(0).message());
    bad.clear();
    read(shape, CsvOptions.DEFAULT, "n\n1".getBytes(StandardCharsets.UTF_8));
    assertEquals("column id: it is required but missing", bad.get(0).message());
  }

  @Test
  void readsNestedColumnsFromJson() throws IOException {
    Schema schema =
        Schema.of(Column.of("l", new ArrayType(ScalarType.INT64)), Column.of("j", ScalarType.JSON));
    List<Tuple> rows =
        read(
            RowShape.all(schema),
            CsvOptions.DEFAULT,
            "l,j\n\"[1,2]\",\"{\"\"a\"\":1}\"\n,null\n[1,x".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(1L, 2L), rows.get(0).get(0));
    assertEquals("{\"a\":1}", String.valueOf(rows.get(0).get(1)));
    assertEquals(List.of(), rows.get(1).get(0));
    assertEquals("INVALID_JSON", bad.get(0).code());
  }

  @Test
  void refusesBrokenUtf8WithTheBytes() throws IOException {
    byte[] bytes = "name,n,ok\na?,1,true\nb,2,true\n".getBytes(StandardCharsets.UTF_8);
    bytes[11] = (byte) 0xFF;
    assertEquals(
        List.of(Tuple.of("b", 2L, true)), read(RowShape.all(SCHEMA), CsvOptions.DEFAULT, bytes));
    assertEquals("INVALID_UTF8", bad.get(0).code());
    assertTrue(bad.get(0).base64());
  }

  @Test
  void readsEmptyFiles() throws IOException {
    assertEquals(List.of(), read(""));
    assertEquals(List.of(), read("\n\n"));
    assertEquals(List.of(), read("name,n,ok"));
    assertEquals(List.of(), bad);
    assertNull(bad.isEmpty() ? null : bad.get(0));
  }

  @Test
  void readsWhatAnyWriterQuotes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] parts = {"a", ",", "\"", "\n", "\r\n", "é", " ", ";", "'", "\\"};
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder("name,n,ok\n");
      List<Tuple> expected = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        StringBuilder value = new StringBuilder();
        for (int k = random.nextInt(6); k > 0; k--) {
          value.append(parts[random.nextInt(parts.length)]);
        }
        expected.add(Tuple.of(value.toString(), (long) i, true));
        text.append('"')
            .append(value.toString().replace("\"", "\"\""))
            .append("\",")
            .append(i)
            .append(",true")
            .append(random.nextBoolean() ? "\n" : "\r\n");
      }
      assertEquals(expected, read(text.toString()), "seed " + seed + "\n" + text);
    }
    assertEquals(List.of(), bad);
  }
}
