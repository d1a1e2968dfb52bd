package dev.beamline.execution.row;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class TupleCoderTest {

  @Test
  void everyValueComesBackAndEqualTuplesHaveEqualBytes() throws Exception {
    long seed = new Random().nextLong();
    RandomValues random = new RandomValues(seed);
    for (int round = 0; round < 300; round++) {
      StructType row = random.row();
      TupleCoder coder = TupleCoder.of(new Schema(row.fields()));
      TupleCoder copy = (TupleCoder) SerializableUtils.ensureSerializable(coder);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      Tuple[] tuples = new Tuple[10];
      for (int i = 0; i < tuples.length; i++) {
        tuples[i] = random.tuple(row);
        coder.encode(tuples[i], all);
      }
      ByteArrayInputStream in = new ByteArrayInputStream(all.toByteArray());
      for (Tuple expected : tuples) {
        Tuple actual = copy.decode(in);
        assertEquals(expected, actual, () -> "seed " + seed + " type " + row);
        assertArrayEquals(
            CoderUtils.encodeToByteArray(coder, expected),
            CoderUtils.encodeToByteArray(coder, actual),
            () -> "seed " + seed);
      }
      assertEquals(-1, in.read());
    }
  }

  @Test
  void bytesThatWereCutOrChangedAreAnErrorAndNeverWorse() throws Exception {
    long seed = new Random().nextLong();
    RandomValues random = new RandomValues(seed);
    Random cut = new Random(seed);
    for (int round = 0; round < 500; round++) {
      StructType row = random.row();
      TupleCoder coder = TupleCoder.of(new Schema(row.fields()));
      byte[] bytes = CoderUtils.encodeToByteArray(coder, random.tuple(row));
      byte[] shorter = Arrays.copyOf(bytes, cut.nextInt(bytes.length));
      assertThrows(IOException.class, () -> coder.decode(new ByteArrayInputStream(shorter)));
      bytes[cut.nextInt(bytes.length)] = (byte) cut.nextInt();
      try {
        coder.decode(new ByteArrayInputStream(bytes));
      } catch (IOException e) {
        assertTrue(e.getMessage() != null);
      }
    }
  }

  @Test
  void isSmall() throws Exception {
    TupleCoder coder = TupleCoder.of(List.of(ScalarType.STRING, ScalarType.INT64, ScalarType.BOOL));
    byte[] bytes = CoderUtils.encodeToByteArray(coder, Tuple.of("blue", -3L, null));
    assertEquals("0704" + "04626c7565" + "05", HexFormat.of().formatHex(bytes));
  }

  @Test
  void isAKeyCoder() throws Exception {
    TupleCoder coder = TupleCoder.of(Schema.of(Column.of("a", ScalarType.FLOAT64)));
    coder.verifyDeterministic();
    assertTrue(coder.consistentWithEquals());
    Tuple tuple = Tuple.of(1.5);
    assertSame(tuple, coder.structuralValue(tuple));
    assertEquals(coder, TupleCoder.of(Schema.of(Column.of("b", ScalarType.FLOAT64))));
    assertNotEquals(coder, TupleCoder.of(Schema.of(Column.of("a", ScalarType.INT64))));
    assertFalse(TupleCoder.of(List.of(ScalarType.JSON)).consistentWithEquals());
  }

  @Test
  void refusesATupleOfAnotherWidth() {
    TupleCoder coder = TupleCoder.of(List.of(ScalarType.INT64));
    assertThrows(
        IllegalArgumentException.class,
        () -> coder.encode(Tuple.of(1L, 2L), new ByteArrayOutputStream()));
  }

  @Test
  void keysHaveOneFormOfZeroAndNan() {
    assertEquals(0.0, Keys.normalize(-0.0));
    Tuple same = Tuple.of(0.0, "x", null, List.of(1.0));
    assertSame(same, Keys.normalize(same));
    assertEquals(
        Tuple.of(0.0, Tuple.of(List.of(0.0, 2.0))),
        Keys.normalize(Tuple.of(-0.0, Tuple.of(List.of(-0.0, 2.0)))));
  }
}
