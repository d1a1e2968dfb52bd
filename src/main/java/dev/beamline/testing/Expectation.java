package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.project.TestStep;
import java.util.List;

/**
 * An expectation and what came.
 *
 * @param number of the step in its test, from 0
 * @param schema of the rows
 * @param actual the rows that came
 */
public record Expectation(
    TestStep.Expect step,
    int number,
    Schema schema,
    List<ExpectedRow> expected,
    List<Tuple> actual,
    RowMatching matching) {

  public Expectation {
    expected = List.copyOf(expected);
    actual = List.copyOf(actual);
  }

  static Expectation of(
      TestStep.Expect step,
      int number,
      Schema schema,
      List<ExpectedRow> expected,
      List<Tuple> actual) {
    return new Expectation(
        step, number, schema, expected, actual, RowMatching.of(schema, expected, actual));
  }

  public boolean met() {
    return matching.missing().isEmpty()
        && (matching.unexpected().isEmpty() || step.kind() == TestStep.Expect.Kind.EXPECT_INCLUDES);
  }
}
