package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.nio.charset.StandardCharsets;

/** HLL++ sketches in BigQuery's own format. */
public final class HllSketches {

  /** Of HLL_COUNT.INIT where no precision is given. */
  public static final int DEFAULT_PRECISION = 15;

  public static final int MIN_PRECISION = 10;
  public static final int MAX_PRECISION = 24;

  private HllSketches() {}

  /** An empty sketch: of numbers for INT64, else of bytes, as which STRING counts, too. */
  static HyperLogLogPlusPlus<?> create(Type type, int precision) {
    HyperLogLogPlusPlus.Builder builder =
        new HyperLogLogPlusPlus.Builder()
            .normalPrecision(precision)
            .sparsePrecision(precision + HyperLogLogPlusPlus.DEFAULT_SPARSE_PRECISION_DELTA);
    return type == ScalarType.INT64 ? builder.buildForLongs() : builder.buildForBytes();
  }

  /** Adds a value of INT64, STRING or BYTES. */
  static void add(HyperLogLogPlusPlus<?> sketch, Object value) {
    if (value instanceof Long number) {
      sketch.add(number.longValue());
    } else if (value instanceof String text) {
      sketch.add(text.getBytes(StandardCharsets.UTF_8));
    } else {
      sketch.add(((ByteString) value).toByteArray());
    }
  }

  /**
   * Reads a sketch.
   *
   * @param function for the error
   */
  static HyperLogLogPlusPlus<?> parse(ByteString bytes, String function) {
    try {
      return HyperLogLogPlusPlus.forProto(bytes.toByteArray());
    } catch (RuntimeException e) {
      // The library throws several kinds of exceptions on bytes that are no sketch.
      throw new EvaluationException("Invalid sketch in " + function);
    }
  }

  /** Merges the other into the sketch; the lower precision of the two remains. */
  static void merge(HyperLogLogPlusPlus<?> sketch, HyperLogLogPlusPlus<?> other, String function) {
    try {
      sketch.merge(other.serializeToByteArray());
    } catch (RuntimeException e) {
      throw incompatible(function);
    }
  }

  static EvaluationException incompatible(String function) {
    return new EvaluationException("Invalid or incompatible sketch in " + function);
  }

  static ByteString bytes(HyperLogLogPlusPlus<?> sketch) {
    return ByteString.copyFrom(sketch.serializeToByteArray());
  }

  /**
   * HLL_COUNT.EXTRACT: the estimate of a sketch.
   *
   * @throws EvaluationException where the bytes are no sketch
   */
  public static long extract(ByteString sketch) {
    return parse(sketch, "HLL_COUNT.EXTRACT").longResult();
  }
}
