package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import org.junit.jupiter.api.Test;

/** Exact distinct values are bounded: there is an error then, never a smaller number. */
class DistinctValuesTest {

  @Test
  void asManyAsAllowedAreCounted() {
    DistinctValues values = DistinctValues.of(ScalarType.INT64, 3);
    for (long i = 0; i < 10; i++) {
      values.add(i % 3);
    }
    assertDoesNotThrow(values::requireAll);
    assertEquals(3, values.size());
  }

  @Test
  void moreFailAlsoWhenMergedAndSent() {
    DistinctValues numbers = DistinctValues.of(ScalarType.INT64, 3);
    for (long i = 0; i < 4; i++) {
      numbers.add(i);
    }
    assertThrows(EvaluationException.class, numbers::requireAll);

    DistinctValues words = DistinctValues.of(ScalarType.STRING, 2);
    DistinctValues others = DistinctValues.of(ScalarType.STRING, 2);
    words.add("a");
    words.add("b");
    others.add("c");
    words.addAll(others);
    assertEquals(0, words.size(), "its memory is given back");
    DistinctValues.Format format = new DistinctValues.Format(ValueCodec.of(ScalarType.STRING));
    ByteWriter out = new ByteWriter();
    format.write(words, out);
    DistinctValues received = format.read(new ByteReader(out.toByteArray()));
    received.add("d");
    EvaluationException error = assertThrows(EvaluationException.class, received::requireAll);
    assertEquals(
        "more than 4000000 different values in one group do not fit into memory: use"
            + " APPROX_COUNT_DISTINCT, or aggregate over a subquery with SELECT DISTINCT",
        error.getMessage());
  }
}
