package dev.beamline.project;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test.
 *
 * @param windowing the query's, with what the test overrides
 * @param lateDropped rows that must have been dropped as late by the end; null: not checked
 * @param parameters the query's, with what the test overrides
 */
public record TestCase(
    Located<String> name,
    @Nullable String description,
    Windowing windowing,
    Map<String, ParameterValue> parameters,
    List<TestStep> steps,
    @Nullable Located<Long> lateDropped) {

  public TestCase {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    steps = List.copyOf(steps);
  }
}
