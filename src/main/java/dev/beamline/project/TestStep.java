package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A step of a test. */
public sealed interface TestStep {

  /** Of the step's own key. */
  Place place();

  /** Rows that arrive at a source. */
  record Input(Located<String> source, TestRows rows, Place place) implements TestStep {}

  /** The watermark of all sources moves. {@link Instant#MAX}: to the end of time. */
  record Watermark(Located<Instant> to, Place place) implements TestStep {}

  /** The watermarks of some sources move. */
  record WatermarkOf(Map<String, Located<Instant>> to, Place place) implements TestStep {
    public WatermarkOf {
      to = Collections.unmodifiableMap(new LinkedHashMap<>(to));
    }
  }

  /** Processing time goes on; positive. */
  record ProcessingTime(Duration by, Place place) implements TestStep {}

  /** What must have come out. */
  record Expect(Kind kind, TestRows rows, Place place) implements TestStep {
    /** How the rows are compared. */
    public enum Kind {
      /** Exactly the rows since the last expectation. */
      EXPECT,
      /** At least these since the last expectation. */
      EXPECT_INCLUDES,
      /** The table as its readers see it now. */
      EXPECT_TABLE;

      /** As in YAML. */
      public String yaml() {
        return name().toLowerCase(java.util.Locale.ROOT);
      }
    }
  }
}
