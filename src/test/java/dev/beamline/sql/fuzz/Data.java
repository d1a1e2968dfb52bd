package dev.beamline.sql.fuzz;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Random tables of random rows: few values, so that keys meet; NULLs, ties, unicode, and in the
 * columns named {@code wide} the extremes of INT64.
 */
record Data(Map<String, Rows> tables) {

  /** The event time of the table of events lies within this many seconds. */
  private static final int EVENT_SECONDS = 120;

  private static final long FIRST_MICROS = 1_767_225_600_000_000L;

  private static final String[] STRINGS = {
    "", "a", "b", "ab", "B", "aa", "a%b", "a_b", "été", "日本", "x😀y", " a ", "10", "-1", "Ab'c"
  };

  private static final long[] EXTREMES = {
    Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, 1L << 53, (1L << 53) + 1, 0, -1
  };

  /** A table and what it holds. */
  record Rows(String name, List<Col> columns, List<Tuple> rows) {

    Table table() {
      List<Column> out = new ArrayList<>();
      columns.forEach(c -> out.add(Column.of(c.name(), c.type().type())));
      int eventTime = -1;
      for (int i = 0; i < columns.size(); i++) {
        eventTime = columns.get(i).name().equals("ts") ? i : eventTime;
      }
      return new Table(name, new Schema(out), eventTime, true);
    }

    List<String> duck() {
      List<String> out = new ArrayList<>();
      out.add(
          "CREATE OR REPLACE TABLE "
              + name
              + " ("
              + columns.stream()
                  .map(c -> c.name() + " " + c.type().name(Dialect.DUCK))
                  .collect(Collectors.joining(", "))
              + ")");
      if (!rows.isEmpty()) {
        out.add("INSERT INTO " + name + " VALUES " + values());
      }
      return out;
    }

    private String values() {
      return rows.stream()
          .map(
              row -> {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                  texts.add(literal(columns.get(i).type(), row.get(i)));
                }
                return "(" + String.join(", ", texts) + ")";
              })
          .collect(Collectors.joining(", "));
    }
  }

  static Data random(Random random) {
    Map<String, Rows> tables = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      tables.put("t" + i, rows("t" + i, random, false));
    }
    tables.put("ev", rows("ev", random, true));
    return new Data(tables);
  }

  private static Rows rows(String name, Random random, boolean events) {
    List<Col> columns = new ArrayList<>();
    columns.add(new Col("", "id", Ty.INT));
    columns.add(new Col("", "k", Ty.INT));
    if (events) {
      columns.add(new Col("", "ts", Ty.TIMESTAMP));
    }
    if (random.nextInt(3) == 0) {
      columns.add(new Col("", "wide", Ty.INT));
    }
    int more = 2 + random.nextInt(5);
    for (int i = 0; i < more; i++) {
      Ty type = Ty.values()[random.nextInt(Ty.values().length)];
      columns.add(new Col("", "c" + i + type.name().toLowerCase(Locale.ROOT), type));
    }
    int count = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(18);
    List<Tuple> out = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        Col column = columns.get(i);
        values[i] =
            switch (column.name()) {
              case "id" -> (Object) (long) row;
              case "ts" -> FIRST_MICROS + random.nextInt(EVENT_SECONDS) * 1_000_000L;
              case "wide" -> EXTREMES[random.nextInt(EXTREMES.length)];
              default -> value(column.type(), random);
            };
      }
      out.add(Tuple.of(values));
    }
    return new Rows(name, columns, out);
  }

  private static @Nullable Object value(Ty type, Random random) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    return switch (type) {
      case INT -> (long) random.nextInt(7) - 2;
      case FLOAT -> random.nextInt(12) == 0 ? -0.0 : (random.nextInt(25) - 8) * 0.25;
      case NUMERIC -> numeric(random);
      case STRING -> STRINGS[random.nextInt(STRINGS.length)];
      case BOOL -> random.nextBoolean();
      case DATE -> 20_440L + (random.nextInt(4) == 0 ? random.nextInt(800) : random.nextInt(5));
      case TIMESTAMP ->
          FIRST_MICROS
              + (random.nextInt(3) == 0
                  ? (random.nextLong() >> 20)
                  : random.nextInt(6) * 3_600_000_000L);
      case INTS, STRINGS -> {
        List<Object> elements = new ArrayList<>();
        int count = random.nextInt(4);
        while (elements.size() < count) {
          Object element = value(type.element(), random);
          if (element != null) {
            elements.add(element);
          }
        }
        yield elements;
      }
    };
  }

  /** In the form that the engine keeps: without trailing zeros. */
  private static BigDecimal numeric(Random random) {
    BigDecimal value = BigDecimal.valueOf(random.nextInt(400) - 100, random.nextInt(3));
    return Values.canonical(value);
  }

  private static String literal(Ty type, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case INT, NUMERIC, BOOL -> value.toString();
      case FLOAT -> "CAST('" + value + "' AS DOUBLE)";
      case STRING -> "'" + value.toString().replace("'", "''") + "'";
      case DATE -> "(DATE '1970-01-01' + " + value + ")";
      case TIMESTAMP -> "make_timestamp(" + value + ")";
      case INTS, STRINGS ->
          ((List<?>) value)
                  .stream()
                      .map(e -> literal(type.element(), e))
                      .collect(
                          Collectors.joining(", ", "CAST([", "] AS " + type.name(Dialect.DUCK)))
              + ")";
    };
  }
}
