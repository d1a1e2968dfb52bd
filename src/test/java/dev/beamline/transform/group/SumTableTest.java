package dev.beamline.transform.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumTableTest {

  /** A table does as a map of group and slice does, over several bundles, with a key used again. */
  @Test
  void findsEachSumByItsGroupAndSlice() {
    Random random = new Random(3);
    SumTable table = new SumTable();
    int other = table.join();
    int operator = table.join();
    Object[] values = new Object[2];
    Tuple key = Tuple.of(values);
    for (int bundle = 0; bundle < 6; bundle++) {
      Map<List<Object>, Long> expected = new HashMap<>();
      for (int i = 0; i < 30_000; i++) {
        values[0] = random.nextInt(10) == 0 ? null : "team " + random.nextInt(20);
        values[1] = (long) random.nextInt(3);
        long start = random.nextInt(bundle % 2 == 0 ? 300 : 3) * 3_600_000_000L;
        long end = start + (random.nextBoolean() ? 60 : 3600) * 1_000_000L;
        SumTable.Group group = table.group(key, start, end);
        SumTable.Sum sum = group.sum(operator);
        if (sum == null) {
          sum = new SumTable.Sum(group.key, start, end, "none");
          table.put(group, operator, sum);
        }
        sum.rows++;
        expected.merge(List.of(key.copy(), start, end), 1L, Long::sum);
      }
      assertEquals(expected.size(), table.size());
      Map<List<Object>, Long> found = new HashMap<>();
      table.take(other, sum -> found.put(List.of(), 0L));
      assertEquals(Map.of(), found);
      table.take(operator, sum -> found.put(List.of(sum.key, sum.start, sum.end), sum.rows));
      assertEquals(expected, found);
      assertEquals(0, table.size());
      table.take(operator, sum -> found.clear());
      assertEquals(expected, found);
    }
  }
}
