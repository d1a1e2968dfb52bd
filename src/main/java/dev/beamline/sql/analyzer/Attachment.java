package dev.beamline.sql.analyzer;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.ArrayList;
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

  /** Whether it needs something of a row that is further out. */
  boolean readsOuter() {
    return reads.stream().anyMatch(Expressions::readsOuter);
  }

  /** Attaches those that can be, as what they read becomes known, and takes them from the list. */
  static void all(List<Attachment> attachments, Stage stage) {
    boolean progress = true;
    List<Attachment> open = new ArrayList<>(attachments);
    while (progress && !open.isEmpty()) {
      progress = false;
      for (Attachment attachment : List.copyOf(open)) {
        if (attachment.ready(stage)) {
          attachment.attach().accept(stage);
          open.remove(attachment);
          attachments.remove(attachment);
          progress = true;
        }
      }
    }
  }
}
