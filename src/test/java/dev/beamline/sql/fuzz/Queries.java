package dev.beamline.sql.fuzz;

import dev.beamline.sql.fuzz.Query.Group;
import dev.beamline.sql.fuzz.Query.Item;
import dev.beamline.sql.fuzz.Query.Order;
import dev.beamline.sql.fuzz.Query.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes random queries over the tables of a {@link Data}. */
final class Queries {

  /** Subqueries in expressions go no deeper than this. */
  private static final int MOST_SUBQUERIES = 3;

  private final Random random;
  private final Data data;
  private final Expressions expressions;
  private final Calls calls;
  private int aliases;
  private int subqueries;

  Queries(Random random, Data data) {
    this.random = random;
    this.data = data;
    expressions = new Expressions(random, this);
    calls = new Calls(random, expressions);
  }

  private int up(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  private <T> T one(T... list) {
    return list[up(list.length)];
  }

  private String alias(String prefix) {
    return prefix + aliases++;
  }

  Query query() {
    aliases = 0;
    subqueries = 0;
    return switch (up(14)) {
      case 0 -> combined(types(1 + up(3)), 2);
      case 1 -> common();
      case 2 -> windowed();
      default -> top(2);
    };
  }

  private List<Ty> types(int count) {
    List<Ty> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(expressions.scalar());
    }
    return out;
  }

  /** A SELECT that may be ordered and cut. */
  private Query top(int depth) {
    Select select = select(null, depth);
    return up(4) == 0 ? cut(select) : select;
  }

  /** ORDER BY all columns, so that what LIMIT keeps is the same everywhere. */
  private Select cut(Select select) {
    List<Order> order = new ArrayList<>();
    for (Item item : select.items()) {
      if (item.ex().type().isArray() || item.ex().type() == Ty.FLOAT) {
        return select;
      }
      Boolean nulls = up(3) == 0 ? (Boolean) random.nextBoolean() : null;
      order.add(new Order(item.name(), random.nextBoolean(), nulls));
    }
    return select.ordered(
        order, up(5) == 0 ? null : (1 + up(6)) + (up(3) == 0 ? " OFFSET " + up(3) : ""));
  }

  private Query common() {
    Query table = up(4) == 0 ? combined(types(2), 1) : select(null, 1);
    String name = alias("w");
    List<Col> columns = columns(table, name);
    From from = new From.Named(name, name);
    if (up(3) == 0) {
      String second = alias("v");
      Ex on = joinCondition(columns, columns(table, second), false);
      from = new From.Join(one("", "LEFT", "FULL"), from, new From.Named(name, second), on, null);
      columns = new ArrayList<>(columns);
      columns.addAll(columns(table, second));
    }
    return new Query.With(name, table, select(new Source(from, columns), null, 1));
  }

  /** A set operation of queries with columns of these types. */
  private Query combined(List<Ty> types, int depth) {
    String operator =
        one("UNION ALL", "UNION ALL", "UNION DISTINCT", "INTERSECT DISTINCT", "EXCEPT DISTINCT");
    boolean floats = types.contains(Ty.FLOAT) && !operator.equals("UNION ALL");
    return new Query.Combined(
        floats ? "UNION ALL" : operator,
        depth > 1 && up(4) == 0 ? combined(types, depth - 1) : select(types, depth - 1),
        select(types, depth - 1));
  }

  private List<Col> columns(Query query, String alias) {
    return query.items().stream().map(i -> new Col(alias, i.name(), i.ex().type())).toList();
  }

  // --- FROM ------------------------------------------------------------------------------------

  private record Source(From from, List<Col> columns) {}

  private Source table() {
    List<Data.Rows> all = new ArrayList<>(data.tables().values());
    Data.Rows rows = all.get(up(all.size()));
    String alias = alias("a");
    return new Source(
        new From.Named(rows.name(), alias),
        rows.columns().stream().map(c -> new Col(alias, c.name(), c.type())).toList());
  }

