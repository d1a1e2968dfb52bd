package dev.beamline.transform.interval;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.JoinTimeBounds;
import dev.beamline.plan.Plan;
import dev.beamline.transform.window.EventTimes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A join of two streams with bounds on how far apart the times of two rows may be, and how long
 * each row has to be kept for it. All but the bounds is in milliseconds.
 *
 * @param lateness how long after the watermark has passed a row's time the row is still taken
 * @param leftSlack how long after the watermark has passed their time rows of the left may come
 *     even if none is late, since they are results of another such join
 * @param rightSlack likewise of the right
 */
public record IntervalJoin(
    String query,
    Plan.Join plan,
    JoinTimeBounds bounds,
    long lateness,
    long leftSlack,
    long rightSlack)
    implements Serializable {

  /** Whether left rows without a partner are part of the result. */
  boolean keepsLeft() {
    return switch (plan.kind()) {
      case LEFT, FULL, ANTI, NULL_AWARE_ANTI -> true;
      case INNER, RIGHT, SEMI -> false;
    };
  }

  /** Whether right rows without a partner are part of the result. */
  boolean keepsRight() {
    return plan.kind() == Plan.Join.Kind.RIGHT || plan.kind() == Plan.Join.Kind.FULL;
  }

  /** Whether the result has the left's columns alone. */
  boolean leftOnly() {
    return plan.kind() == Plan.Join.Kind.SEMI || plan.kind() == Plan.Join.Kind.ANTI;
  }

  /** How long after the watermark has passed a row's time it may come without being late. */
  long slack(boolean right) {
    return right ? rightSlack : leftSlack;
  }

  /** How long after a row's time the watermark may be for a partner that is not late to come. */
  private long reach(boolean right) {
    long micros = right ? bounds.most() : bounds.least() == Long.MIN_VALUE ? 0 : -bounds.least();
    return Math.max(0, Math.floorDiv(micros + 999, 1000L)) + slack(!right);
  }

  /** The watermark after which a row finds no more partners, and is forgotten. */
  long expiry(SidedRow row) {
    long time = EventTimes.toMillis(row.time());
    return Math.min(EventTimes.LAST_MILLIS - 2, time + reach(row.right()) + lateness);
  }

  /** Milliseconds after a result's event time until the watermark says that it is there. */
  public long resultSlack() {
    long unmatched = keepsLeft() || keepsRight() ? lateness : 0;
    return Math.max(
        Math.max(reach(false), leftSlack) + unmatched,
        keepsRight() ? Math.max(reach(true), rightSlack) + unmatched : 0);
  }

  /** The columns of a pair of rows, to show one that fails. */
  Schema pair() {
    List<dev.beamline.catalog.Column> columns = new ArrayList<>(plan.left().schema().columns());
    columns.addAll(plan.right().schema().columns());
    return new Schema(columns);
  }
}
