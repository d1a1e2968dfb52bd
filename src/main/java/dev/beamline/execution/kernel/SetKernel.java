package dev.beamline.execution.kernel;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** INTERSECT and EXCEPT. Of equal rows, ALL counts how often each side has them. */
public final class SetKernel {

  private final Plan.SetOperation plan;
  private final KeyExtractor leftKeys;
  private final KeyExtractor rightKeys;

  public SetKernel(Plan.SetOperation plan) {
    this.plan = plan;
    this.leftKeys = allColumns(plan.left().schema());
    this.rightKeys = allColumns(plan.right().schema());
  }

  private static KeyExtractor allColumns(Schema schema) {
    List<Integer> columns = IntStream.range(0, schema.size()).boxed().toList();
    return KeyExtractor.of(columns, schema);
  }

  /** How often the result has a row that the sides have so often. */
  public long times(long left, long right) {
    if (plan.all()) {
      return plan.except() ? Math.max(0, left - right) : Math.min(left, right);
    }
    boolean stays = left > 0 && (right > 0) != plan.except();
    return stays ? 1 : 0;
  }

  /** Applies the operation to all rows of both sides. */
  public void apply(Iterable<Tuple> left, Iterable<Tuple> right, Consumer<Tuple> out) {
    Map<Tuple, Long> inRight = new HashMap<>();
    for (Tuple row : right) {
      inRight.merge(rightKeys.group(row), 1L, Long::sum);
    }
    Map<Tuple, Long> inLeft = new HashMap<>();
    for (Tuple row : left) {
      inLeft.merge(leftKeys.group(row), 1L, Long::sum);
    }
    inLeft.forEach(
        (row, count) -> {
          long times = times(count, inRight.getOrDefault(row, 0L));
          for (long i = 0; i < times; i++) {
            out.accept(row);
          }
        });
  }
}
