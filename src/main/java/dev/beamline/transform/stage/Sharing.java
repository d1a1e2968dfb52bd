package dev.beamline.transform.stage;

import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.SharedSums;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the programs of a stage have in common. They are compiled twice, at first to be counted. */
final class Sharing {

  private final Map<Way, SharedSums> sums = new HashMap<>();
  private final SharedValues values;
  private final boolean counting;

  private Sharing(SharedValues values, boolean counting) {
    this.values = values;
    this.counting = counting;
  }

  /** One way to group the rows that enter. */
  private record Way(List<Integer> keys, GroupInput.Timing timing, int timeColumn) {}

  /** What is there at first: programs that are compiled with it are counted. */
  static Sharing counting() {
    return new Sharing(new SharedValues(), true);
  }

  /** What the programs that were counted have in common. */
  Sharing counted() {
    return new Sharing(values, false);
  }

  /** A compiler over the rows that enter. */
  ExpressionCompiler values(ExpressionCompiler compiler) {
    return counting ? values.counting(compiler) : values.sharing(compiler);
  }

  /**
   * The sums of all programs that group so.
   *
   * @param input over the rows that enter
   * @param timeColumn by whose time windows are found
   */
  @Nullable SharedSums sums(GroupInput input, int timeColumn) {
    SharedSums made = SharedSums.of(input);
    return made == null
        ? null
        : sums.computeIfAbsent(new Way(input.keys(), input.timing(), timeColumn), way -> made);
  }
}
