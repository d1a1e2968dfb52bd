package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * APPROX_COUNT_DISTINCT: exact for up to {@value #EXACT} values, beyond that an HLL++ sketch (whose
 * standard error is 0.6 %). Which of the two, and what the sketch holds, depends on the set of
 * values alone, so the result does not depend on the order of the rows.
 */
final class ApproxCountDistinctAggregator
    extends UnaryAggregator<ApproxCountDistinctAggregator.Seen> {

  private static final int EXACT = 1024;

  private final Type type;
  private final ValueCodec codec;

  ApproxCountDistinctAggregator(Evaluator argument, Type type) {
    super(argument);
    this.type = type;
    this.codec = ValueCodec.of(type);
  }

  @Override
  public Seen create() {
    return new Seen(DistinctValues.of(type));
  }

  @Override
  void accept(Seen accumulator, Object value) {
    if (accumulator.sketch != null) {
      add(accumulator.sketch, value);
    } else if (accumulator.exact.add(value)) {
      sketchWhenLarge(accumulator);
    }
  }

  private void sketchWhenLarge(Seen accumulator) {
    if (accumulator.exact.size() > EXACT) {
      HyperLogLogPlusPlus<?> sketch = HllSketches.create(type, HllSketches.DEFAULT_PRECISION);
      accumulator.exact.forEach(v -> add(sketch, v));
      accumulator.sketch = sketch;
      accumulator.exact = DistinctValues.of(type);
    }
  }

  private void add(HyperLogLogPlusPlus<?> sketch, Object value) {
    if (type == ScalarType.INT64 || type == ScalarType.STRING || type == ScalarType.BYTES) {
      HllSketches.add(sketch, value);
      return;
    }
    Object key = Keys.normalize(value);
    ByteWriter bytes = new ByteWriter();
    codec.writeNullable(key, bytes);
    HllSketches.add(sketch, ByteString.copyFrom(bytes.toByteArray()));
  }

  @Override
  public Seen merge(Seen accumulator, Seen other) {
    if (other.sketch != null) {
      HyperLogLogPlusPlus<?> sketch =
          HllSketches.parse(HllSketches.bytes(other.sketch), "APPROX_COUNT_DISTINCT");
      if (accumulator.sketch != null) {
        HllSketches.merge(sketch, accumulator.sketch, "APPROX_COUNT_DISTINCT");
      } else {
        accumulator.exact.forEach(v -> add(sketch, v));
        accumulator.exact = DistinctValues.of(type);
      }
      accumulator.sketch = sketch;
    } else if (accumulator.sketch != null) {
      HyperLogLogPlusPlus<?> sketch = accumulator.sketch;
      other.exact.forEach(v -> add(sketch, v));
    } else {
      accumulator.exact.addAll(other.exact);
      sketchWhenLarge(accumulator);
    }
    return accumulator;
  }

  @Override
  public Object result(Seen accumulator) {
    return accumulator.sketch != null
        ? accumulator.sketch.longResult()
        : (long) accumulator.exact.size();
  }

  @Override
  AccumulatorFormat<Seen> format() {
    return new Format(new DistinctValues.Format(codec));
  }

  /** Either all values or a sketch of them. */
  static final class Seen {
    private DistinctValues exact;
    private @Nullable HyperLogLogPlusPlus<?> sketch;

    private Seen(DistinctValues exact) {
      this.exact = exact;
    }
  }

  private record Format(DistinctValues.Format exact) implements AccumulatorFormat<Seen> {
    @Override
    public void write(Seen seen, ByteWriter out) {
      if (seen.sketch == null) {
        out.writeByte(0);
        exact.write(seen.exact, out);
      } else {
        out.writeByte(1);
        out.writeBytes(seen.sketch.serializeToByteArray());
      }
    }

    @Override
    public Seen read(ByteReader in) {
      if (in.readByte() == 0) {
        return new Seen(exact.read(in));
      }
      Seen seen = new Seen(DistinctValues.of(exact.codec().type()));
      seen.sketch = HyperLogLogPlusPlus.forProto(in.readBytes());
      return seen;
    }
  }
}
