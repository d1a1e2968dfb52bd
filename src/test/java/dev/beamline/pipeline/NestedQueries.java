package dev.beamline.pipeline;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Random queries over events with structs and arrays in one another, and such events. */
final class NestedQueries {

  private static final StructType MAKER =
      new StructType(
          List.of(
              Column.of("name", ScalarType.STRING),
              Column.of("size", ScalarType.INT64),
              Column.of("codes", new ArrayType(ScalarType.STRING))));
  private static final StructType DEVICE =
      new StructType(
          List.of(
              Column.of("os", ScalarType.STRING),
              Column.of("version", ScalarType.INT64),
              Column.of("maker", MAKER),
              Column.of("logs", new ArrayType(ScalarType.STRING))));
  private static final StructType ITEM =
      new StructType(
          List.of(
              Column.of("id", ScalarType.STRING),
              Column.of("price", ScalarType.INT64),
              Column.of("tags", new ArrayType(ScalarType.STRING)),
              Column.of("maker", MAKER),
              Column.of("parts", new ArrayType(MAKER))));

  static final Schema EVENTS =
      Schema.of(
          Column.of("ts", ScalarType.TIMESTAMP),
          Column.of("user", ScalarType.STRING),
          Column.of("score", ScalarType.INT64),
          Column.of("device", DEVICE),
          Column.of("items", new ArrayType(ITEM)));

  private final Random random;
  private int names;

  /** The table function of the query. */
  private String window = "";

  NestedQueries(long seed) {
    this.random = new Random(seed);
  }

