package dev.beamline.sql.parser;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlExpression.OrderItem;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses {@code |> AGGREGATE SUM(x) AS total GROUP BY team}: the groups become the first columns,
 * the aggregates the others.
 */
final class PipeAggregateParser {

  /** Windows group, but are no columns themselves. */
  private static final Set<String> WINDOWS = Set.of("TUMBLE", "HOP", "SESSION", "CUMULATE");

  private final Grammar grammar;
  private final Cursor cursor;
  private final List<SqlQuery.SelectItem> groups = new ArrayList<>();
  private final List<SqlQuery.SelectItem> aggregates = new ArrayList<>();
  private final List<SqlQuery.GroupItem> groupBy = new ArrayList<>();
  private final List<Suffix> groupOrder = new ArrayList<>();
  private final List<Suffix> aggregateOrder = new ArrayList<>();

  PipeAggregateParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** ASC or DESC behind the item at this index of its list. */
  private record Suffix(int index, boolean descending, @Nullable Boolean nullsFirst) {}

  void aggregate(PipeInput input) {
    Token word = cursor.next();
    Place place = cursor.place(word);
    if (!cursor.isWord("GROUP")) {
      aggregates();
    }
    boolean grouped = cursor.acceptWord("GROUP");
    if (grouped) {
      boolean ordered = cursor.isWord("AND");
      if (ordered) {
        cursor.next();
        cursor.expectWord("ORDER");
      }
      cursor.expectWord("BY");
      groups(ordered);
    }
    if (groupBy.isEmpty()) {
      // One row for the whole table, even where no aggregate function is called.
      groupBy.add(new SqlQuery.GroupList(List.of()));
    }
    List<SqlQuery.SelectItem> items = new ArrayList<>(groups);
    items.addAll(aggregates);
    if (items.isEmpty()) {
      throw cursor.syntax(word, "AGGREGATE has neither an aggregate nor a column", null);
    }
    SqlQuery.Select select =
        new SqlQuery.Select(
            false,
            "",
            items,
            input.item(place),
            input.condition(),
            groupBy,
            false,
            null,
            null,
            List.of(),
            place);
    input.aggregate(select, orderBy(place));
  }

  private void aggregates() {
    do {
      boolean ends =
          cursor.isWord("GROUP") || cursor.isSymbol("|>") || cursor.isSymbol(")") || cursor.atEnd();
      if (ends && !aggregates.isEmpty()) {
        return;
      }
      SqlExpression expression = grammar.expressions().expression();
      aggregates.add(new SqlQuery.ExpressionItem(expression, grammar.aliases().alias("an alias")));
      suffix(aggregateOrder, aggregates.size() - 1, false);
    } while (cursor.acceptSymbol(","));
  }

  private void groups(boolean ordered) {
    do {
      SqlQuery.GroupItem item = grammar.groups().groupItem(false);
      if (item instanceof SqlQuery.GroupExpression group) {
        group(group, ordered);
      } else {
        Map<String, SqlExpression> columns = new LinkedHashMap<>();
        collect(item, columns);
        columns.values().forEach(c -> groups.add(new SqlQuery.ExpressionItem(c, null)));
        groupBy.add(item);
      }
    } while (cursor.acceptSymbol(","));
  }

  private void group(SqlQuery.GroupExpression group, boolean ordered) {
    SqlExpression expression = group.expression();
    if (expression instanceof SqlExpression.IntegerLiteral ordinal) {
      throw cursor.error(
          DiagnosticCode.SQL_SYNTAX,
          ordinal.place(),
          "GROUP BY of a pipe takes no ordinals",
          "Name the column");
    }
    if (expression instanceof SqlExpression.Call call
        && call.over() == null
        && WINDOWS.contains(call.name())) {
      groupBy.add(group);
      return;
    }
    Identifier alias = grammar.aliases().alias("an alias");
    groups.add(new SqlQuery.ExpressionItem(expression, alias));
    // By ordinal: an alias could be mistaken for a column of the input.
    groupBy.add(new SqlQuery.GroupExpression(ordinal(groups.size(), expression.place())));
    suffix(groupOrder, groups.size() - 1, ordered);
  }

  private static SqlExpression ordinal(int number, Place place) {
    return new SqlExpression.IntegerLiteral(Integer.toString(number), place);
  }

  /** The columns of ROLLUP, CUBE and GROUPING SETS, each once. */
  private static void collect(SqlQuery.GroupItem item, Map<String, SqlExpression> columns) {
    if (item instanceof SqlQuery.GroupExpression group) {
      columns.putIfAbsent(Unparser.text(group.expression()), group.expression());
    } else if (item instanceof SqlQuery.GroupList list) {
      list.expressions().forEach(e -> columns.putIfAbsent(Unparser.text(e), e));
    } else if (item instanceof SqlQuery.Rollup rollup) {
      rollup.items().forEach(i -> collect(i, columns));
    } else if (item instanceof SqlQuery.Cube cube) {
      cube.items().forEach(i -> collect(i, columns));
    } else if (item instanceof SqlQuery.GroupingSets sets) {
      sets.sets().forEach(i -> collect(i, columns));
    }
  }

  private void suffix(List<Suffix> order, int index, boolean always) {
    boolean written = cursor.isWord("ASC") || cursor.isWord("DESC");
    boolean descending = cursor.acceptWord("DESC");
    if (!descending) {
      cursor.acceptWord("ASC");
    }
    Boolean nullsFirst = written || always ? grammar.queries().nullsFirst() : null;
    if (written || always) {
      order.add(new Suffix(index, descending, nullsFirst));
    }
  }

  private List<OrderItem> orderBy(Place place) {
    List<OrderItem> items = new ArrayList<>();
    groupOrder.forEach(s -> items.add(item(s, 1, place)));
    aggregateOrder.forEach(s -> items.add(item(s, groups.size() + 1, place)));
    return items;
  }

  private static OrderItem item(Suffix suffix, int first, Place place) {
    return new OrderItem(
        ordinal(first + suffix.index(), place), suffix.descending(), suffix.nullsFirst());
  }
}
