package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** The statistics over moments. */
enum Statistic {
  STDDEV_POP(1),
  STDDEV_SAMP(2),
  VAR_POP(1),
  VAR_SAMP(2),
  COVAR_POP(1),
  COVAR_SAMP(2),
  CORR(2);

  /** Enough that the only rounding that shows is the last, to FLOAT64. */
  private static final MathContext PRECISE = new MathContext(40);

  private final int least;

  Statistic(int least) {
    this.least = least;
  }

  boolean pairs() {
    return this == COVAR_POP || this == COVAR_SAMP || this == CORR;
  }

  /** NULL of too few values; NaN where a value is NaN or infinite. */
  @Nullable Double of(Moments moments) {
    if (moments.count < least) {
      return null;
    }
    if (moments.special > 0) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(moments.count);
    BigDecimal less = n.subtract(BigDecimal.ONE);
    return switch (this) {
      case VAR_POP -> quotient(varianceX(moments, n), n.multiply(n));
      case VAR_SAMP -> quotient(varianceX(moments, n), n.multiply(less));
      case STDDEV_POP -> Math.sqrt(quotient(varianceX(moments, n), n.multiply(n)));
      case STDDEV_SAMP -> Math.sqrt(quotient(varianceX(moments, n), n.multiply(less)));
      case COVAR_POP -> quotient(covariance(moments, n), n.multiply(n));
      case COVAR_SAMP -> quotient(covariance(moments, n), n.multiply(less));
      case CORR -> correlation(moments, n);
    };
  }

  /** n * n times the population's variance. */
  private static BigDecimal varianceX(Moments moments, BigDecimal n) {
    return n.multiply(moments.sumXX()).subtract(moments.sumX().pow(2));
  }

  private static BigDecimal covariance(Moments moments, BigDecimal n) {
    return n.multiply(moments.sumXY()).subtract(moments.sumX().multiply(moments.sumY()));
  }

  private static double correlation(Moments moments, BigDecimal n) {
    BigDecimal y = n.multiply(moments.sumYY()).subtract(moments.sumY().pow(2));
    BigDecimal variances = varianceX(moments, n).multiply(y);
    if (variances.signum() == 0) {
      return Double.NaN;
    }
    BigDecimal covariance = covariance(moments, n);
    double square = covariance.pow(2).divide(variances, PRECISE).doubleValue();
    return covariance.signum() * Math.sqrt(square);
  }

  private static double quotient(BigDecimal value, BigDecimal divisor) {
    double result = value.divide(divisor, PRECISE).doubleValue();
    if (Double.isInfinite(result)) {
      throw new EvaluationException("double overflow in a variance or covariance");
    }
    return result;
  }
}