  private Source source(int depth) {
    int kind = up(12);
    if (kind < 4 || depth <= 0) {
      return table();
    } else if (kind == 10) {
      Source pivoted = random.nextBoolean() ? pivot() : unpivot();
      return pivoted == null ? table() : pivoted;
    } else if (kind < 6) {
      Query query =
          up(5) == 0
              ? combined(types(2), 1)
              : up(4) == 0 ? cut(select(null, depth - 1)) : select(null, depth - 1);
      String alias = alias("s");
      return new Source(new From.Sub(query, alias), columns(query, alias));
    } else if (kind < 9) {
      return join(depth);
    }
    return unnest();
  }

  private Source join(int depth) {
    Source left = up(3) == 0 ? source(depth - 1) : table();
    Source right = up(4) == 0 ? source(depth - 1) : table();
    List<Col> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    int kind = up(12);
    if (kind == 0) {
      return new Source(
          new From.Join("CROSS", left.from(), single(right.from()), null, null), columns);
    }
    String word = one("INNER", "", "LEFT", "RIGHT", "FULL");
    if (kind == 1
        && left.from() instanceof From.Named
        && right.from() instanceof From.Named
        && !word.equals("FULL")) {
      String key = one("k", "id");
      return new Source(
          new From.Join(word, left.from(), right.from(), null, key),
          columns.stream().filter(c -> !c.name().equals(key)).toList());
    }
    boolean inner = word.isEmpty() || word.equals("INNER");
    Ex on = joinCondition(left.columns(), right.columns(), inner && up(3) == 0);
    return new Source(new From.Join(word, left.from(), single(right.from()), on, null), columns);
  }

  /** A join to the right of a join stands in parentheses; a table stays. */
  private static From single(From from) {
    return from instanceof From.Join || from instanceof From.Unnest ? new From.Nested(from) : from;
  }

  private Ex joinCondition(List<Col> left, List<Col> right, boolean withSubqueries) {
    List<Ex> terms = new ArrayList<>();
    int count = 1 + up(2);
    for (int i = 0; i < count; i++) {
      Col a = left.get(up(left.size()));
      List<Col> same = right.stream().filter(c -> c.type() == a.type()).toList();
      if (!same.isEmpty() && !a.type().isArray()) {
        terms.add(Ex.of(Ty.BOOL, "$0 = $1", a.ex(), same.get(up(same.size())).ex()));
      }
    }
    if (terms.isEmpty() || up(4) == 0) {
      List<Col> both = new ArrayList<>(left);
      both.addAll(right);
      int before = subqueries;
      subqueries = withSubqueries ? subqueries : MOST_SUBQUERIES;
      terms.add(expressions.bool(both, 1));
      subqueries = before;
    }
    if (withSubqueries) {
      List<Col> both = new ArrayList<>(left);
      both.addAll(right);
      Ex more = up(2) == 0 ? exists(both) : inSubquery(both);
      if (more != null) {
        terms.add(more);
      }
    }
    Ex all = terms.get(0);
    for (Ex term : terms.subList(1, terms.size())) {
      all = Ex.of(Ty.BOOL, up(8) == 0 ? "($0 OR $1)" : "$0 AND $1", all, term);
    }
    return all;
  }

  private Source unnest() {
    Source left = table();
    Ty type = one(Ty.INTS, Ty.STRINGS);
    String alias = alias("e");
    String offset = up(3) == 0 ? alias("o") : null;
    List<Col> columns = new ArrayList<>(left.columns());
    columns.add(new Col("", alias, type.element()));
    if (offset != null) {
      columns.add(new Col("", offset, Ty.INT));
    }
    Ex made = up(3) == 0 ? arraySubquery(type, left.columns()) : null;
    Ex array = made == null ? expressions.column(type, left.columns()) : made;
    return new Source(
        new From.Unnest(left.from(), array, alias, offset, random.nextBoolean()), columns);
  }

