package dev.beamline.testing;

import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.util.List;

/**
 * What became of a test.
 *
 * @param expectations in order, met or not
 * @param lateDropped rows that were dropped as late by the end
 * @param errors records that were refused, and rows that an expression failed on
 */
public record CaseResult(
    TestFile file,
    TestCase test,
    List<Expectation> expectations,
    long lateDropped,
    List<ErrorRecord> errors,
    Duration elapsed) {

  public CaseResult {
    expectations = List.copyOf(expectations);
    errors = List.copyOf(errors);
  }

  public boolean passed() {
    return expectations.stream().allMatch(Expectation::met) && lateDroppedAsExpected();
  }

  public boolean lateDroppedAsExpected() {
    return test.lateDropped() == null || test.lateDropped().value() == lateDropped;
  }
}
