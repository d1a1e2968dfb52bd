package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * COSINE_DISTANCE and EUCLIDEAN_DISTANCE of two vectors: dense ones, ARRAY&lt;FLOAT64&gt;, or
 * sparse ones, arrays of structs of a dimension (INT64 or STRING) and its value.
 */
final class Distances {

  private Distances() {}

  /** A distance of vectors of the same length. */
  private interface Distance {
    double of(double[] a, double[] b);
  }

  static void register(Registry registry) {
    register(registry, "COSINE_DISTANCE", Distances::cosine);
    register(registry, "EUCLIDEAN_DISTANCE", Distances::euclidean);
  }

  private static void register(Registry registry, String name, Distance distance) {
    registry
        .add(name)
        .takes(Type.array(FLOAT64), Type.array(FLOAT64))
        .returns(FLOAT64)
        .strict(
            (List<@Nullable Double> a, List<@Nullable Double> b) -> {
              if (a.size() != b.size()) {
                throw new EvaluationException(
                    "Array length mismatch: " + a.size() + " and " + b.size());
              }
              return distance.of(dense(a), dense(b));
            });
    for (ScalarType index : List.of(INT64, STRING)) {
      Type sparse =
          Type.array(new StructType(List.of(Column.of("", index), Column.of("", FLOAT64))));
      registry
          .add(name)
          .takes(sparse, sparse)
          .returns(FLOAT64)
          .strict(
              (List<@Nullable Tuple> a, List<@Nullable Tuple> b) -> {
                Map<Object, Double> left = sparse(a);
                Map<Object, Double> right = sparse(b);
                // One order for both, and for every order of the elements.
                Set<Object> indexes = new TreeSet<>(Ordering.of(index));
                indexes.addAll(left.keySet());
                indexes.addAll(right.keySet());
                Set<Object> ordered = new LinkedHashSet<>(indexes);
                return distance.of(spread(left, ordered), spread(right, ordered));
              });
    }
  }

  private static double[] dense(List<@Nullable Double> vector) {
    double[] values = new double[vector.size()];
    for (int i = 0; i < values.length; i++) {
      Double value = vector.get(i);
      if (value == null) {
        throw new EvaluationException("NULL array element");
      }
      values[i] = value;
    }
    return values;
  }

  private static Map<Object, Double> sparse(List<@Nullable Tuple> vector) {
    Map<Object, Double> values = new LinkedHashMap<>();
    for (Tuple element : vector) {
      if (element == null) {
        throw new EvaluationException("NULL array element");
      }
      Object index = element.get(0);
      Object value = element.get(1);
      if (index == null || value == null) {
        throw new EvaluationException("NULL struct field");
      } else if (values.put(index, (Double) value) != null) {
        throw new EvaluationException("Duplicate index " + index + " found in the input array");
      }
    }
    return values;
  }

  private static double[] spread(Map<Object, Double> vector, Set<Object> indexes) {
    double[] values = new double[indexes.size()];
    int i = 0;
    for (Object index : indexes) {
      values[i++] = vector.getOrDefault(index, 0.0);
    }
    return values;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product = Checked.add(product, Checked.multiply(a[i], b[i]));
      left = Checked.add(left, Checked.multiply(a[i], a[i]));
      right = Checked.add(right, Checked.multiply(b[i], b[i]));
    }
    if (left == 0 || right == 0) {
      throw new EvaluationException("Cannot compute cosine distance against zero vector");
    }
    return 1 - product / Checked.multiply(Math.sqrt(left), Math.sqrt(right));
  }

  private static double euclidean(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Checked.subtract(a[i], b[i]);
      sum = Checked.add(sum, Checked.multiply(difference, difference));
    }
    return Math.sqrt(sum);
  }
}
