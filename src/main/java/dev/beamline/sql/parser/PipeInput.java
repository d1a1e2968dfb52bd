package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlExpression.OrderItem;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlQuery.FromItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table that flows through pipe operators: either an open FROM with a WHERE, whose aliases are
 * still visible, or a finished query with at most one alias.
 */
final class PipeInput {

  private @Nullable FromItem from;
  private @Nullable SqlExpression where;
  private @Nullable SqlQuery query;
  private @Nullable Identifier alias;
  private Place place;
  private boolean orderLost;

  private PipeInput(Place place) {
    this.place = place;
  }

  static PipeInput of(FromItem from, Place place) {
    PipeInput input = new PipeInput(place);
    input.from = from;
    return input;
  }

  static PipeInput of(SqlQuery query, @Nullable Identifier alias) {
    PipeInput input = new PipeInput(query.place());
    input.query = query;
    input.alias = alias;
    return input;
  }

  static SqlQuery.StarItem star(Place place) {
    return new SqlQuery.StarItem(null, List.of(), List.of(), place);
  }

  // --- As what the next operator wants ---------------------------------------------------------

  /** The whole as a query. */
  SqlQuery query() {
    if (query != null) {
      return query;
    }
    return plain(selectOf(false, List.of(star(place)), List.of(), place));
  }

  /** The FROM of the next SELECT, which also takes {@link #condition}. */
  FromItem item(Place operator) {
    if (from == null) {
      from = new SqlQuery.Subquery(query(), alias, List.of(), operator);
      query = null;
    }
    place = operator;
    return from;
  }

  /** The WHERE of the next SELECT. */
  @Nullable SqlExpression condition() {
    return where;
  }

  /** The left side of a join: a FROM without a condition. */
  FromItem joinable(Place operator) {
    if (from != null && where != null) {
      close(query(), visible(from));
    }
    return item(operator);
  }

  /** The table argument of a function. */
  FromItem table(Place operator) {
    boolean bare = where == null && from instanceof SqlQuery.TableName;
    return bare && from instanceof SqlQuery.TableName table
        ? new SqlQuery.TableName(table.path(), null, null)
        : new SqlQuery.Subquery(query(), null, List.of(), operator);
  }

  /** A SELECT of these items from this input. */
  SqlQuery.Select selectOf(
      boolean distinct,
      List<SqlQuery.SelectItem> items,
      List<SqlQuery.NamedWindow> windows,
      Place operator) {
    FromItem item = item(operator);
    return new SqlQuery.Select(
        distinct, "", items, item, where, List.of(), false, null, null, windows, operator);
  }

  // --- What an operator makes of it ------------------------------------------------------------

  void from(FromItem item) {
    from = item;
    where = null;
    query = null;
    alias = null;
    orderLost = false;
  }

  /** Takes a SELECT over this input; aliases stay visible where its rows only grew or shrank. */
  void select(SqlQuery.Select select, boolean keepsAlias) {
    FromItem before = from;
    close(plain(select), keepsAlias && before != null ? visible(before) : null);
  }

  void select(
      boolean distinct, List<SqlQuery.SelectItem> items, Place operator, boolean keepsAlias) {
    select(selectOf(distinct, items, List.of(), operator), keepsAlias);
  }

  void as(Identifier name) {
    close(query(), name);
  }

  void where(SqlExpression condition, boolean analytic, Place operator) {
    FromItem item = item(operator);
    orderLost = false;
    if (analytic) {
      SqlQuery.Select select =
          new SqlQuery.Select(
              false,
              "",
              List.of(star(operator)),
              item,
              where,
              List.of(),
              false,
              null,
              condition,
              List.of(),
              operator);
      close(plain(select), visible(item));
    } else {
      SqlExpression before = where;
      where =
          before == null ? condition : new SqlExpression.Binary("AND", before, condition, operator);
    }
  }

  void orderBy(List<OrderItem> items, Place operator) {
    FromItem item = item(operator);
    SqlQuery sorted = plain(selectOf(false, List.of(star(operator)), List.of(), operator));
    close(with(sorted, items, null, null), visible(item));
    orderLost = false;
  }

  void limit(@Nullable SqlExpression limit, @Nullable SqlExpression offset, Place operator) {
    SqlQuery current = query();
    Identifier visible = from == null ? alias : visible(from);
    if (current.limit() != null || current.offset() != null) {
      close(current, visible);
      item(operator);
      current = query();
    }
    close(with(current, current.orderBy(), limit, offset), visible);
  }

  void combine(
      String operator,
      boolean all,
      SqlQuery.@Nullable ByName byName,
      SqlQuery.Body right,
      Place word) {
    SqlQuery left = query();
    boolean bare =
        left.body() instanceof SqlQuery.Select
            && left.with().isEmpty()
            && left.orderBy().isEmpty()
            && left.limit() == null
            && left.offset() == null;
    SqlQuery.Body body = bare ? left.body() : new SqlQuery.Nested(left);
    close(plain(new SqlQuery.SetOperation(operator, all, byName, body, right, word)), null);
    orderLost = false;
  }

  /** Takes an aggregation over this input. */
  void aggregate(SqlQuery.Select select, List<OrderItem> orderBy) {
    close(with(plain(select), orderBy, null, null), null);
    orderLost = false;
  }

  // --- Order -----------------------------------------------------------------------------------

  boolean orderedWithoutLimit() {
    return query != null
        && !query.orderBy().isEmpty()
        && query.limit() == null
        && query.offset() == null;
  }

  boolean limitedInOrder() {
    return query != null && !query.orderBy().isEmpty() && !orderedWithoutLimit();
  }

  /** Notes that an operator keeps the order, which the nested SELECTs do not say. */
  void passOrder() {
    orderLost |= query != null && !query.orderBy().isEmpty();
  }

  boolean orderLost() {
    return orderLost;
  }

  // --- Inside ----------------------------------------------------------------------------------

  private void close(SqlQuery closed, @Nullable Identifier visible) {
    query = closed;
    alias = visible;
    from = null;
    where = null;
  }

  /** The one alias that the rows of an item can be called by; null for a join. */
  private static @Nullable Identifier visible(FromItem item) {
    if (item instanceof SqlQuery.TableName table) {
      Identifier given = table.alias();
      return given == null ? table.path().get(table.path().size() - 1) : given;
    }
    if (item instanceof SqlQuery.Subquery subquery) {
      return subquery.alias();
    }
    return item instanceof SqlQuery.TableFunction function ? function.alias() : null;
  }

  private static SqlQuery plain(SqlQuery.Body body) {
    return new SqlQuery(false, List.of(), body, List.of(), null, null, body.place());
  }

  private static SqlQuery with(
      SqlQuery query,
      List<OrderItem> orderBy,
      @Nullable SqlExpression limit,
      @Nullable SqlExpression offset) {
    return new SqlQuery(
        query.recursive(), query.with(), query.body(), orderBy, limit, offset, query.place());
  }
}
