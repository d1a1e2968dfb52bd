package dev.beamline.transform.deduplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.shard.BlockReader;
import dev.beamline.transform.shard.HeldBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the rows of bounded input wait, until all copies are there. */
class KeepEarliestTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("id", ScalarType.STRING),
          Column.of("ts", ScalarType.TIMESTAMP),
          Column.of("copy", ScalarType.INT64));
  private static final TupleTag<KV<Integer, byte[]>> BLOCKS = new TupleTag<>("blocks");
  private static final int SHARDS = 4;

  private final SeenBefore seen = new SeenBefore("rows", List.of(0), 1, 1_000_000, SHARDS);
  private final TupleCoder coder = TupleCoder.of(SCHEMA);
  private final Map<Integer, List<byte[]>> sent = new TreeMap<>();

  private final StageOutput output =
      new StageOutput() {
        @Override
        @SuppressWarnings("unchecked") // There is one tag.
        public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
          KV<Integer, byte[]> block = (KV<Integer, byte[]>) element;
          sent.computeIfAbsent(block.getKey(), shard -> new ArrayList<>()).add(block.getValue());
        }
      };

  /** All rows come out as they went in, copies in one part, whether blocks are in memory or not. */
  @ParameterizedTest
  @ValueSource(longs = {0, 40_000, Long.MAX_VALUE})
  void rowsWaitInMemoryAndInFiles(long most) {
    HoldRows hold = new HoldRows(BLOCKS, seen, coder, most);
    hold.setup();
    Random random = new Random(5);
    List<String> expected = new ArrayList<>();
    for (int bundle = 0; bundle < 3; bundle++) {
      hold.startBundle();
      for (int i = 0; i < 5000; i++) {
        Tuple row = Tuple.of("id " + random.nextInt(3000), (long) i, (long) bundle);
        expected.add(row.toString());
        hold.process(row, i, output);
      }
      hold.finishBundle(output);
    }
    List<String> found = new ArrayList<>();
    TreeSet<Object> ids = new TreeSet<>();
    int parts = 0;
    int references = 0;
    for (List<byte[]> shard : sent.values()) {
      for (List<byte[]> part : HeldBlocks.parts(shard)) {
        parts++;
        TreeSet<Object> ofPart = new TreeSet<>();
        for (byte[] block : part) {
          references += block.length < 200 ? 1 : 0;
          BlockReader<Tuple> rows = new BlockReader<>(coder, HeldBlocks.bytes(block));
          while (rows.hasNext()) {
            Tuple row = rows.next();
            found.add(row.toString());
            ofPart.add(row.get(0));
          }
        }
        for (Object id : ofPart) {
          assertTrue(ids.add(id), () -> id + " is in two parts");
        }
      }
    }
    expected.sort(null);
    found.sort(null);
    assertEquals(expected, found);
    assertEquals(SHARDS, sent.size());
    assertTrue(parts > SHARDS, "a shard comes in parts");
    assertEquals(most < Long.MAX_VALUE, references > 0, "blocks in files: " + references);
  }
}
