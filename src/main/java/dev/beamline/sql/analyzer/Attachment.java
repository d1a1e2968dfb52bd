package dev.beamline.sql.analyzer;

import dev.beamline.plan.Expression;
import java.util.List;
import java.util.function.Consumer;

/**
 * A subquery over tables that becomes columns of the row.
 *
 * @param reads what of the row it needs, over the FROM clause's row
 * @param attach puts the operator on top of the stage and makes the subquery's virtual column known
 */
record Attachment(List<Expression> reads, Consumer<Stage> attach) {
  Attachment {
    reads = List.copyOf(reads);
  }

  boolean ready(Stage stage) {
    return reads.stream().allMatch(stage::ready);
  }
}
