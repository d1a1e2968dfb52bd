package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An accumulator that keeps values, NULLs among them, in the order in which they came. More than
 * fit into memory it lets go of, and says so: there is an error then, never a part of them.
 */
final class Collected {

  /** Some 100 MB of numbers, 500 MB of short texts. */
  static final int MOST = 4_000_000;

  /** Stands for the number of values where there were too many. */
  private static final int TOO_MANY = Integer.MAX_VALUE;

  final List<@Nullable Object> entries;

  private boolean tooMany;

  /** The size at which it is time to drop what cannot show in the result. */
  int compactAt;

  Collected(int capacity) {
    this.entries = new ArrayList<>(capacity);
  }

  /** Adds a value, unless there were too many before. */
  void add(@Nullable Object entry) {
    if (!tooMany) {
      entries.add(entry);
    }
  }

  /** Adds another one's values. */
  void addAll(Collected other) {
    if (tooMany || other.tooMany) {
      giveUp();
    } else {
      entries.addAll(other.entries);
    }
  }

  /** Lets the values go where there are more than these. */
  void bound(int most) {
    if (entries.size() > most) {
      giveUp();
    }
  }

  private void giveUp() {
    tooMany = true;
    entries.clear();
    if (entries instanceof ArrayList<?> list) {
      list.trimToSize();
    }
  }

  /**
   * Fails where there were more values than are kept.
   *
   * @param instead what to write instead
   * @throws EvaluationException where there were
   */
  void requireAll(int most, String instead) {
    if (tooMany) {
      throw new EvaluationException(
          "more than " + most + " values in one group do not fit into memory: " + instead);
    }
  }

  record Format(ValueCodec codec) implements AccumulatorFormat<Collected> {
    @Override
    public void write(Collected collected, ByteWriter out) {
      out.writeVarLong(collected.tooMany ? TOO_MANY : collected.entries.size());
      for (Object entry : collected.entries) {
        codec.writeNullable(entry, out);
      }
    }

    @Override
    public Collected read(ByteReader in) {
      long size = in.readVarLong();
      if (size == TOO_MANY) {
        Collected gone = new Collected(0);
        gone.tooMany = true;
        return gone;
      }
      if (size < 0 || size > in.remaining()) {
        throw new IllegalArgumentException(size + " values in " + in.remaining() + " bytes");
      }
      Collected collected = new Collected((int) size);
      for (int i = 0; i < size; i++) {
        collected.entries.add(codec.readNullable(in));
      }
      return collected;
    }
  }
}
