package dev.beamline.io.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.TypeParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way of decoding gives what the thorough one gives, or leaves the record to it. */
class QuickJsonTest {

  private static final String[][] COLUMNS = {
    {"id", "STRING"},
    {"n", "INT64"},
    {"f", "FLOAT64"},
    {"price", "NUMERIC"},
    {"big", "BIGNUMERIC"},
    {"ok", "BOOL"},
    {"at", "TIMESTAMP"},
    {"day", "DATE"},
    {"local", "DATETIME"},
    {"clock", "TIME"},
    {"raw", "BYTES"},
    {"tags", "ARRAY<STRING>"},
    {"item", "STRUCT<id STRING, price NUMERIC, parts ARRAY<STRUCT<n INT64>>>"}
  };

  private static final String[][] VALUES = {
    {
      "\"a\"",
      "\"\"",
      "\"Zoë\"",
      "\"\\u00e9\"",
      "\"a\\\"b\"",
      "12",
      "true",
      "null",
      "\"\u0001\"",
      "\"€\""
    },
    {
      "0",
      "-0",
      "12",
      "-7",
      "123456789012345678",
      "9223372036854775807",
      "9223372036854775808",
      "01",
      "1.0",
      "1.5",
      "1e3",
      "\"5\"",
      "\" 5\"",
      "null",
      "-",
      "+1"
    },
    {
      "0.1",
      "-0.0",
      "-0",
      "1",
      "123456789.123456",
      "1e400",
      "1.7976931348623157e308",
      "0.30000000000000004",
      "\"NaN\"",
      "\"1.5\"",
      "null",
      "1.",
      ".5",
      "4.35",
      "99999999999999.9"
    },
    {
      "1.10",
      "0.000000001",
      "0.0000000015",
      "-3",
      "100",
      "99999999999999999999999999999.999999999",
      "1e2",
      "\"4.50\"",
      "123456789.1234567891",
      "null",
      "0.00"
    },
    {"1.10", "3e-38", "100", "578960446186580977117854925043439539266.3", "12345678901234567890"},
    {"true", "false", "\"TRUE\"", "\"no\"", "null", "truE", "tru"},
    {
      "\"2026-01-05T00:01:11.643Z\"",
      "\"2026-02-29T00:00:00Z\"",
      "\"2024-02-29T23:59:59.999999Z\"",
      "\"2026-01-05 00:01:11Z\"",
      "\"2026-01-05T00:01:11.6431234567Z\"",
      "\"2026-01-05T00:01:11+02:00\"",
      "\"2026-01-05\"",
      "\"2026-01-05T24:00:00Z\"",
      "1700000000",
      "\"0001-01-01T00:00:00Z\"",
      "\"0000-01-01T00:00:00Z\"",
      "\"2026-1-5T00:01:11Z\"",
      "\"2026-01-05T00:01:11.Z\"",
      "\"2026-01-05T0a:01:11.5Z\""
    },
    {"\"2026-01-05\"", "\"2026-13-05\"", "5"},
    {"\"2026-01-05T10:00:00\"", "\"x\"", "null"},
    {"\"10:00:00.5\"", "\"25:00:00\""},
    {"\"YWJj\"", "\"?\"", "null"},
    {"[]", "[\"a\",\"b\"]", "[ \"a\" , \"a\" ]", "[null]", "[1]", "null", "[\"a\",]", "[,]"},
    {
      "{}",
      "{\"id\":\"x\",\"price\":1.5}",
      "{\"ID\":\"x\"}",
      "{\"id\":\"x\",\"id\":\"y\"}",
      "{\"parts\":[{\"n\":1},{\"n\":null}]}",
      "null",
      "{\"other\":[1,{\"a\":[]}]}",
      "[]"
    }
  };

  private static final String[] OTHERS = {
    "\"x\":1",
    "\"deep\":{\"a\":[1,2,{\"b\":null}],\"c\":\"\\n\\u0041\"}",
    "\"e\":\"\\q\"",
    "\"s\":\"\\\\\"",
    "\"é\":\"ü\"",
    "\"num\":-1.5e+10",
    "\"bad\":1e",
    "\"bad\":[1 2]",
    "\"w\":nul",
    "\"\":0",
    "\"esc\\u0061ped\":1",
    "\"long\":\"0123456789012345678901234567890123456789\"",
    "\"t\":\"a\tb\""
  };