  /** So many events of three hours. */
  List<Tuple> events(int number) {
    List<Tuple> rows = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      @Nullable Object[] values = new @Nullable Object[EVENTS.size()];
      values[0] = random.nextInt(3 * 3600) * 1_000_000L + i;
      for (int c = 1; c < values.length; c++) {
        values[c] = value(EVENTS.type(c));
      }
      rows.add(Tuple.of(values));
    }
    return rows;
  }

  private @Nullable Object value(Type type) {
    if (type instanceof ArrayType array) {
      List<Object> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        Object element = value(array.element());
        if (element != null) {
          elements.add(element);
        }
      }
      return List.copyOf(elements);
    } else if (random.nextInt(8) == 0) {
      return null;
    } else if (type instanceof StructType struct) {
      return Tuple.of(struct.fields().stream().map(field -> value(field.type())).toArray());
    }
    return type == ScalarType.INT64 ? (Object) (long) random.nextInt(5) : "s" + random.nextInt(4);
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String name(String prefix) {
    return prefix + names++;
  }

  /** What can be read: a column, a field of one, or what an UNNEST gives. */
  private record Readable(String sql, Type type) {
    boolean is(Type other) {
      return type.equals(other);
    }
  }

  /**
   * The rows of a FROM clause.
   *
   * @param window the alias whose window_start and window_end are there; null: none
   */
  private record From(String sql, List<Readable> columns, @Nullable String window) {}

  /** A query without a window. */
  String query() {
    return select(from(2), false);
  }

  /** A query that groups by a window, perhaps once more, or joined in it with another. */
  String windowed() {
    window =
        any(
            List.of(
                "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR)",
                "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 30 MINUTE, INTERVAL 1 HOUR)",
                "CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL 20 MINUTE, INTERVAL 1 HOUR)",
                "SESSION(TABLE events, DESCRIPTOR(ts), DESCRIPTOR(user), INTERVAL 20 MINUTE)"));
    String inner = select(windowedFrom(2), true);
    return one(2) ? inner : again(inner);
  }

  private String again(String inner) {
    String left = name("x");
    List<Readable> columns = results(inner, left);
    String from = "(" + inner + ") AS " + left;
    if (one(2)) {
      String right = name("y");
      String other = select(windowedFrom(1), true);
      columns.addAll(results(other, right));
      from +=
          any(List.of(" JOIN ", " LEFT JOIN "))
              + ("(" + other + ") AS " + right)
              + (" ON " + left + ".window_start = " + right + ".window_start")
              + (" AND " + left + ".window_end = " + right + ".window_end");
    }
    return select(new From(from, columns, left), true);
  }

  /** The columns of a query by their names, as texts. */
  private static List<Readable> results(String query, String alias) {
    List<Readable> columns = new ArrayList<>();
    columns.add(new Readable(alias + ".window_start", ScalarType.TIMESTAMP));
    columns.add(new Readable(alias + ".window_end", ScalarType.TIMESTAMP));
    Matcher named = Pattern.compile(" AS ([ka]\\d+)").matcher(query);
    while (named.find()) {
      String text = "TO_JSON_STRING(" + alias + "." + named.group(1) + ")";
      columns.add(new Readable(text, ScalarType.STRING));
    }
    return columns;
  }

  private String select(From from, boolean grouped) {
    StringBuilder sql = new StringBuilder("SELECT ");
    List<String> keys = new ArrayList<>();
    if (from.window() != null && (grouped || one(2))) {
      keys.add(from.window() + ".window_start");
      keys.add(from.window() + ".window_end");
    }
    List<String> selected = new ArrayList<>(keys);
    boolean group = grouped || one(2);
    if (group) {
      for (int i = random.nextInt(3); i > 0; i--) {
        String key = name("k");
        selected.add(key(from) + " AS " + key);
        keys.add(key);
      }
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        selected.add(aggregate(from) + " AS " + name("a"));
      }
    } else {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        selected.add((one(6) ? any(readables(from)).sql() : scalar(from)) + " AS " + name("c"));
      }
    }
    sql.append(String.join(", ", selected)).append(" FROM ").append(from.sql());
    if (one(3)) {
      sql.append(" WHERE ").append(condition(from));
    }
    if (group && !keys.isEmpty()) {
      sql.append(" GROUP BY ").append(one(4) ? sets(keys, from.window() != null) : all(keys));
      if (one(5)) {
        sql.append(" HAVING ").append(aggregate(from)).append(" IS NOT NULL");
      }
    } else if (!group && one(6)) {
      sql.append(" QUALIFY ROW_NUMBER() OVER (PARTITION BY ")
          .append(scalar(from))
          .append(" ORDER BY ")
          .append(scalar(from))
          .append(") <= 2");
    }
    return sql.toString();
  }

  private static String all(List<String> keys) {
    return String.join(", ", keys);
  }

  /** All of the keys, and some of them, always with the window. */
  private String sets(List<String> keys, boolean window) {
    int least = window && keys.get(0).endsWith("window_start") ? 2 : 0;
    List<String> some = keys.subList(0, least + random.nextInt(keys.size() - least + 1));
    return "GROUPING SETS ((" + all(keys) + "), (" + all(some) + "))";
  }

  private From from(int depth) {
    From from;
    if (depth == 0 || one(2)) {
      from = events();
    } else if (one(3)) {
      from = join(depth);
    } else {
      From below = from(depth - 1);
      from = one(5) ? union(below) : subquery(below);
    }
    return unnested(from);
  }

  private From unnested(From input) {
    From from = input;
    for (int i = random.nextInt(3); i > 0; i--) {
      from = unnest(from);
    }
    return from;
  }

  private From windowedFrom(int depth) {
    if (depth > 0 && !one(3)) {
      From below = windowedFrom(depth - 1);
      return unnested(one(4) ? union(below) : subquery(below));
    }
    String alias = name("w");
    List<Readable> columns = new ArrayList<>(events(alias).columns());
    columns.add(new Readable(alias + ".window_start", ScalarType.TIMESTAMP));
    columns.add(new Readable(alias + ".window_end", ScalarType.TIMESTAMP));
    return unnested(new From("TABLE(" + window + ") AS " + alias, columns, alias));
  }

  private From events() {
    return events(name("e"));
  }

  private static From events(String alias) {
    return new From(
        "events AS " + alias,
        EVENTS.columns().stream()
            .map(column -> new Readable(alias + "." + column.name(), column.type()))
            .toList(),
        null);
  }

  private From join(int depth) {
    From left = from(depth - 1);
    From right = one(2) ? events() : subquery(events());
    String condition =
        left(left) + " = " + left(right) + (one(3) ? " AND " + condition(both(left, right)) : "");
    if (one(4)) {
      String alias = name("j");
      List<String> selected = new ArrayList<>();
      List<Readable> columns = new ArrayList<>();
      hand(left, alias, selected, columns);
      return new From(
          "(SELECT "
              + String.join(", ", selected)
              + " FROM "
              + left.sql()
              + (one(2) ? " WHERE EXISTS" : " WHERE NOT EXISTS")
              + " (SELECT 1 FROM "
              + right.sql()
              + " WHERE "
              + condition
              + ")) AS "
              + alias,
          columns,
          null);
    }
    String join = any(List.of(" JOIN ", " LEFT JOIN ", " FULL JOIN "));
    return new From(
        left.sql() + join + right.sql() + " ON " + condition, both(left, right).columns(), null);
  }

  private static From both(From left, From right) {
    List<Readable> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    return new From("", columns, null);
  }

  private String left(From from) {
    List<Readable> strings = readables(from).stream().filter(r -> r.is(ScalarType.STRING)).toList();
    return strings.isEmpty() ? "'s1'" : any(strings).sql();
  }

  private void hand(From from, String alias, List<String> selected, List<Readable> columns) {
    List<Readable> all = readables(from);
    List<Readable> times = all.stream().filter(r -> r.is(ScalarType.TIMESTAMP)).toList();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      Readable readable = any(from.window() != null && one(3) ? times : all);
      String name = name("h");
      selected.add(readable.sql() + " AS " + name);
      columns.add(new Readable(alias + "." + name, readable.type()));
    }
  }

  private From subquery(From from) {
    String alias = name("q");
    List<String> selected = new ArrayList<>();
    List<Readable> columns = new ArrayList<>();
    if (from.window() != null) {
      for (String column : List.of("window_start", "window_end")) {
        selected.add(from.window() + "." + column);
        columns.add(new Readable(alias + "." + column, ScalarType.TIMESTAMP));
      }
    }
    hand(from, alias, selected, columns);
    if (one(3)) {
      String name = name("h");
      selected.add(scalar(from) + " AS " + name);
    }
    return new From(
        "(SELECT "
            + String.join(", ", selected)
            + " FROM "
            + from.sql()
            + (one(4) ? " WHERE " + condition(from) : "")
            + ") AS "
            + alias,
        columns,
        from.window() == null ? null : alias);
  }

  /** Rows of two queries over the same rows, which hand on other columns of the same types. */
  private From union(From from) {
    String alias = name("v");
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    List<Readable> columns = new ArrayList<>();
    if (from.window() != null) {
      for (String column : List.of("window_start", "window_end")) {
        first.add(from.window() + "." + column);
        second.add(from.window() + "." + column);
        columns.add(new Readable(alias + "." + column, ScalarType.TIMESTAMP));
      }
    }
    List<Readable> all = readables(from);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Readable readable = any(all);
      String name = name("h");
      first.add(readable.sql() + " AS " + name);
      second.add(any(all.stream().filter(r -> r.is(readable.type())).toList()).sql());
      columns.add(new Readable(alias + "." + name, readable.type()));
    }
    return new From(
        "(SELECT "
            + all(first)
            + " FROM "
            + from.sql()
            + " UNION ALL SELECT "
            + all(second)
            + " FROM "
            + from.sql()
            + ") AS "
            + alias,
        columns,
        from.window() == null ? null : alias);
  }

  private From unnest(From from) {
    List<Readable> arrays = arrays(from);
    if (arrays.isEmpty()) {
      return from;
    }
    Readable array = any(arrays);
    String element = name("u");
    List<Readable> columns = new ArrayList<>(from.columns());
    columns.add(new Readable(element, ((ArrayType) array.type()).element()));
    String sql =
        from.sql()
            + any(List.of(" CROSS JOIN ", " LEFT JOIN "))
            + "UNNEST("
            + array.sql()
            + ") AS "
            + element;
    if (one(3)) {
      String offset = name("o");
      sql += " WITH OFFSET AS " + offset;
      columns.add(new Readable(offset, ScalarType.INT64));
    }
    return new From(sql, columns, from.window());
  }

  /** All columns and fields, but those inside of arrays. */
  private static List<Readable> readables(From from) {
    List<Readable> all = new ArrayList<>();
    from.columns().forEach(column -> add(column, all));
    return all;
  }

  private static void add(Readable readable, List<Readable> to) {
    to.add(readable);
    if (readable.type() instanceof StructType struct) {
      for (Column field : struct.fields()) {
        add(new Readable(readable.sql() + "." + field.name(), field.type()), to);
      }
    }
  }

  private static List<Readable> arrays(From from) {
    return readables(from).stream().filter(r -> r.type() instanceof ArrayType).toList();
  }

  private @Nullable String column(From from, Type type) {
    List<Readable> fit = readables(from).stream().filter(r -> r.is(type)).toList();
    return fit.isEmpty() ? null : any(fit).sql();
  }

  /** Not a constant, which nothing can be grouped by: all that names a column has small letters. */
  private String key(From from) {
    String time = column(from, ScalarType.TIMESTAMP);
    if (time != null && one(3)) {
      return time;
    }
    String key = scalar(from);
    return key.replace("'none'", "").matches(".*[a-z].*")
        ? key
        : "TO_JSON_STRING(" + any(readables(from)).sql() + ")";
  }

  private String scalar(From from) {
    return one(2) ? string(from) : integer(from);
  }

  private String string(From from) {
    String column = column(from, ScalarType.STRING);
    if (column == null) {
      return "CAST(" + integer(from) + " AS STRING)";
    }
    return switch (random.nextInt(12)) {
      case 0 -> "COALESCE(" + column + ", " + string(from) + ")";
      case 1 -> "IF(" + condition(from) + ", " + column + ", " + string(from) + ")";
      case 2 -> "STRUCT(" + integer(from) + " AS x, " + column + " AS y).y";
      case 3 -> ofArray(from, "(SELECT MAX(TO_JSON_STRING(z)) FROM UNNEST(%s) AS z)");
      case 4 -> ofArray(from, "TO_JSON_STRING(%s[SAFE_OFFSET(0)])");
      default -> column;
    };
  }

  private String ofArray(From from, String format) {
    List<Readable> arrays = arrays(from);
    return arrays.isEmpty() ? "'none'" : String.format(format, any(arrays).sql());
  }

  private String integer(From from) {
    return switch (random.nextInt(10)) {
      case 0 -> ofArray(from, "IFNULL(ARRAY_LENGTH(%s), 0)").replace("'none'", "0");
      case 1 -> ofArray(from, "(SELECT COUNT(*) FROM UNNEST(%s))").replace("'none'", "0");
      case 2 -> items(from);
      case 3 -> {
        String time = column(from, ScalarType.TIMESTAMP);
        yield time == null ? "7" : "UNIX_SECONDS(" + time + ")";
      }
      default -> {
        String column = column(from, ScalarType.INT64);
        yield column == null ? "3" : column;
      }
    };
  }

  private String items(From from) {
    List<Readable> items = arrays(from).stream().filter(r -> r.is(new ArrayType(ITEM))).toList();
    return items.isEmpty()
        ? "5"
        : any(List.of(
                "(SELECT SUM(z.price) FROM UNNEST(%s) AS z WHERE z.id <> 's1')",
                "(SELECT COUNT(*) FROM UNNEST(%s) AS z, UNNEST(z.tags) WHERE z.price > 1)",
                "(SELECT MAX(p.size) FROM UNNEST(%s) AS z, UNNEST(z.parts) AS p)",
                "%s[SAFE_OFFSET(1)].maker.size"))
            .formatted(any(items).sql());
  }

  private String condition(From from) {
    return switch (random.nextInt(7)) {
      case 0 -> any(readables(from)).sql() + " IS NOT NULL";
      case 1 -> string(from) + " <> 's2'";
      case 2 -> ofArray(from, "EXISTS (SELECT 1 FROM UNNEST(%s))").replace("'none'", "TRUE");
      case 3 -> "(" + condition(from) + " OR " + condition(from) + ")";
      case 4 -> ofArray(from, "ARRAY_LENGTH(%s) > 0").replace("'none'", "TRUE");
      default -> integer(from) + " > 0";
    };
  }

  private String aggregate(From from) {
    if (from.window() != null && one(4)) {
      return "MAX(" + column(from, ScalarType.TIMESTAMP) + ")";
    }
    return switch (random.nextInt(12)) {
      case 0 -> "COUNT(*)";
      case 1 -> "SUM(" + integer(from) + ")";
      case 2 -> "MAX(" + string(from) + ")";
      case 3 -> "COUNT(DISTINCT " + scalar(from) + ")";
      case 4 -> "COUNTIF(" + condition(from) + ")";
      case 5 -> "SUM(" + integer(from) + ") FILTER (WHERE " + condition(from) + ")";
      case 6 -> "MAX(" + scalar(from) + " HAVING MAX " + scalar(from) + ")";
      case 7 ->
          "STRING_AGG("
              + string(from)
              + " ORDER BY "
              + scalar(from)
              + ", "
              + "TO_JSON_STRING("
              + any(readables(from)).sql()
              + ") LIMIT 2)";
      case 8 -> "MIN_BY(" + integer(from) + ", " + string(from) + ")";
      case 9 -> "COUNT(" + any(readables(from)).sql() + ")";
      case 10 -> {
        String time = column(from, ScalarType.TIMESTAMP);
        yield time == null ? "COUNT(*)" : "MIN(" + time + ")";
      }
      default -> "COUNT(" + scalar(from) + ")";
    };
  }
}
