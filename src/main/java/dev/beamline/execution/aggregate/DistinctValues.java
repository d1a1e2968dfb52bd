package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
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

  /** 256 MB as a table of numbers. */
  private static final int MOST_LONGS = 16_000_000;

  /** Some 500 MB as short strings. */
  private static final int MOST_OTHERS = 4_000_000;

  private @Nullable LongSet longs;
  private Set<Object> others;
  private final int most;
  private boolean hasNull;
  private boolean tooMany;

  private DistinctValues(boolean longs, int most) {
    this.longs = longs ? new LongSet() : null;
    this.others = longs ? Set.of() : new HashSet<>();
    this.most = most;
  }

  static DistinctValues of(Type type) {
    return new DistinctValues(isLong(type), isLong(type) ? MOST_LONGS : MOST_OTHERS);
  }

  /** For tests: with another bound. */
  static DistinctValues of(Type type, int most) {
    return new DistinctValues(isLong(type), most);
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
    if (tooMany) {
      return false;
    }
    boolean added;
    if (longs != null) {
      added = longs.add((Long) value);
    } else {
      Object key = Keys.normalize(value);
      added = key != null && others.add(key);
    }
    if (added && size() > most) {
      giveUp();
    }
    return added;
  }

  /** Lets the values go: from here on there is no result. */
  private void giveUp() {
    tooMany = true;
    longs = longs == null ? null : new LongSet();
    others = longs == null ? new HashSet<>() : Set.of();
  }

  /**
   * Fails where there were more values than are kept.
   *
   * @throws EvaluationException says what to write instead
   */
  void requireAll() {
    if (tooMany) {
      throw new EvaluationException(
          "more than "
              + most
              + " different values in one group do not fit into memory: use APPROX_COUNT_DISTINCT, or"
              + " aggregate over a subquery with SELECT DISTINCT");
    }
  }

  void addNull() {
    hasNull = true;
  }

  boolean hasNull() {
    return hasNull;
  }

  void addAll(DistinctValues other) {
    hasNull |= other.hasNull;
    if (tooMany || other.tooMany) {
      giveUp();
      return;
    }
    LongSet mine = longs;
    if (mine != null && other.longs != null) {
      other.longs.forEach(mine::add);
    } else {
      others.addAll(other.others);
    }
    if (size() > most) {
      giveUp();
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
    private static final int HAS_NULL = 1;
    private static final int TOO_MANY = 2;

    @Override
    public void write(DistinctValues values, ByteWriter out) {
      out.writeByte((values.hasNull ? HAS_NULL : 0) | (values.tooMany ? TOO_MANY : 0));
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
      int flags = in.readByte();
      values.hasNull = (flags & HAS_NULL) != 0;
      values.tooMany = (flags & TOO_MANY) != 0;
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
