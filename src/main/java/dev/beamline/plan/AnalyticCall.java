package dev.beamline.plan;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function OVER the rows of a partition.
 *
 * @param function canonical name: ROW_NUMBER, LAG, SUM ... (any aggregate, too)
 * @param frame null for functions that take none (ranking, LAG, LEAD)
 */
public record AnalyticCall(
    String function,
    List<Expression> arguments,
    boolean distinct,
    AggregateCall.Nulls nulls,
    @Nullable Frame frame,
    Type type,
    Place place)
    implements Serializable {

  public AnalyticCall {
    arguments = List.copyOf(arguments);
  }

  /** A frame; offsets are constants, not negative. */
  public record Frame(boolean rows, Bound start, Bound end) implements Serializable {}

  /**
   * One end of a frame.
   *
   * @param offset rows (Long), or a distance on the only sort key in RANGE (a value of the key's
   *     numeric type); null unless the kind is PRECEDING or FOLLOWING
   */
  public record Bound(Kind kind, @Nullable Object offset) implements Serializable {
    /** Where the end lies. */
    public enum Kind {
      UNBOUNDED_PRECEDING,
      PRECEDING,
      CURRENT_ROW,
      FOLLOWING,
      UNBOUNDED_FOLLOWING
    }
  }
}
