package dev.beamline.execution.window;

import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.CivilTime;
import dev.beamline.plan.WindowSpec;

/**
 * Refuses times whose windows would start before the year 1 or end after the year 9999: their
 * window_start or window_end is no TIMESTAMP.
 */
public final class WindowRange {

  private final WindowSpec window;
  private final long reach;

  private WindowRange(WindowSpec window, long reach) {
    this.window = window;
    this.reach = reach;
  }

  /** The range of a window's times. */
  public static WindowRange of(WindowSpec window) {
    long period = window instanceof WindowSpec.Hop hop ? hop.period() : 0;
    return new WindowRange(window, Math.addExact(window.length(), period));
  }

  /**
   * Checks a row's time.
   *
   * @param micros since the epoch
   * @throws EvaluationException where a window of it is out of the range of TIMESTAMP
   */
  public void check(long micros) {
    // All but the very first and last times are told by two comparisons.
    if (micros - reach >= CivilTime.MIN_MICROS && micros + reach <= CivilTime.MAX_MICROS) {
      return;
    }
    long start = micros;
    long end = micros;
    if (window instanceof WindowSpec.Tumble tumble) {
      start = WindowAssigner.floor(micros, tumble.size(), tumble.offset());
      end = start + tumble.size();
    } else if (window instanceof WindowSpec.Hop hop) {
      start = WindowAssigner.floor(micros - hop.size(), hop.period(), hop.offset()) + hop.period();
      end = WindowAssigner.floor(micros, hop.period(), hop.offset()) + hop.size();
      if (end <= micros) {
        return;
      }
    } else if (window instanceof WindowSpec.Cumulate cumulate) {
      start = WindowAssigner.floor(micros, cumulate.size(), cumulate.offset());
      end = start + cumulate.size();
    } else if (window instanceof WindowSpec.Session session) {
      end = micros + session.gap();
    }
    if (start < CivilTime.MIN_MICROS || end > CivilTime.MAX_MICROS) {
      throw new EvaluationException(
          "A window of the row's event time "
              + (start < CivilTime.MIN_MICROS
                  ? "starts before the year 1"
                  : "ends after the year 9999")
              + ", which no TIMESTAMP can hold");
    }
  }
}
