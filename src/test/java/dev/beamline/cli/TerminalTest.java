package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.DisplayWidth;
import dev.beamline.io.format.RowsText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TerminalTest {

  @Test
  void coloursOnlyWhereTheyAreWanted() {
    assertTrue(Terminal.wantsColors(Map.of("TERM", "xterm")));
    assertFalse(Terminal.wantsColors(Map.of("TERM", "xterm", "NO_COLOR", "1")));
    assertTrue(Terminal.wantsColors(Map.of("TERM", "xterm", "NO_COLOR", "")));
    assertFalse(Terminal.wantsColors(Map.of("TERM", "dumb")));
    assertFalse(Terminal.wantsColors(Map.of()));
  }

  @Test
  void readsColumns() {
    assertEquals(OptionalInt.of(80), Terminal.columns("80"));
    assertEquals(OptionalInt.empty(), Terminal.columns("wide"));
    assertEquals(OptionalInt.empty(), Terminal.columns("3"));
    assertEquals(OptionalInt.empty(), Terminal.columns(null));
  }

  @Test
  void tablesFitTheWidth() {
    Schema schema =
        Schema.of(
            Column.of("id", ScalarType.INT64),
            Column.of("text", ScalarType.STRING),
            Column.of("more", ScalarType.STRING));
    List<Tuple> rows = List.of(Tuple.of(1L, "a long text that goes on and on", "日本語日本語日本語日本語"));
    String table = RowsText.table(schema, rows, 40);
    table.lines().forEach(line -> assertEquals(40, DisplayWidth.of(line), table));
    assertTrue(table.contains("…"), table);
    assertTrue(RowsText.table(schema, rows, 0).contains("goes on and on"));
    // No column becomes too narrow to tell anything.
    assertTrue(RowsText.table(schema, rows, 5).contains("a lon…"), RowsText.table(schema, rows, 5));
  }

  @Test
  void tellsRateAndRemainingTime() {
    StringWriter out = new StringWriter();
    try (Progress progress = new Progress(new PrintWriter(out), false, OptionalLong.of(4000))) {
      assertEquals("0 events read, 0 a second, 5 s", progress.text(0, 5));
      assertEquals("200 events read (5 %), 25 a second, 8 s", progress.text(200, 8));
      assertEquals(
          "1,000 events read (25 %), 400 a second, 10 s, 8 s left", progress.text(1000, 10));
      assertEquals("5,000 events read, 400 a second, 20 s", progress.text(5000, 20));
      progress.show(10);
    }
    assertEquals("", out.toString(), "plain lines come every ten seconds");
  }

  @Test
  void rewritesOneLineOnATerminal() {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    try (Progress progress = new Progress(writer, true)) {
      progress.show(10);
    }
    assertTrue(out.toString().startsWith("\r\u001b[K10 events read"), out.toString());
    assertTrue(out.toString().endsWith("\r\u001b[K"), out.toString());
  }
}
