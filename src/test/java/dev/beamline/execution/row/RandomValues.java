package dev.beamline.execution.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Types and values of every kind, with the awkward ones often. */
public final class RandomValues {

  private static final long[] LONGS = {
    0, 1, -1, 63, 64, -64, -65, 127, 128, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    0.1
  };
  private static final String[] STRINGS = {"", "a", "A", "ä", "\u0000", "😀", "long ".repeat(60)};

  private static final List<ScalarType> SCALARS = List.of(ScalarType.values());

  private final Random random;

  public RandomValues(long seed) {
    this.random = new Random(seed);
  }

  public Type type(int depth) {
    int kind = random.nextInt(depth > 0 ? 17 : 13);
    if (kind < 13) {
      return SCALARS.get(kind);
    }
    return kind < 15 ? new ArrayType(type(depth - 1)) : new StructType(types(depth - 1));
  }

  private List<Column> types(int depth) {
    List<Column> fields = new ArrayList<>();
    int n = random.nextInt(12);
    for (int i = 0; i < n; i++) {
      fields.add(Column.of("c" + i, type(depth)));
    }
    return fields;
  }

  public StructType row() {
    return new StructType(types(2));
  }

  public @Nullable Object nullable(Type type) {
    return random.nextInt(5) == 0 ? null : value(type);
  }

  public Object value(Type type) {
    if (type instanceof ArrayType array) {
      List<@Nullable Object> list = new ArrayList<>();
      boolean nulls = random.nextBoolean();
      int n = random.nextInt(10);
      for (int i = 0; i < n; i++) {
        list.add(nulls ? nullable(array.element()) : value(array.element()));
      }
      return Collections.unmodifiableList(list);
    }
    if (type instanceof StructType struct) {
      return tuple(struct);
    }
    return switch ((ScalarType) type) {
      case STRING -> STRINGS[random.nextInt(STRINGS.length)];
      case BYTES -> ByteString.copyFromUtf8(STRINGS[random.nextInt(STRINGS.length)]);
      case INT64, TIMESTAMP, DATETIME, DATE, TIME ->
          random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
      case FLOAT64 ->
          random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextGaussian();
      case NUMERIC, BIGNUMERIC -> decimal();
      case BOOL -> random.nextBoolean();
      case INTERVAL -> new IntervalValue(random.nextInt(), random.nextInt(), random.nextLong());
      case JSON -> json(3);
    };
  }

  public Tuple tuple(StructType struct) {
    @Nullable Object[] values = new @Nullable Object[struct.fields().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = nullable(struct.fields().get(i).type());
    }
    return Tuple.of(values);
  }

  private BigDecimal decimal() {
    int bits = random.nextInt(250) + 1;
    return Values.canonical(
        new BigDecimal(
            new BigInteger(bits, random)
                .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
            random.nextInt(39)));
  }

  private JsonNode json(int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> make.nullNode();
      case 1 -> make.booleanNode(random.nextBoolean());
      case 2 -> make.numberNode(random.nextInt());
      case 3 -> make.numberNode(Long.MAX_VALUE - random.nextInt(9));
      case 4 -> make.numberNode(new BigInteger(100, random).setBit(99));
      case 5 -> make.numberNode(random.nextGaussian());
      case 6 -> make.textNode(STRINGS[random.nextInt(STRINGS.length)]);
      case 7 -> make.arrayNode().add(json(depth - 1)).add(json(depth - 1));
      default -> {
        ObjectNode object = make.objectNode();
        object.set("b", json(depth - 1));
        object.set("a", json(depth - 1));
        yield object;
      }
    };
  }
}
