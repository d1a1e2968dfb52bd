package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Builds a TestStream; times are minutes of event time. */
final class Script {
  private final int timeColumn;
  private TestStream.Builder<Tuple> stream;

  Script() {
    this(TestPlans.EVENTS, 3);
  }

  Script(Schema schema, int timeColumn) {
    this.timeColumn = timeColumn;
    this.stream =
        TestStream.create(TupleCoder.of(schema)).advanceWatermarkTo(Instant.ofEpochMilli(0));
  }

  Script rows(Tuple... rows) {
    List<TimestampedValue<Tuple>> elements = new ArrayList<>();
    for (Tuple row : rows) {
      elements.add(
          TimestampedValue.of(row, Instant.ofEpochMilli(TestPlans.number(row, timeColumn) / 1000)));
    }
    stream = stream.addElements(elements.get(0), rest(elements));
    return settle();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // An array of one class's objects.
  private static TimestampedValue<Tuple>[] rest(List<TimestampedValue<Tuple>> elements) {
    return elements.subList(1, elements.size()).toArray(new TimestampedValue[0]);
  }

  Script watermark(long minutes) {
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(minutes * 60_000));
    return settle();
  }

  Script clock(Duration by) {
    stream = stream.advanceProcessingTime(org.joda.time.Duration.millis(by.toMillis()));
    return settle();
  }

  /** Lets what is due now happen: twice, for results of results. */
  private Script settle() {
    for (int i = 0; i < 3; i++) {
      stream = stream.advanceProcessingTime(org.joda.time.Duration.millis(1));
    }
    return this;
  }

  TestStream<Tuple> end() {
    return stream.advanceWatermarkToInfinity();
  }
}
