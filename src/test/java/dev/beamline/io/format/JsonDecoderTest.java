package dev.beamline.io.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDecoderTest {

  private static final Type ITEM =
      new StructType(
          List.of(
              Column.of("id", ScalarType.STRING),
              Column.of("price", ScalarType.NUMERIC),
              Column.of("tags", new ArrayType(ScalarType.STRING))));

  private static Object value(Type type, String json) throws DecodeException {
    return decode(Schema.of(Column.of("x", type)), "{\"x\":" + json + "}").get(0);
  }

  private static Tuple decode(Schema schema, String record) throws DecodeException {
    return decode(RowShape.all(schema), record.getBytes(StandardCharsets.UTF_8));
  }

  private static Tuple decode(RowShape shape, byte[] record) throws DecodeException {
    byte[] padded = new byte[record.length + 7];
    System.arraycopy(record, 0, padded, 3, record.length);
    return new JsonDecoder(shape).decode(padded, 3, record.length);
  }

  private static DecodeException refused(Schema schema, String record) {
    return assertThrows(DecodeException.class, () -> decode(schema, record));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INT64 | 5 | 5",
        "INT64 | -9223372036854775808 | -9223372036854775808",
        "INT64 | 9223372036854775807 | 9223372036854775807",
        "INT64 | \"0012\" | 12",
        "INT64 | \"-9223372036854775808\" | -9223372036854775808",
        "INT64 | 3.0 | 3",
        "INT64 | 1e3 | 1000",
        "INT64 | 0e999999999 | 0",
        "FLOAT64 | 1 | 1.0",
        "FLOAT64 | \"1.5e3\" | 1500.0",
        "FLOAT64 | \"NaN\" | NaN",
        "FLOAT64 | \"-Infinity\" | -Infinity",
        "FLOAT64 | 1e-400 | 0.0",
        "NUMERIC | 0.1 | 0.1",
        "NUMERIC | 12345678901234567890123456789.123456789 | 12345678901234567890123456789.123456789",
        "NUMERIC | 1.50 | 1.5",
        "NUMERIC | 1e3 | 1000",
        "NUMERIC | 0.0000000005 | 0.000000001",
        "NUMERIC | -0.0000000005 | -0.000000001",
        "NUMERIC | 1e-999999999 | 0",
        "NUMERIC | \"7.10\" | 7.1",
        "BIGNUMERIC | 0.00000000000000000000000000000000000001 | 0.00000000000000000000000000000000000001",
        "BOOL | true | true",
        "BOOL | \"FALSE\" | false",
        "STRING | \"a\\u00e9\\ud83d\\ude00\" | aé😀",
        "STRING | 1.50 | 1.50",
        "STRING | true | true",
        "DATE | \"1970-01-02\" | 1",
        "DATE | \"0001-01-01\" | -719162",
        "DATE | \"9999-12-31\" | 2932896",
        "DATE | \"2024-2-29\" | 19782",
        "TIME | \"23:59:59.999999\" | 86399999999",
        "TIME | \"1:2:3\" | 3723000000",
        "DATETIME | \"1970-01-01T00:00:01.5\" | 1500000",
        "DATETIME | \"1970-01-01 00:00:01\" | 1000000",
        "DATETIME | \"1970-01-02\" | 86400000000",
      })
  void readsValues(String type, String json, String expected) throws DecodeException {
    Object value = value(ScalarType.valueOf(type), json);
    assertEquals(expected, value instanceof BigDecimal d ? d.toPlainString() : value.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1970-01-01T00:00:00Z | 0",
        "1970-01-01T00:00:00.000001Z | 1",
        "1970-01-01 00:00:00.5Z | 500000",
        "1970-01-01T00:00:00.123456789Z | 123456",
        "1969-12-31T23:59:59.999999Z | -1",
        "1970-01-01T02:00:00+02:00 | 0",
        "1970-01-01T00:00:00-0530 | 19800000000",
        "1970-01-01T00:00:00+1 | -3600000000",
        "1970-01-01 00:00:00 UTC | 0",
        "1970-07-01 00:00:00 Europe/Berlin | 15634800000000",
        "1970-01-01 00:00:00 +01:00 | -3600000000",
        "1970-01-01 00:00:00 | 0",
        "1970-01-01 | 0",
        "1970-01-01 +01 | -3600000000",
        "1970-1-1t0:0:1 | 1000000",
        "0001-01-01T00:00:00Z | -62135596800000000",
        "9999-12-31T23:59:59.999999Z | 253402300799999999",
        "2024-02-29T12:00:00Z | 1709208000000000",
      })
  void readsTimestamps(String text, long micros) throws DecodeException {
    assertEquals(micros, value(ScalarType.TIMESTAMP, "\"" + text + "\""));
  }

  @Test
  void readsEveryCanonicalTimestampAsJavaDoes() throws DecodeException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long micros =
          TemporalText.MIN_MICROS
              + (long) (random.nextDouble() * (TemporalText.MAX_MICROS - TemporalText.MIN_MICROS));
      Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      assertEquals(
          micros, value(ScalarType.TIMESTAMP, "\"" + instant + "\""), instant + " seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INT64 | 3.5 | WRONG_TYPE | column x: '3.5' is not a whole number (INT64)",
        "INT64 | \"abc\" | WRONG_TYPE | column x: 'abc' is not an INT64",
        "INT64 | \"\" | WRONG_TYPE | column x: '' is not an INT64",
        "INT64 | \" 5\" | WRONG_TYPE | column x: ' 5' is not an INT64",
        "INT64 | true | WRONG_TYPE | column x: true is not an INT64",
        "INT64 | {} | WRONG_TYPE | column x: an object is not an INT64",
        "INT64 | 9223372036854775808 | OUT_OF_RANGE | column x: '9223372036854775808' is out of range for INT64",
        "INT64 | 1e999999999 | OUT_OF_RANGE | column x: '1e999999999' is out of range for INT64",
        "FLOAT64 | 1e400 | OUT_OF_RANGE | column x: '1e400' is out of range for FLOAT64",
        "FLOAT64 | \"0x1p3\" | WRONG_TYPE | column x: '0x1p3' is not a FLOAT64",
        "NUMERIC | 1e30 | OUT_OF_RANGE | column x: '1e30' is out of range for NUMERIC",
        "NUMERIC | 99999999999999999999999999999.9999999995 | OUT_OF_RANGE | column x: '99999999999999999999999999999.9999999995' is out of range for NUMERIC",
        "NUMERIC | 1e999999999 | OUT_OF_RANGE | column x: '1e999999999' is out of range for NUMERIC",
        "NUMERIC | \"NaN\" | WRONG_TYPE | column x: 'NaN' is not a NUMERIC",
        "BOOL | 1 | WRONG_TYPE | column x: 1 is not a BOOL",
        "BOOL | \"yes\" | WRONG_TYPE | column x: 'yes' is not a BOOL",
        "STRING | [\"a\"] | WRONG_TYPE | column x: an array is not a STRING",
        "STRING | \"\\ud83d\" | INVALID_UTF8 | column x: the text has half a surrogate pair",
        "BYTES | \"***\" | WRONG_TYPE | column x: '***' is not base64 (BYTES)",
        "DATE | \"2023-02-29\" | OUT_OF_RANGE | column x: '2023-02-29' is no date of the calendar",
        "DATE | \"0000-01-01\" | OUT_OF_RANGE | column x: '0000-01-01' is no date of the calendar",
        "DATE | \"10000-01-01\" | WRONG_TYPE | column x: '10000-01-01' is not a DATE",
        "TIME | \"24:00:00\" | OUT_OF_RANGE | column x: '24:00:00' is no time of a day",
        "DATETIME | \"1970-01-01T00:00:00Z\" | WRONG_TYPE | column x: '1970-01-01T00:00:00Z' is not a DATETIME",
        "TIMESTAMP | \"0001-01-01T00:00:00+01:00\" | OUT_OF_RANGE | column x: '0001-01-01T00:00:00+01:00' is outside the years 1 to 9999 of TIMESTAMP",
        "TIMESTAMP | \"2026-13-01T00:00:00Z\" | OUT_OF_RANGE | column x: '2026-13-01T00:00:00Z' is no date of the calendar",
        "TIMESTAMP | \"2026-01-01T00:00:60Z\" | OUT_OF_RANGE | column x: '2026-01-01T00:00:60Z' is no time of a day",
        "TIMESTAMP | \"2026-01-01T00:00:00 Mars/Base\" | WRONG_TYPE | column x: '2026-01-01T00:00:00 Mars/Base' names no known time zone",
        "TIMESTAMP | \"yesterday\" | WRONG_TYPE | column x: 'yesterday' is not a TIMESTAMP",
        "TIMESTAMP | \"2026-01-01T00:00:00+25:00\" | OUT_OF_RANGE | column x: '2026-01-01T00:00:00+25:00' has an offset beyond 14 hours from UTC",
      })
  void refusesValues(String type, String json, String code, String message) {
    DecodeException e =
        assertThrows(DecodeException.class, () -> value(ScalarType.valueOf(type), json));
    assertEquals(code, e.code().name());
    assertEquals(message, e.reason());
  }

  @Test
  void neverTakesANumberForATimestamp() {
    DecodeException e =
        assertThrows(DecodeException.class, () -> value(ScalarType.TIMESTAMP, "1700000000"));
    assertEquals(DecodeErrorCode.WRONG_TYPE, e.code());
    assertTrue(e.reason().contains("TIMESTAMP_MILLIS"), e.reason());
  }

  @Test
  void readsNestedValuesAndSkipsTheRest() throws Exception {
    Schema schema =
        Schema.of(
            Column.of("items", new ArrayType(ITEM)),
            Column.of("item", ITEM),
            Column.of("payload", ScalarType.JSON),
            Column.of("raw", ScalarType.BYTES));
    Tuple row =
        decode(
            schema,
            """
            {"skip":{"a":[1,{"b":2}]},"item":{"id":"i1","other":[[]],"price":1.10},
             "items":[{"price":"2"},{"ID":"x","tags":["a","b"]}],
             "payload":{"k":[1,null,{"z":1.5}],"k":2},"raw":"AQI="}
            """);
    assertEquals(
        List.of(
            Tuple.of(null, new BigDecimal("2"), List.of()), Tuple.of("x", null, List.of("a", "b"))),
        row.get(0));
    assertEquals(Tuple.of("i1", new BigDecimal("1.1"), List.of()), row.get(1));
    assertEquals(new ObjectMapper().readTree("{\"k\":[1,null,{\"z\":1.5}]}"), row.get(2));
    assertEquals(ByteString.copyFrom(new byte[] {1, 2}), row.get(3));
  }

  @Test
  void absentAndNullAreNullButArraysAreEmpty() throws DecodeException {
    Schema schema =
        Schema.of(
            Column.of("a", ScalarType.INT64),
            Column.of("b", ScalarType.INT64),
            Column.of("c", new ArrayType(ScalarType.INT64)),
            Column.of("d", new ArrayType(ScalarType.INT64)));
    assertEquals(
        Tuple.of(null, null, List.of(), List.of()), decode(schema, "{\"a\":null,\"c\":null}"));
    assertEquals(DecodeErrorCode.WRONG_TYPE, refused(schema, "{\"c\":[1,null]}").code());
  }

  @Test
  void holdsRequiredColumnsEvenIfNobodyReadsThem() throws DecodeException {
    Column id = new Column("id", ScalarType.STRING, true, null);
    Column n = Column.of("n", ScalarType.INT64);
    RowShape shape = new RowShape(Schema.of(n), Schema.of(id, n));
    assertEquals(
        Tuple.of(1L), decode(shape, "{\"id\":[\"any\"],\"n\":1}".getBytes(StandardCharsets.UTF_8)));
    for (String record : List.of("{\"n\":1}", "{\"n\":1,\"id\":null}")) {
      DecodeException e =
          assertThrows(
              DecodeException.class, () -> decode(shape, record.getBytes(StandardCharsets.UTF_8)));
      assertEquals(DecodeErrorCode.MISSING_FIELD, e.code());
      assertTrue(e.reason().startsWith("column id: "), e.reason());
    }
    DecodeException e = refused(Schema.of(id), "{\"Id\":null}");
    assertEquals("column id: it is required but null", e.reason());
  }

  @Test
  void holdsRequiredColumnsBeyondTheSixtyFourth() throws DecodeException {
    Column[] columns = new Column[100];
    StringBuilder record = new StringBuilder("{");
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new Column("c" + i, ScalarType.INT64, true, null);
      record.append(i == 0 ? "" : ",").append("\"c").append(i).append("\":").append(i);
    }
    Schema schema = Schema.of(columns);
    assertEquals(99L, decode(schema, record + "}").get(99));
    assertEquals(
        DecodeErrorCode.MISSING_FIELD,
        refused(schema, record.toString().replace("\"c90\"", "\"d\"") + "}").code());
    assertEquals(DecodeErrorCode.DUPLICATE_FIELD, refused(schema, record + ",\"c90\":1}").code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"a\":2} | DUPLICATE_FIELD",
        "{\"a\":1,\"A\":2} | DUPLICATE_FIELD",
        "{\"a\":1 | INVALID_JSON",
        "{\"a\": | INVALID_JSON",
        "{\"a\":1} {\"a\":2} | INVALID_JSON",
        "{\"a\":1}x | INVALID_JSON",
        "{\"a\":01} | INVALID_JSON",
        "{\"a\":NaN} | INVALID_JSON",
        "{\"a\":1,} | INVALID_JSON",
        "{'a':1} | INVALID_JSON",
        "[{\"a\":1}] | INVALID_JSON",
        "5 | INVALID_JSON",
        "hello | INVALID_JSON",
        "{\"a\":1,\"b\":[1,2} | INVALID_JSON",
        "{\"a\":1,\"b\":\"unended} | INVALID_JSON",
        "{\"b\":{\"c\":tru}} | INVALID_JSON",
      })
  void refusesRecords(String record, String code) {
    assertEquals(code, refused(Schema.of(Column.of("a", ScalarType.INT64)), record).code().name());
  }

  @Test
  void refusesBrokenUtf8InAnyPlace() {
    RowShape shape = RowShape.all(Schema.of(Column.of("a", ScalarType.INT64)));
    byte[][] broken = {
      {(byte) 0xFF},
      {(byte) 0xC3},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82},
    };
    for (byte[] bytes : broken) {
      byte[] head = "{\"a\":1,\"skipped\":\"".getBytes(StandardCharsets.UTF_8);
      byte[] tail = "\"}".getBytes(StandardCharsets.UTF_8);
      byte[] record = new byte[head.length + bytes.length + tail.length];
      System.arraycopy(head, 0, record, 0, head.length);
      System.arraycopy(bytes, 0, record, head.length, bytes.length);
      System.arraycopy(tail, 0, record, head.length + bytes.length, tail.length);
      DecodeException e = assertThrows(DecodeException.class, () -> decode(shape, record));
      assertEquals(DecodeErrorCode.INVALID_UTF8, e.code());
    }
  }

  @Test
  void refusesNestingBombs() {
    Schema schema = Schema.of(Column.of("a", ScalarType.INT64), Column.of("j", ScalarType.JSON));
    for (String field : List.of("x", "j")) {
      for (String open : List.of("[", "{\"k\":")) {
        String record = "{\"" + field + "\":" + open.repeat(200_000);
        DecodeException e = refused(schema, record);
        assertEquals(DecodeErrorCode.INVALID_JSON, e.code());
        assertTrue(e.reason().contains("nested deeper than 500"), e.reason());
      }
    }
  }

  @Test
  void readsRecordsOfTenMegabytes() throws DecodeException {
    String text = "é".repeat(5 << 20);
    Schema schema = Schema.of(Column.of("a", ScalarType.STRING), Column.of("b", ScalarType.INT64));
    Tuple row = decode(schema, "{\"z\":\"" + text + "\",\"a\":\"" + text + "\",\"b\":7}");
    assertEquals(text, row.get(0));
    assertEquals(7L, row.get(1));
  }
}
