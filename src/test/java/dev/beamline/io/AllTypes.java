package dev.beamline.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Schemas and rows with every type, edge values first, then random ones. */
public final class AllTypes {

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  private AllTypes() {}

  /**
   * An id, a column of each type; structs in arrays in structs; without INTERVAL where it has no
   * place.
   */
  public static Schema schema(boolean interval) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("id", ScalarType.INT64));
    for (ScalarType type : ScalarType.values()) {
      if (interval || type != ScalarType.INTERVAL) {
        columns.add(new Column("c_" + type.name().toLowerCase(), type, false, "A " + type));
      }
    }
    List<Column> scalars = List.copyOf(columns.subList(1, columns.size()));
    StructType struct = new StructType(scalars);
    columns.add(Column.of("s", struct));
    columns.add(Column.of("nums", new ArrayType(ScalarType.NUMERIC)));
    columns.add(Column.of("times", new ArrayType(ScalarType.TIMESTAMP)));
    columns.add(Column.of("texts", new ArrayType(ScalarType.STRING)));
    columns.add(
        Column.of(
            "nested",
            new ArrayType(
                new StructType(
                    List.of(
                        Column.of("Inner", struct),
                        Column.of("list", new ArrayType(ScalarType.INT64)))))));
    return new Schema(columns);
  }

  /** Rows whose arrays are never NULL and hold none, as tables of BigQuery are. */
  public static List<Tuple> rows(Schema schema, int count, Random random) {
    List<Tuple> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] values = new Object[schema.size()];
      for (int c = 0; c < values.length; c++) {
        Type type = schema.type(c);
        values[c] =
            type instanceof ArrayType || random.nextInt(6) > 0 ? value(type, i, random) : null;
      }
      values[0] = (long) i;
      rows.add(Tuple.of(values));
    }
    Object[] nothing = new Object[schema.size()];
    for (int c = 0; c < nothing.length; c++) {
      nothing[c] = schema.type(c) instanceof ArrayType ? List.of() : null;
    }
    nothing[0] = (long) count;
    rows.add(Tuple.of(nothing));
    return rows;
  }

  /** Fails at the first value that differs, whatever the order of the rows. */
  public static void assertSameRows(
      Schema schema, List<Tuple> expected, List<Tuple> actual, String told) {
    List<Tuple> left = sorted(expected);
    List<Tuple> right = sorted(actual);
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      for (int c = 0; c < schema.size(); c++) {
        assertEquals(
            left.get(i).get(c), right.get(i).get(c), told + ", column " + schema.column(c).name());
      }
    }
    assertEquals(left.size(), right.size(), told);
  }

  private static List<Tuple> sorted(List<Tuple> rows) {
    return rows.stream().sorted(Comparator.comparing((Tuple row) -> (Long) row.get(0))).toList();
  }

  private static Object value(Type type, int edge, Random random) {
    if (type instanceof ArrayType array) {
      List<Object> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(array.element(), 99, random));
      }
      return List.copyOf(elements);
    }
    if (type instanceof StructType struct) {
      return Tuple.of(
          struct.fields().stream()
              .map(
                  f ->
                      f.type() instanceof ArrayType || random.nextInt(6) > 0
                          ? value(f.type(), 99, random)
                          : null)
              .toArray());
    }
    return switch ((ScalarType) type) {
      case STRING ->
          pick(
                  edge,
                  random,
                  "",
                  "a,b",
                  "\"q\"",
                  "line\nbreak\r\n",
                  "é😀\u2028",
                  "NULL",
                  " x ",
                  "'",
                  "\\",
                  "\t",
                  "1",
                  "true",
                  "\u0001")
              + (edge < 12 ? "" : Long.toString(random.nextLong(), 36));
      case BYTES -> bytes(edge, random);
      case INT64 -> pick(edge, random, 0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong());
      case FLOAT64 ->
          pick(
              edge,
              random,
              0.0,
              1.5,
              -1e300,
              Double.MIN_VALUE,
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              0.1,
              random.nextGaussian());
      case NUMERIC ->
          Values.canonical(
              pick(
                  edge,
                  random,
                  new BigDecimal("99999999999999999999999999999.999999999"),
                  new BigDecimal("-99999999999999999999999999999.999999999"),
                  new BigDecimal("0.000000001"),
                  BigDecimal.ZERO,
                  new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(10))));
      case BIGNUMERIC ->
          Values.canonical(
              pick(
                  edge,
                  random,
                  new BigDecimal(
                      "12345678901234567890123456789012345678.12345678901234567890123456789012345678"),
                  new BigDecimal("-0.00000000000000000000000000000000000001"),
                  new BigDecimal(new BigInteger(120, random), random.nextInt(39))));
      case BOOL -> random.nextBoolean();
      case TIMESTAMP, DATETIME ->
          pick(
              edge,
              random,
              0L,
              -1L,
              FIRST_DAY * MICROS_PER_DAY,
              (LAST_DAY + 1) * MICROS_PER_DAY - 1,
              1_774_746_000_123_456L,
              FIRST_DAY * MICROS_PER_DAY
                  + (long) (random.nextDouble() * (LAST_DAY - FIRST_DAY)) * MICROS_PER_DAY
                  + random.nextInt(1_000_000_000));
      case DATE ->
          pick(
              edge,
              random,
              0L,
              FIRST_DAY,
              LAST_DAY,
              FIRST_DAY + random.nextInt((int) (LAST_DAY - FIRST_DAY)));
      case TIME ->
          pick(edge, random, 0L, MICROS_PER_DAY - 1, (long) (random.nextDouble() * MICROS_PER_DAY));
      case INTERVAL ->
          pick(
              edge,
              random,
              new IntervalValue(14, -3, 3_723_000_004L),
              new IntervalValue(-25, 40, -1),
              new IntervalValue(0, 0, 0),
              new IntervalValue(
                  random.nextInt(1000) - 500, random.nextInt(1000) - 500, random.nextInt()));
      case JSON -> json(random);
    };
  }

  private static ByteString bytes(int edge, Random random) {
    byte[] bytes = new byte[edge == 0 ? 0 : random.nextInt(20)];
    random.nextBytes(bytes);
    return edge == 1
        ? ByteString.copyFrom("plain \\x41 'text'", StandardCharsets.UTF_8)
        : ByteString.copyFrom(bytes);
  }

  private static Object json(Random random) {
    JsonNodeFactory f = JsonNodeFactory.instance;
    return switch (random.nextInt(7)) {
      case 0 -> f.textNode("a \"b\" 😀");
      case 1 -> f.numberNode(7);
      case 2 -> f.numberNode(0.1);
      case 3 -> f.booleanNode(true);
      case 4 -> f.arrayNode().add(1).add("x").addNull();
      case 5 -> f.numberNode(9_007_199_254_740_993L);
      default -> {
        ObjectNode node = f.objectNode();
        node.put("k", random.nextInt());
        node.set("o", f.objectNode().put("é", "v"));
        yield node;
      }
    };
  }

  @SafeVarargs
  private static <T> T pick(int edge, Random random, T... values) {
    return edge < values.length ? values[edge] : values[random.nextInt(values.length)];
  }
}