  /** Sums by one column for each of some values of another. */
  private @Nullable Source pivot() {
    Source of = table();
    List<Col> keys =
        of.columns().stream().filter(c -> !c.type().isArray() && c.type() != Ty.FLOAT).toList();
    List<Col> ints = of.columns().stream().filter(c -> c.type() == Ty.INT).toList();
    Col group = keys.get(up(keys.size()));
    Col by = ints.get(up(ints.size()));
    Col value = ints.get(up(ints.size()));
    String function = one("COUNT", "MIN", "MAX");
    String alias = alias("s");
    From.Pivot pivot =
        new From.Pivot(
            ((From.Named) of.from()).table(),
            group.name(),
            by.name(),
            value.name(),
            function,
            alias);
    return new Source(
        pivot,
        List.of(
            new Col(alias, "g", group.type()),
            new Col(alias, "z_one", Ty.INT),
            new Col(alias, "z_two", Ty.INT)));
  }

  /** A row for each of two columns. */
  private @Nullable Source unpivot() {
    Source of = table();
    // The id stays, to tell rows apart.
    List<Col> ints =
        of.columns().stream().filter(c -> c.type() == Ty.INT && !c.name().equals("id")).toList();
    Col one = ints.get(up(ints.size()));
    Col two = ints.get(up(ints.size()));
    if (one.equals(two)) {
      return null;
    }
    String alias = alias("s");
    From.Unpivot unpivot =
        new From.Unpivot(
            ((From.Named) of.from()).table(), one.name(), two.name(), random.nextBoolean(), alias);
    List<Col> columns = new ArrayList<>();
    for (Col column : of.columns()) {
      if (!column.name().equals(one.name()) && !column.name().equals(two.name())) {
        columns.add(new Col(alias, column.name(), column.type()));
      }
    }
    columns.add(new Col(alias, "v", Ty.INT));
    columns.add(new Col(alias, "n", Ty.STRING));
    return new Source(unpivot, columns);
  }

  // --- SELECT ----------------------------------------------------------------------------------

  private Select select(@Nullable List<Ty> types, int depth) {
    return select(source(depth), types, depth);
  }

  private Select select(Source source, @Nullable List<Ty> types, int depth) {
    Ex where = up(2) == 0 ? expressions.condition(source.columns(), 2) : null;
    int kind = types != null && up(2) == 0 ? 0 : up(10);
    if (kind < 5 || source.columns().stream().allMatch(c -> c.type().isArray())) {
      return plain(source, where, types, depth);
    } else if (kind < 8) {
      return grouped(source, where, types);
    }
    return analytic(source, where, types);
  }

  private static Select of(
      boolean distinct,
      List<Item> items,
      Source source,
      @Nullable Ex where,
      @Nullable Group group,
      @Nullable Ex having,
      @Nullable Ex qualify) {
    return new Select(
        distinct, items, source.from(), where, group, having, qualify, List.of(), null);
  }

  private Select plain(Source source, @Nullable Ex where, @Nullable List<Ty> types, int depth) {
    List<Item> items = new ArrayList<>();
    List<Ty> wanted = types == null ? types(1 + up(4)) : types;
    for (Ty type : wanted) {
      items.add(new Item("c" + items.size(), expressions.any(type, source.columns(), depth + 1)));
    }
    boolean distinct = up(5) == 0 && !wanted.contains(Ty.FLOAT);
    return of(distinct, items, source, where, null, null, null);
  }

