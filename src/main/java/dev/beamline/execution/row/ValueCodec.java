package dev.beamline.execution.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of one type that are not NULL. Equal values have equal bytes (JSON:
 * when the fields come in the same order).
 */
public abstract class ValueCodec implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Type type;

  private ValueCodec(Type type) {
    this.type = type;
  }

  /** The type whose values are coded. */
  public final Type type() {
    return type;
  }

  public abstract void write(Object value, ByteWriter out);

  public abstract Object read(ByteReader in);

  /** With one byte for NULL in front. */
  public final void writeNullable(@Nullable Object value, ByteWriter out) {
    if (value == null) {
      out.writeByte(0);
    } else {
      out.writeByte(1);
      write(value, out);
    }
  }

  public final @Nullable Object readNullable(ByteReader in) {
    return in.readByte() == 0 ? null : read(in);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof ValueCodec that && type.equals(that.type);
  }

  @Override
  public final int hashCode() {
    return type.hashCode();
  }

  @Override
  public final String toString() {
    return "ValueCodec(" + type + ")";
  }

  private Object writeReplace() {
    return new Form(type);
  }

  /** What is serialized; the codec is made again. */
  private record Form(Type type) implements Serializable {
    private Object readResolve() {
      return of(type);
    }
  }

  public static ValueCodec of(Type type) {
    if (type instanceof ArrayType array) {
      return new Lists(array);
    }
    if (type instanceof StructType struct) {
      return new Structs(struct);
    }
    return switch ((ScalarType) type) {
      case INT64, TIMESTAMP, DATETIME, DATE, TIME -> new Longs(type);
      case FLOAT64 -> new Doubles(type);
      case BOOL -> new Booleans(type);
      case STRING -> new Strings(type);
      case BYTES -> new ByteStrings(type);
      case NUMERIC, BIGNUMERIC -> new Decimals(type);
      case INTERVAL -> new Intervals(type);
      case JSON -> new Json(type);
    };
  }

  private static final class Longs extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Longs(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      out.writeZigZag((Long) value);
    }

    @Override
    public Object read(ByteReader in) {
      return in.readZigZag();
    }
  }

  private static final class Doubles extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Doubles(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      out.writeDouble((Double) value);
    }

    @Override
    public Object read(ByteReader in) {
      return in.readDouble();
    }
  }

  private static final class Booleans extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Booleans(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      out.writeByte((Boolean) value ? 1 : 0);
    }

    @Override
    public Object read(ByteReader in) {
      return in.readByte() != 0;
    }
  }

  private static final class Strings extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Strings(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      out.writeString((String) value);
    }

    @Override
    public Object read(ByteReader in) {
      return in.readString();
    }
  }

  private static final class ByteStrings extends ValueCodec {
    private static final long serialVersionUID = 1L;

    ByteStrings(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      out.writeByteString((ByteString) value);
    }

    @Override
    public Object read(ByteReader in) {
      return in.readByteString();
    }
  }

  /** The scale, its lowest bit saying whether the digits fit 64 bits; then the digits. */
  private static final class Decimals extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Decimals(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      BigDecimal decimal = (BigDecimal) value;
      BigInteger digits = decimal.unscaledValue();
      boolean large = digits.bitLength() > 63;
      out.writeVarLong(((long) decimal.scale() << 1) | (large ? 1 : 0));
      if (large) {
        out.writeBytes(digits.toByteArray());
      } else {
        out.writeZigZag(digits.longValue());
      }
    }

    @Override
    public Object read(ByteReader in) {
      long head = in.readVarLong();
      int scale = (int) (head >> 1);
      return (head & 1) == 0
          ? BigDecimal.valueOf(in.readZigZag(), scale)
          : new BigDecimal(new BigInteger(in.readBytes()), scale);
    }
  }

  private static final class Intervals extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Intervals(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      IntervalValue interval = (IntervalValue) value;
      out.writeZigZag(interval.months());
      out.writeZigZag(interval.days());
      out.writeZigZag(interval.micros());
    }

    @Override
    public Object read(ByteReader in) {
      long months = in.readZigZag();
      long days = in.readZigZag();
      return new IntervalValue(months, days, in.readZigZag());
    }
  }

  private static final class Json extends ValueCodec {
    private static final long serialVersionUID = 1L;

    Json(Type type) {
      super(type);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      JsonCodec.write((JsonNode) value, out);
    }

    @Override
    public Object read(ByteReader in) {
      return JsonCodec.read(in, 0);
    }
  }

  /** The count, its lowest bit saying whether there are NULLs; their bitmap; the elements. */
  private static final class Lists extends ValueCodec {
    private static final long serialVersionUID = 1L;

    private final ValueCodec element;

    Lists(ArrayType type) {
      super(type);
      this.element = of(type.element());
    }

    @Override
    public void write(Object value, ByteWriter out) {
      List<?> list = (List<?>) value;
      int size = list.size();
      boolean nulls = false;
      for (int i = 0; i < size && !nulls; i++) {
        nulls = list.get(i) == null;
      }
      out.writeVarLong(((long) size << 1) | (nulls ? 1 : 0));
      int bitmap = nulls ? out.skipZeros((size + 7) >> 3) : 0;
      for (int i = 0; i < size; i++) {
        Object item = list.get(i);
        if (item == null) {
          out.setBit(bitmap, i);
        } else {
          element.write(item, out);
        }
      }
    }

    @Override
    public Object read(ByteReader in) {
      long head = in.readVarLong();
      long count = head >>> 1;
      // An element takes a byte, or a bit where it is NULL.
      // too.
      if (count > 8L * in.remaining()) {
        throw new IllegalArgumentException("an array of " + count + " elements");
      }
      int size = (int) count;
      int bitmap = (head & 1) != 0 ? in.skip((size + 7) >> 3) : -1;
      @Nullable Object[] items = new @Nullable Object[size];
      for (int i = 0; i < size; i++) {
        items[i] = bitmap >= 0 && in.bit(bitmap, i) ? null : element.read(in);
      }
      return Collections.unmodifiableList(Arrays.asList(items));
    }
  }

  /** A bitmap of the NULLs, then the fields that are not. */
  static final class Structs extends ValueCodec {
    private static final long serialVersionUID = 1L;

    private final ValueCodec[] fields;
    private final int bitmapBytes;

    Structs(StructType type) {
      super(type);
      this.fields = type.fields().stream().map(f -> of(f.type())).toArray(ValueCodec[]::new);
      this.bitmapBytes = Math.max(1, (this.fields.length + 7) >> 3);
    }

    @Override
    public void write(Object value, ByteWriter out) {
      Tuple tuple = (Tuple) value;
      @Nullable Object[] values = tuple.values();
      if (values.length != fields.length) {
        throw new IllegalArgumentException(
            "a tuple of " + values.length + " values where " + fields.length + " are due");
      }
      int bitmap = out.skipZeros(bitmapBytes);
      for (int i = 0; i < fields.length; i++) {
        Object field = values[i];
        if (field == null) {
          out.setBit(bitmap, i);
        } else {
          fields[i].write(field, out);
        }
      }
    }

    @Override
    public Tuple read(ByteReader in) {
      int bitmap = in.skip(bitmapBytes);
      @Nullable Object[] values = new @Nullable Object[fields.length];
      for (int i = 0; i < fields.length; i++) {
        if (!in.bit(bitmap, i)) {
          values[i] = fields[i].read(in);
        }
      }
      return Tuple.of(values);
    }
  }
}
