package dev.beamline.transform.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.Change;
import dev.beamline.transform.ChangeCoder;
import dev.beamline.transform.window.Window;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/**
 * A running job keeps these bytes, and the next version of Beamline has to read them: they were
 * recorded when the form was made. A change that cannot read them takes another {@link
 * StateFormat#VERSION}, after which a plan has the job drained.
 */
final class StateBytesTest {

  private static final Path FILE = Path.of("src/test/resources/state/bytes.txt");

  private static final Schema ROW =
      Schema.of(
          Column.of("team", ScalarType.STRING),
          Column.of("total", ScalarType.INT64),
          Column.of("price", ScalarType.NUMERIC),
          Column.of("day", ScalarType.DATE),
          Column.of("at", ScalarType.TIMESTAMP),
          Column.of("won", ScalarType.BOOL));

  private static final Tuple FULL =
      Tuple.of("red", -7L, new BigDecimal("12.5"), 20_454L, 1_767_225_600_000_000L, true);

  private static final Tuple EMPTY = Tuple.of(null, null, null, null, null, null);

  @SuppressWarnings({"unchecked", "rawtypes"}) // Accumulators are objects to the coders of state.
  private static final Coder<Object> SUMS = (Coder) VarLongCoder.of();

  private static WindowStateCoder states() {
    return new WindowStateCoder(
        SUMS, List.of(TupleCoder.of(Schema.of(Column.of("team", ScalarType.STRING)))));
  }

  private static WindowState.OfGroup group() {
    WindowState.OfGroup group = new WindowState.OfGroup();
    group.sequence = 12;
    group.watermarkTimer = 1_767_229_200_000L;
    group.slices.put(1_767_225_600_000_000L, 41L);
    WindowState window = new WindowState();
    window.sum = 42L;
    window.pending = 3;
    window.panes = 2;
    window.closed = true;
    window.due = 1_767_229_260_000L;
    window.sent.add(Set.of(Tuple.of("red")));
    group.windows.put(new Window(1_767_225_600_000_000L, 1_767_229_200_000_000L), window);
    return group;
  }

  private static <T> String hex(Coder<T> coder, T value) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value));
  }

  private static <T> T read(Coder<T> coder, String hex) throws CoderException {
    return CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex));
  }

  private static List<String> written() throws CoderException {
    List<String> lines = new ArrayList<>();
    lines.add("row " + hex(TupleCoder.of(ROW), FULL));
    lines.add("row of NULLs " + hex(TupleCoder.of(ROW), EMPTY));
    lines.add(
        "partial "
            + hex(new PartialCoder(SUMS), new Partial(1_000_000L, 3_600_000_000L, 5, 4, 99L)));
    lines.add("change " + hex(ChangeCoder.of(ROW), new Change(FULL, true, 77)));
    lines.add("group " + hex(states(), group()));
    return lines;
  }

  @Test
  void bytesAreThoseThatWereRecorded() throws IOException {
    List<String> lines = written();
    if (Boolean.getBoolean("beamline.rewrite")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, String.join("\n", lines) + "\n");
    }
    assertEquals(Files.readAllLines(FILE), lines);
  }

  @Test
  void recordedBytesAreRead() throws IOException {
    List<String> hex =
        Files.readAllLines(FILE).stream().map(l -> l.substring(l.lastIndexOf(' ') + 1)).toList();
    assertEquals(FULL, read(TupleCoder.of(ROW), hex.get(0)));
    assertEquals(EMPTY, read(TupleCoder.of(ROW), hex.get(1)));
    assertEquals(
        new Partial(1_000_000L, 3_600_000_000L, 5, 4, 99L),
        read(new PartialCoder(SUMS), hex.get(2)));
    assertEquals(new Change(FULL, true, 77), read(ChangeCoder.of(ROW), hex.get(3)));
    WindowState.OfGroup group = read(states(), hex.get(4));
    assertEquals(12, group.sequence);
    assertEquals(1_767_229_200_000L, group.watermarkTimer);
    assertEquals(WindowState.NEVER, group.clockTimer);
    assertEquals(41L, group.slices.get(1_767_225_600_000_000L));
    WindowState window = group.windows.firstEntry().getValue();
    assertEquals(42L, window.sum);
    assertEquals(2, window.panes);
    assertTrue(window.closed);
    assertEquals(List.of(Set.of(Tuple.of("red"))), window.sent);
  }

  @Test
  void aFormThatIsNotKnownIsRefused() throws CoderException {
    byte[] bytes = CoderUtils.encodeToByteArray(states(), group());
    bytes[0] = (byte) (StateFormat.VERSION + 1);
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(states(), bytes));
  }
}
