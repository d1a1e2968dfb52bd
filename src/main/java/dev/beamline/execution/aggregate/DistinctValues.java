package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.ValueCodec;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Different values of one type, as grouping tells them apart; and whether there was a NULL. */
final class DistinctValues {

  private final @Nullable LongSet longs;
  private final Set<Object> others;
  private boolean hasNull;

  private DistinctValues(boolean longs) {
    this.longs = longs ? new LongSet() : null;
    this.others = longs ? Set.of() : new HashSet<>();
  }

  static DistinctValues of(Type type) {
    return new DistinctValues(isLong(type));
  }

  private static boolean isLong(Type type) {
    return type == ScalarType.INT64
        || type == ScalarType.TIMESTAMP
        || type == ScalarType.DATETIME
        || type == ScalarType.DATE
        || type == ScalarType.TIME;
  }

  /** Adds a value that is not NULL; whether it is new. */
  boolean add(Object value) {
    if (longs != null) {
      return longs.add((Long) value);
    }
    Object key = Keys.normalize(value);
    return key != null && others.add(key);
  }

  void addNull() {
    hasNull = true;
  }

  boolean hasNull() {
    return hasNull;
  }

  void addAll(DistinctValues other) {
    hasNull |= other.hasNull;
    if (longs != null && other.longs != null) {
      other.longs.forEach(longs::add);
    } else {
      others.addAll(other.others);
    }
  }

  /** The number of values, NULL not counted. */
  int size() {
    return longs != null ? longs.size() : others.size();
  }

  /** All but NULL, in no order. */
  void forEach(Consumer<Object> consumer) {
    if (longs != null) {
      longs.forEach(consumer::accept);
    } else {
      others.forEach(consumer);
    }
  }

  record Format(ValueCodec codec) implements AccumulatorFormat<DistinctValues> {
    @Override
    public void write(DistinctValues values, ByteWriter out) {
      out.writeByte(values.hasNull ? 1 : 0);
      out.writeVarLong(values.size());
      if (values.longs != null) {
        long last = 0;
        for (long value : values.longs.sorted()) {
          // The difference of neighbours is small, and wraps rightly where it does not fit.
          out.writeZigZag(value - last);
          last = value;
        }
      } else {
        values.others.forEach(v -> codec.write(v, out));
      }
    }

    @Override
    public DistinctValues read(ByteReader in) {
      DistinctValues values = of(codec.type());
      values.hasNull = in.readByte() != 0;
      int size = in.readLength();
      long last = 0;
      for (int i = 0; i < size; i++) {
        if (values.longs != null) {
          last += in.readZigZag();
          values.longs.add(last);
        } else {
          values.others.add(codec.read(in));
        }
      }
      return values;
    }
  }
}
