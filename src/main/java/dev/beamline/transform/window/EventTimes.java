package dev.beamline.transform.window;

import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/** Beam counts event time in milliseconds, SQL in microseconds. */
public final class EventTimes {

  /** The last millisecond that an element in the global window can have. */
  public static final long LAST_MILLIS = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

  /** The first millisecond that an element can have. */
  public static final long FIRST_MILLIS = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  private EventTimes() {}

  /** The millisecond that a microsecond lies in, within what Beam can express. */
  public static long toMillis(long micros) {
    return clamp(Math.floorDiv(micros, 1000L));
  }

  /** The same, as an element's timestamp. */
  public static Instant toInstant(long micros) {
    return Instant.ofEpochMilli(toMillis(micros));
  }

  /** The nearest millisecond that an element can have. */
  public static long clamp(long millis) {
    return Math.max(FIRST_MILLIS, Math.min(LAST_MILLIS, millis));
  }
}
