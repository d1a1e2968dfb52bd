package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a query's event time is divided and when its results are sent: the query's own settings over
 * the project's defaults.
 *
 * @param window from YAML; null: the SQL names it, or there is none
 * @param inherited whether the window comes from {@code defaults}: then the SQL may name another
 */
public record Windowing(
    @Nullable WindowChoice window,
    boolean inherited,
    Duration allowedLateness,
    Trigger trigger,
    AccumulationMode accumulationMode)
    implements Serializable {

  public static final Windowing DEFAULT =
      new Windowing(
          null, true, Duration.ZERO, new Trigger(null, null), AccumulationMode.ACCUMULATING);

  /** A window named in YAML. Durations are positive; an offset is less than the size or period. */
  public sealed interface WindowChoice extends Serializable {
    Place place();
  }

  /** Side by side. */
  public record Fixed(Duration size, Duration offset, Place place) implements WindowChoice {}

  /** One of the size starting each period. */
  public record Sliding(Duration size, Duration period, Duration offset, Place place)
      implements WindowChoice {}

  /** Activity without a gap as long as this. */
  public record Sessions(Duration gap, Place place) implements WindowChoice {}

  /** One for all time. */
  public record Global(Place place) implements WindowChoice {}

  /**
   * When panes fire besides the one at the end of the window.
   *
   * @param early before it; null: never
   * @param late after it; null: for each late bundle, as Beam does
   */
  public record Trigger(@Nullable Firing early, @Nullable Firing late) implements Serializable {}

  /** What makes a pane fire. */
  public sealed interface Firing extends Serializable {}

  /** This long after the first row of the pane, in processing time. */
  public record Every(Duration period) implements Firing {}

  /** After that many rows; 1 or more. */
  public record AfterCount(int count) implements Firing {}

  /** What a later pane holds. */
  public enum AccumulationMode {
    /** All rows of the window so far. */
    ACCUMULATING,
    /** The rows since the last pane. */
    DISCARDING
  }
}