  private Select grouped(Source source, @Nullable Ex where, @Nullable List<Ty> types) {
    int count = up(4);
    List<Ex> keys = new ArrayList<>();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Ty type = types != null && i < types.size() ? types.get(i) : expressions.scalar();
      if (types != null && i >= types.size()) {
        break;
      }
      Ex key =
          up(3) == 0 && type != Ty.FLOAT
              ? expressions.any(type, source.columns(), 1)
              : expressions.column(type, source.columns());
      if (isConstant(key) || keys.contains(key)) {
        if (types != null) {
          break;
        }
        continue;
      }
      keys.add(key);
      items.add(new Item("c" + items.size(), key));
    }
    int sums = types == null ? 1 + up(3) : types.size() - keys.size();
    for (int i = 0; i < sums; i++) {
      Ty type = types == null ? null : types.get(items.size());
      items.add(new Item("c" + items.size(), calls.aggregate(type, source.columns())));
    }
    Ex having = up(4) == 0 ? calls.having(source.columns()) : null;
    // DuckDB orders inside aggregates by keys that a grouping set has made NULL.
    // Nor does it tell keys apart that it folds to the same column.
    boolean columns = keys.stream().allMatch(k -> k.parts().isEmpty());
    boolean ordered =
        !columns
            || items.stream()
                .anyMatch(
                    i ->
                        i.ex().text(Dialect.DUCK).contains("_agg(")
                            || i.ex().text(Dialect.DUCK).contains("_AGG("));
    Group group =
        ordered && !keys.isEmpty() ? new Group("", keys, "", random.nextBoolean()) : group(keys);
    return of(false, items, source, where, group, having, null);
  }

  /** A key without a column would be a constant, which GROUP BY takes for a position. */
  private static boolean isConstant(Ex key) {
    return !key.text(Dialect.GOOGLE).matches("(?s).*\\b[asewvo]\\d+(\\.|\\b).*")
        || key.text(Dialect.GOOGLE).contains("SELECT");
  }

  private @Nullable Group group(List<Ex> keys) {
    if (keys.isEmpty()) {
      return null;
    }
    return switch (up(8)) {
      case 0 -> new Group("ROLLUP", keys, "", false);
      case 1 -> new Group("CUBE", keys, "", false);
      case 2 -> {
        List<String> sets = new ArrayList<>();
        int count = 1 + up(3);
        for (int i = 0; i < count; i++) {
          List<String> set = new ArrayList<>();
          for (int k = 0; k < keys.size(); k++) {
            if (random.nextBoolean()) {
              set.add("#" + k);
            }
          }
          sets.add("(" + String.join(", ", set) + ")");
        }
        // Each key must be in one of them.
        for (int k = 0; k < keys.size(); k++) {
          String name = "#" + k;
          if (sets.stream().noneMatch(s -> s.contains(name))) {
            sets.add("(" + name + ")");
          }
        }
        yield new Group("GROUPING SETS", keys, String.join(", ", sets), false);
      }
      default -> new Group("", keys, "", random.nextBoolean());
    };
  }

  /** Whether no two rows are equal: tables have an id. */
  private static boolean unique(From from) {
    return from instanceof From.Named named
        ? data(named)
        : from instanceof From.Nested nested
            ? unique(nested.join())
            : from instanceof From.Join join
                && join.using() == null
                && unique(join.left())
                && unique(join.right());
  }

  private static boolean data(From.Named named) {
    return named.table().startsWith("t") || named.table().equals("ev");
  }

  private Select analytic(Source source, @Nullable Ex where, @Nullable List<Ty> types) {
    List<Item> items = new ArrayList<>();
    // Equal rows may stand in a different order for each call.
    boolean unique = unique(source.from());
    if (types == null) {
      for (Ty type : types(1 + up(2))) {
        items.add(new Item("c" + items.size(), expressions.leaf(type, source.columns())));
      }
      int count = unique ? 1 + up(2) : 1;
      for (int i = 0; i < count; i++) {
        items.add(new Item("c" + items.size(), calls.analytic(null, source.columns())));
      }
    } else {
      for (Ty type : types) {
        items.add(
            new Item(
                "c" + items.size(),
                (unique || items.isEmpty()) && up(2) == 0
                    ? calls.analytic(type, source.columns())
                    : expressions.leaf(type, source.columns())));
      }
    }
    boolean qualified = unique && up(3) == 0;
    Ex qualify =
        qualified
            ? Ex.of(
                Ty.BOOL,
                "$0 <= " + (1 + up(3)),
                calls.ranking(source.columns(), one("ROW_NUMBER", "RANK", "DENSE_RANK")))
            : null;
    return of(false, items, source, where, null, null, qualify);
  }

  // --- Windows ---------------------------------------------------------------------------------

  private Query windowed() {
    Data.Rows events = data.tables().get("ev");
    String alias = alias("a");
    List<Col> columns =
        new ArrayList<>(
            events.columns().stream().map(c -> new Col(alias, c.name(), c.type())).toList());
    Windows windows =
        switch (up(4)) {
          case 0 -> new Windows("TUMBLE", 0, one(10, 7, 60), one(0, 3), "");
          case 1 -> {
            int step = one(5, 10);
            yield new Windows(
                "HOP", step, step * (1 + up(3)) + (up(3) == 0 ? 2 : 0), one(0, 2), "");
          }
          case 2 -> {
            int step = one(5, 10);
            yield new Windows("CUMULATE", step, step * (1 + up(4)), 0, "");
          }
          default -> new Windows("SESSION", 0, one(3, 10, 15), 0, one("k", "id"));
        };
    From from = new From.Windowed("ev", alias, windows);
    Source source = new Source(from, columns);
    List<Ex> keys = new ArrayList<>();
    keys.add(Ex.of(Ty.TIMESTAMP, alias + ".window_start"));
    keys.add(Ex.of(Ty.TIMESTAMP, alias + ".window_end"));
    if (windows.function().equals("SESSION")) {
      keys.add(Ex.of(Ty.INT, alias + "." + windows.key()));
    } else if (up(2) == 0) {
      Ex key = expressions.column(one(Ty.INT, Ty.STRING, Ty.DATE), columns);
      if (!isConstant(key)) {
        keys.add(key);
      }
    }
    List<Item> items = new ArrayList<>();
    List<String> names = List.of("window_start", "window_end", "c2", "c3", "c4", "c5", "c6");
    for (Ex key : keys) {
      items.add(new Item(names.get(items.size()), key));
    }
    int count = 1 + up(3);
    for (int i = 0; i < count; i++) {
      items.add(new Item(names.get(items.size()), calls.aggregate(null, columns)));
    }
    Ex where = up(3) == 0 ? expressions.condition(columns, 1) : null;
    Ex having = up(4) == 0 ? calls.having(columns) : null;
    return of(
        false, items, source, where, new Group("", keys, "", random.nextBoolean()), having, null);
  }

  // --- Subqueries in expressions ---------------------------------------------------------------

  private @Nullable Source inner() {
    if (subqueries >= MOST_SUBQUERIES) {
      return null;
    }
    subqueries++;
    return table();
  }

  /** A condition that may compare with the row outside. */
  private @Nullable Ex correlation(Source inside, List<Col> outside) {
    int kind = up(4);
    if (kind == 0) {
      return null;
    }
    int before = subqueries;
    boolean nested = up(5) == 0;
    subqueries = nested ? subqueries : MOST_SUBQUERIES;
    Ex condition = null;
    if (kind < 3) {
      Col mine = inside.columns().get(up(inside.columns().size()));
      List<Col> same = outside.stream().filter(c -> c.type() == mine.type()).toList();
      if (!same.isEmpty() && !mine.type().isArray()) {
        String operator = one("=", "=", "=", "<", "<=", ">", ">=", "!=");
        condition =
            Ex.of(Ty.BOOL, "$0 " + operator + " $1", mine.ex(), same.get(up(same.size())).ex());
      }
    }
    if (nested) {
      List<Col> both = new ArrayList<>(inside.columns());
      both.addAll(outside);
      Ex more = random.nextBoolean() ? exists(both) : inSubquery(both);
      if (more != null) {
        condition = condition == null ? more : Ex.of(Ty.BOOL, "$0 AND $1", condition, more);
      }
    }
    if (condition == null || up(4) == 0) {
      Ex more = expressions.bool(inside.columns(), 1);
      condition = condition == null ? more : Ex.of(Ty.BOOL, "$0 AND $1", condition, more);
    }
    subqueries = before;
    return condition;
  }

  /** The value of a column of a table, or of several in a set operation, with conditions. */
  private @Nullable Query values(Ty type, List<Col> outside) {
    Source inside = inner();
    if (inside == null) {
      return null;
    }
    int before = subqueries;
    subqueries = MOST_SUBQUERIES;
    Ex value = expressions.any(type, inside.columns(), 1);
    subqueries = before;
    Ex where = correlation(inside, outside);
    Query query = of(false, List.of(new Item("x", value)), inside, where, null, null, null);
    if (up(5) == 0 && type != Ty.FLOAT) {
      Query other = values(type, outside);
      if (other != null) {
        String operator =
            one(
                "UNION ALL",
                "UNION ALL",
                "UNION DISTINCT",
                "INTERSECT DISTINCT",
                "EXCEPT DISTINCT");
        return new Query.Combined(operator, query, other);
      }
    }
    return query;
  }

  /** Rows that depend on the row outside, as what a subquery reads. */
  private @Nullable Source derived(List<Col> outside) {
    Ty type = expressions.scalar();
    Query query;
    if (up(2) == 0) {
      query = values(type, outside);
    } else {
      Source inside = inner();
      if (inside == null) {
        return null;
      }
      List<Col> keys = inside.columns().stream().filter(c -> c.type() == Ty.INT).toList();
      Ex key = keys.get(up(keys.size())).ex();
      int before = subqueries;
      subqueries = MOST_SUBQUERIES;
      Ex sum = calls.aggregate(null, inside.columns());
      subqueries = before;
      Ex where = correlation(inside, outside);
      query =
          of(
              false,
              List.of(new Item("x", key), new Item("y", sum)),
              inside,
              where,
              new Group("", List.of(key), "", false),
              null,
              null);
    }
    if (query == null) {
      return null;
    }
    String alias = alias("s");
    return new Source(new From.Sub(query, alias), columns(query, alias));
  }

  @Nullable Ex scalarSubquery(Ty type, List<Col> outside) {
    boolean nested = up(4) == 0;
    Source inside = nested ? derived(outside) : inner();
    if (inside == null) {
      return null;
    }
    int before = subqueries;
    subqueries = MOST_SUBQUERIES;
    boolean first = !nested && up(5) == 0;
    Ex sum =
        first
            ? expressions.column(type, inside.columns())
            : calls.aggregate(type, inside.columns());
    subqueries = before;
    Ex where = correlation(inside, outside);
    Select query = of(false, List.of(new Item("x", sum)), inside, where, null, null, null);
    if (first) {
      // Each table has an id, so that there is one first row.
      Ex id = inside.columns().get(0).ex();
      query =
          query.ordered(
              List.of(new Order(id.text(Dialect.GOOGLE), random.nextBoolean(), null)), "1");
    }
    return Ex.of(type, "($0)", query);
  }

  /** ARRAY(subquery) of a table, in the order of its id. */
  @Nullable Ex arraySubquery(Ty type, List<Col> outside) {
    Source inside = inner();
    if (inside == null) {
      return null;
    }
    int before = subqueries;
    subqueries = MOST_SUBQUERIES;
    Ex value = expressions.any(type.element(), inside.columns(), 1);
    subqueries = before;
    Ex filled =
        Ex.of(
            type.element(),
            "COALESCE($0, $1)",
            value,
            type == Ty.INTS ? Ex.of(Ty.INT, "0") : Ex.of(Ty.STRING, "''"));
    Ex where = correlation(inside, outside);
    Ex id = inside.columns().get(0).ex();
    Select query =
        of(false, List.of(new Item("x", filled)), inside, where, null, null, null)
            .ordered(
                List.of(new Order(id.text(Dialect.GOOGLE), random.nextBoolean(), null)),
                up(3) == 0 ? "2" : null);
    return Ex.of(type, "ARRAY($0)", query);
  }

  @Nullable Ex exists(List<Col> outside) {
    Query query;
    if (up(4) == 0) {
      query = values(one(Ty.INT, Ty.STRING), outside);
    } else {
      Source inside = up(5) == 0 ? derived(outside) : inner();
      if (inside == null) {
        return null;
      }
      Ex where = correlation(inside, outside);
      query =
          of(false, List.of(new Item("x", Ex.of(Ty.INT, "1"))), inside, where, null, null, null);
    }
    return query == null
        ? null
        : Ex.of(Ty.BOOL, up(3) == 0 ? "(NOT EXISTS ($0))" : "EXISTS ($0)", query);
  }

  @Nullable Ex inSubquery(List<Col> outside) {
    Ty type = one(Ty.INT, Ty.STRING, Ty.DATE);
    int before = subqueries;
    subqueries = MOST_SUBQUERIES;
    Ex needle = expressions.leaf(type, outside);
    subqueries = before;
    Query query = values(type, outside);
    return query == null
        ? null
        : Ex.of(Ty.BOOL, "($0 " + one("IN", "NOT IN") + " ($1))", needle, query);
  }
}
