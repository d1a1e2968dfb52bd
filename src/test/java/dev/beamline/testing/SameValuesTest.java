package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What passes for the same number in a test and in a comparison of batch and stream. */
final class SameValuesTest {

  @ParameterizedTest
  @CsvSource({
    "0.30000000000000004, 0.3, true",
    "0.3001, 0.3, false",
    "0, -0.0, true",
    "NaN, NaN, true",
    "NaN, 1, false",
    "Infinity, Infinity, true",
    "Infinity, -Infinity, false",
    "Infinity, 5, false",
    "5, -Infinity, false",
    "1e308, -1e308, false",
  })
  void floats(double a, double b, boolean same) {
    assertEquals(same, SameValues.same(ScalarType.FLOAT64, a, b));
    assertEquals(same, SameValues.same(ScalarType.FLOAT64, b, a));
  }
}