  private static Schema schema() {
    try {
      return parsed();
    } catch (TypeParser.InvalidTypeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Schema parsed() throws TypeParser.InvalidTypeException {
    List<Column> columns = new ArrayList<>();
    for (String[] column : COLUMNS) {
      columns.add(new Column(column[0], TypeParser.parse(column[1]), column[0].equals("id"), null));
    }
    return new Schema(columns);
  }

  private JsonDecoder both = new JsonDecoder(RowShape.all(schema()));
  private int decoded;
  private final JsonDecoder thorough = new JsonDecoder(RowShape.all(schema()));
  private final Random random = new Random(7);

  @Test
  void agreesOnPlainAndOddRecords() {
    int good = 0;
    for (int i = 0; i < 60_000; i++) {
      good += agrees(record().getBytes(UTF_8)) ? 1 : 0;
    }
    assertTrue(good > 5_000, "too few good records: " + good);
  }

  @Test
  void agreesOnBrokenBytes() {
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = record().getBytes(UTF_8);
      for (int k = random.nextInt(3); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      agrees(java.util.Arrays.copyOf(bytes, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        "{\"id\"",
        "{\"id\":",
        "{\"id\":\"",
        "{\"id\":\"a\"",
        "{\"id\":\"a\"}}",
        "{\"id\":\"a\"} \t\r",
        "{\"id\":\"a\"} x",
        "{\"id\":\"a\",}",
        "[]",
        "{\"id\":null}",
        "{\"ID\":\"a\"}",
        "{\"Id\":\"a\",\"id\":\"b\"}",
        "{\"id\" : \"a\" , \"n\" : 1 }"
      })
  void agreesOnEdges(String record) {
    agrees(record.getBytes(UTF_8));
  }

  /** Whether both gave a row. */
  private boolean agrees(byte[] record) {
    if (++decoded % 500 == 0) {
      // Before it finds that the quick way does not pay here.
      both = new JsonDecoder(RowShape.all(schema()));
    }
    byte[] padded = new byte[record.length + 6];
    System.arraycopy(record, 0, padded, 3, record.length);
    padded[2] = '"';
    padded[record.length + 3] = '}';
    Object expected;
    try {
      expected = thorough.thoroughly(padded, 3, record.length);
    } catch (DecodeException e) {
      expected = e.code() + ": " + e.getMessage();
    }
    Object actual;
    try {
      actual = both.decode(padded, 3, record.length);
    } catch (DecodeException e) {
      actual = e.code() + ": " + e.getMessage();
    }
    assertEquals(expected, actual, () -> new String(record, UTF_8));
    if (expected instanceof Tuple tuple && tuple.get(2) instanceof Double number) {
      // Tuples are equal by Double.equals, which tells the zeros apart.
      assertEquals(number, ((Tuple) actual).get(2));
    }
    return expected instanceof Tuple;
  }

  private String record() {
    StringBuilder record = new StringBuilder("{");
    int fields = random.nextInt(6);
    // Odd values are rare, so that most records are rows.
    add(record, "\"id\":" + value(0));
    for (int i = 0; i < fields; i++) {
      int column = 1 + random.nextInt(COLUMNS.length - 1);
      String name =
          random.nextInt(20) == 0
              ? COLUMNS[column][0].toUpperCase(java.util.Locale.ROOT)
              : COLUMNS[column][0];
      add(record, "\"" + name + "\":" + value(column));
    }
    if (random.nextInt(4) == 0) {
      add(record, OTHERS[random.nextInt(OTHERS.length)]);
    }
    return record.append('}').toString();
  }

  private void add(StringBuilder record, String field) {
    if (record.length() > 1) {
      record.append(random.nextInt(10) == 0 ? " , " : ",");
    }
    record.append(field);
  }

  private String value(int column) {
    String[] values = VALUES[column];
    return values[
        random.nextInt(3) > 0
            ? random.nextInt(Math.min(3, values.length))
            : random.nextInt(values.length)];
  }
}
