package dev.beamline.io.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick way to a field's value and the thorough one agree, on what is wrong as well. */
class QuickFieldTest {

  private static final List<String> PLAIN =
      List.of(
          "2026-01-05T00:01:11.643Z",
          "2026-02-29 10:00:00Z",
          "2026-01-05 00:01:11.643123+02:00",
          "2026-01-05",
          "12:30:00",
          "12.50",
          "-7",
          "+007",
          "999999999999999999",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "1e3",
          "0x1F",
          "true",
          "No",
          "NaN",
          "YmFzZTY0",
          "{\"a\": 1}",
          "P1Y",
          "",
          " 5 ",
          "größer",
          "a \"quoted\" one",
          "٣");

  private static String field(Random random) {
    StringBuilder text = new StringBuilder(PLAIN.get(random.nextInt(PLAIN.size())));
    if (random.nextInt(3) == 0 && text.length() > 0) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.setCharAt(at, "0:-TZ. x".charAt(random.nextInt(8)));
        default -> text.insert(at, (char) ('0' + random.nextInt(10)));
      }
    }
    return text.toString();
  }

  private static String told(DecodeException e) {
    return e.code() + " " + e.reason();
  }

  @Test
  void agreesWithTheThoroughWay() {
    Random random = new Random(11);
    for (ScalarType type : ScalarType.values()) {
      Schema schema = Schema.of(Column.of("x", type), Column.of("y", ScalarType.STRING));
      // The same decoder all the time, so that it meets values again.
      CsvDecoder decoder = CsvDecoder.ofDeclared(RowShape.all(schema), CsvOptions.DEFAULT);
      for (int i = 0; i < 3000; i++) {
        String text = field(random);
        boolean quoted = random.nextInt(3) == 0 || text.contains("\"");
        String line = (quoted ? '"' + text.replace("\"", "\"\"") + '"' : text) + ",y";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Object expected;
        try {
          boolean isNull = !quoted && text.equals(CsvOptions.DEFAULT.nullText());
          expected = isNull ? null : CsvDecoder.value(type, text);
        } catch (DecodeException e) {
          expected = told(e.in("x"));
        }
        Object found;
        try {
          found = decoder.decode(bytes, 0, bytes.length).get(0);
        } catch (DecodeException e) {
          found = told(e);
        }
        assertEquals(expected, found, type + " of " + line);
      }
    }
  }
}
