package dev.beamline.execution.kernel;

import dev.beamline.execution.expression.EvaluationException;
import org.jspecify.annotations.Nullable;

/** ROW_NUMBER, RANK and the like over a sorted partition. */
final class RankingFunctions {

  private RankingFunctions() {}

  static @Nullable Object[] rowNumber(int n) {
    @Nullable Object[] result = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      result[i] = i + 1L;
    }
    return result;
  }

  static @Nullable Object[] rank(int n, Peers peers) {
    @Nullable Object[] result = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      result[i] = peers.first(i) + 1L;
    }
    return result;
  }

  static @Nullable Object[] denseRank(int n, Peers peers) {
    @Nullable Object[] result = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      result[i] = peers.group(i) + 1L;
    }
    return result;
  }

  /** (rank - 1) / (rows - 1); 0 of a single row. */
  static @Nullable Object[] percentRank(int n, Peers peers) {
    @Nullable Object[] result = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      result[i] = n == 1 ? 0.0 : (double) peers.first(i) / (n - 1);
    }
    return result;
  }

  /** The part of the rows that are not after this one. */
  static @Nullable Object[] cumeDist(int n, Peers peers) {
    @Nullable Object[] result = new @Nullable Object[n];
    for (int i = 0; i < n; i++) {
      result[i] = (double) peers.end(i) / n;
    }
    return result;
  }

  /** The number of each row's bucket; the first buckets take what does not divide evenly. */
  static @Nullable Object[] ntile(int n, @Nullable Object count) {
    if (!(count instanceof Long buckets) || buckets <= 0) {
      throw new EvaluationException("The N value (number of buckets) of NTILE must be positive");
    }
    @Nullable Object[] result = new @Nullable Object[n];
    long size = n / buckets;
    long larger = n % buckets;
    long inLarger = larger * (size + 1);
    for (int i = 0; i < n; i++) {
      result[i] = i < inLarger ? i / (size + 1) + 1 : larger + (i - inLarger) / size + 1;
    }
    return result;
  }
}
