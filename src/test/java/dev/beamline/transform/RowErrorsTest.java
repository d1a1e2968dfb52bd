package dev.beamline.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.window.EventTimes;
import org.junit.jupiter.api.Test;

final class RowErrorsTest {

  private static final Schema PAIR =
      Schema.of(
          Column.of("user", ScalarType.STRING),
          Column.of("score", ScalarType.INT64),
          Column.of("user", ScalarType.STRING));

  @Test
  void keepsBothSidesOfPairs() {
    ErrorRecord record =
        new RowErrors("q", PAIR)
            .of(Tuple.of("sky", 3L, "navy"), 1_000_000, new EvaluationException("bad"));
    assertEquals("{\"user\":\"sky\",\"score\":3,\"user_1\":\"navy\"}", record.input());
    assertEquals(1_000_000, record.eventTimeMicros());
  }

  @Test
  void hasNoTimeWhereThereIsNone() {
    ErrorRecord record =
        new RowErrors("q", PAIR)
            .of(
                Tuple.of("sky", 3L, null),
                EventTimes.FIRST_MILLIS * 1000,
                new EvaluationException("bad"));
    assertNull(record.eventTimeMicros());
  }
}
