package dev.beamline.catalog;

import java.math.BigDecimal;

/** Forms in which values are kept. */
public final class Values {

  private Values() {}

  /**
   * The one form of each NUMERIC and BIGNUMERIC: no trailing zeros after the point, scale not
   * negative, so that 1, 1.0 and 1e0 are equal as Java objects.
   */
  public static BigDecimal canonical(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
