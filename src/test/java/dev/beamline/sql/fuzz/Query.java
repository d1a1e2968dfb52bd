package dev.beamline.sql.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query of the generated grammar. */
sealed interface Query extends Part {

  /** Names and types of the result. */
  List<Item> items();

  @Override
  List<Query> smaller();

  /** One column of a result. */
  record Item(String name, Ex ex) {}

  /** A key of ORDER BY. */
  record Order(String key, boolean descending, @Nullable Boolean nullsFirst) {
    String text(Dialect dialect) {
      // BigQuery counts NULL as the smallest value.
      boolean first = nullsFirst == null ? !descending : nullsFirst;
      boolean written = dialect == Dialect.DUCK || nullsFirst != null;
      return key
          + (descending ? " DESC" : "")
          + (written ? first ? " NULLS FIRST" : " NULLS LAST" : "");
    }
  }

  /** GROUP BY: plain, ROLLUP, CUBE or GROUPING SETS, of keys that are the first items. */
  record Group(String kind, List<Ex> keys, String sets, boolean byPosition) {
    String text(Dialect dialect) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        texts.add(byPosition ? String.valueOf(i + 1) : keys.get(i).text(dialect));
      }
      return switch (kind) {
        case "" -> String.join(", ", texts);
        case "GROUPING SETS" -> {
          String out = sets;
          for (int i = 0; i < keys.size(); i++) {
            out = out.replace("#" + i, keys.get(i).text(dialect));
          }
          yield "GROUPING SETS (" + out + ")";
        }
        default ->
            kind
                + "("
                + keys.stream().map(k -> k.text(dialect)).collect(Collectors.joining(", "))
                + ")";
      };
    }
  }

  /** SELECT. */
  record Select(
      boolean distinct,
      List<Item> items,
      @Nullable From from,
      @Nullable Ex where,
      @Nullable Group group,
      @Nullable Ex having,
      @Nullable Ex qualify,
      List<Order> order,
      @Nullable String limit)
      implements Query {

    public Select {
      items = List.copyOf(items);
      order = List.copyOf(order);
    }

    Select with(List<Item> changed) {
      return new Select(distinct, changed, from, where, group, having, qualify, order, limit);
    }

    Select with(@Nullable From changed) {
      return new Select(distinct, items, changed, where, group, having, qualify, order, limit);
    }

    Select with(@Nullable Ex newWhere, @Nullable Ex newHaving, @Nullable Ex newQualify) {
      return new Select(
          distinct, items, from, newWhere, group, newHaving, newQualify, order, limit);
    }

    Select ordered(List<Order> changed, @Nullable String newLimit) {
      return new Select(distinct, items, from, where, group, having, qualify, changed, newLimit);
    }

    @Override
    public String text(Dialect dialect) {
      StringBuilder out = new StringBuilder("SELECT ");
      out.append(distinct ? "DISTINCT " : "");
      out.append(
          items.stream()
              .map(i -> i.ex().text(dialect) + " AS " + i.name())
              .collect(Collectors.joining(", ")));
      clause(out, " FROM ", from, dialect);
      clause(out, " WHERE ", where, dialect);
      if (group != null && !group.keys().isEmpty()) {
        out.append(" GROUP BY ").append(group.text(dialect));
      }
      clause(out, " HAVING ", having, dialect);
      clause(out, " QUALIFY ", qualify, dialect);
      if (!order.isEmpty()) {
        out.append(" ORDER BY ");
        out.append(order.stream().map(o -> o.text(dialect)).collect(Collectors.joining(", ")));
      }
      return out.append(limit == null ? "" : " LIMIT " + limit).toString();
    }

    private static void clause(
        StringBuilder out, String word, @Nullable Part part, Dialect dialect) {
      if (part != null) {
        out.append(word).append(part.text(dialect));
      }
    }

    @Override
    public List<Query> smaller() {
      List<Query> out = new ArrayList<>();
      if (from instanceof From.Sub sub) {
        out.add(sub.query());
      }
      if (limit != null || !order.isEmpty()) {
        out.add(ordered(List.of(), null));
      }
      if (distinct) {
        out.add(new Select(false, items, from, where, group, having, qualify, order, limit));
      }
      if (where != null) {
        out.add(with(null, having, qualify));
        where.smaller().forEach(w -> out.add(with(w, having, qualify)));
      }
      if (having != null) {
        out.add(with(where, null, qualify));
        having.smaller().forEach(h -> out.add(with(where, h, qualify)));
      }
      if (qualify != null) {
        out.add(with(where, having, null));
        qualify.smaller().forEach(q -> out.add(with(where, having, q)));
      }
      int keys = group == null ? 0 : group.keys().size();
      for (int i = items.size() - 1; i >= keys && items.size() > 1; i--) {
        List<Item> fewer = new ArrayList<>(items);
        Item removed = fewer.remove(i);
        out.add(
            with(fewer)
                .ordered(
                    order.stream().filter(o -> !o.key().equals(removed.name())).toList(), limit));
      }
      if (group != null) {
        smallerGroups(out, group);
      }
      if (from != null) {
        from.smaller().forEach(f -> out.add(with((From) f)));
      }
      for (int i = keys; i < items.size(); i++) {
        for (Ex ex : items.get(i).ex().smaller()) {
          List<Item> changed = new ArrayList<>(items);
          changed.set(i, new Item(items.get(i).name(), ex));
          out.add(with(changed));
        }
      }
      return out;
    }

    private void smallerGroups(List<Query> out, Group old) {
      if (!old.kind().isEmpty()) {
        out.add(grouped(new Group("", old.keys(), "", false), items));
        return;
      }
      for (int i = 0; i < old.keys().size(); i++) {
        List<Ex> keys = new ArrayList<>(old.keys());
        keys.remove(i);
        List<Item> fewer = new ArrayList<>(items);
        Item removed = fewer.remove(i);
        if (!fewer.isEmpty()) {
          Select one = grouped(new Group("", keys, "", old.byPosition()), fewer);
          out.add(
              one.ordered(
                  order.stream().filter(o -> !o.key().equals(removed.name())).toList(), limit));
        }
        for (Ex smaller : old.keys().get(i).smaller()) {
          List<Ex> changed = new ArrayList<>(old.keys());
          changed.set(i, smaller);
          List<Item> changedItems = new ArrayList<>(items);
          changedItems.set(i, new Item(items.get(i).name(), smaller));
          out.add(grouped(new Group("", changed, "", old.byPosition()), changedItems));
        }
      }
    }

    private Select grouped(Group changed, List<Item> changedItems) {
      return new Select(
          distinct, changedItems, from, where, changed, having, qualify, order, limit);
    }
  }

  /** UNION, INTERSECT or EXCEPT. */
  record Combined(String operator, Query left, Query right) implements Query {
    @Override
    public List<Item> items() {
      return left.items();
    }

    @Override
    public String text(Dialect dialect) {
      String word =
          dialect == Dialect.DUCK && !operator.endsWith("ALL")
              ? operator.replace(" DISTINCT", "")
              : operator;
      return "(" + left.text(dialect) + ") " + word + " (" + right.text(dialect) + ")";
    }

    @Override
    public List<Query> smaller() {
      List<Query> out = new ArrayList<>(List.of(left, right));
      left.smaller().forEach(l -> out.add(new Combined(operator, l, right)));
      right.smaller().forEach(r -> out.add(new Combined(operator, left, r)));
      return out;
    }
  }

  /** WITH name AS (query) query. */
  record With(String name, Query table, Query body) implements Query {
    @Override
    public List<Item> items() {
      return body.items();
    }

    @Override
    public String text(Dialect dialect) {
      return "WITH " + name + " AS (" + table.text(dialect) + ") " + body.text(dialect);
    }

    @Override
    public List<Query> smaller() {
      List<Query> out = new ArrayList<>(List.of(body, table));
      table.smaller().forEach(t -> out.add(new With(name, t, body)));
      body.smaller().forEach(b -> out.add(new With(name, table, b)));
      return out;
    }
  }
}
