package dev.beamline.sql.ast;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query expression: WITH, a body, ORDER BY and LIMIT.
 *
 * @param recursive whether WITH RECURSIVE was written
 */
public record SqlQuery(
    boolean recursive,
    List<CommonTable> with,
    Body body,
    List<SqlExpression.OrderItem> orderBy,
    @Nullable SqlExpression limit,
    @Nullable SqlExpression offset,
    Place place) {

  public SqlQuery {
    with = List.copyOf(with);
    orderBy = List.copyOf(orderBy);
  }

  /** {@code name AS (query)}. */
  public record CommonTable(Identifier name, SqlQuery query) {}

  /** What stands between WITH and ORDER BY. */
  public sealed interface Body {
    Place place();
  }

  /**
   * {@code left UNION|INTERSECT|EXCEPT ALL|DISTINCT right}.
   *
   * @param operator UNION, INTERSECT or EXCEPT
   */
  public record SetOperation(
      String operator, boolean all, @Nullable ByName byName, Body left, Body right, Place place)
      implements Body {}

  /**
   * How a set operation matches columns by their names.
   *
   * @param mode which columns the result has: empty for the same on both sides, else INNER (those
   *     of both), LEFT (those of the left) or FULL (all)
   * @param columns the columns to match alone; empty for all
   */
  public record ByName(String mode, List<Identifier> columns) {
    public ByName {
      columns = List.copyOf(columns);
    }
  }

  /** A query in parentheses. */
  public record Nested(SqlQuery query) implements Body {
    @Override
    public Place place() {
      return query.place();
    }
  }

  /** {@code VALUES (1, 'a'), (2, 'b')}. */
  public record Values(List<List<SqlExpression>> rows, Place place) implements Body {
    public Values {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * {@code SELECT}.
   *
   * @param as STRUCT or VALUE after SELECT AS; empty else
   * @param from null where there is none
   * @param groupBy empty for none; GROUP BY ALL is {@code groupByAll}
   * @param windows of the WINDOW clause
   */
  public record Select(
      boolean distinct,
      String as,
      List<SelectItem> items,
      @Nullable FromItem from,
      @Nullable SqlExpression where,
      List<GroupItem> groupBy,
      boolean groupByAll,
      @Nullable SqlExpression having,
      @Nullable SqlExpression qualify,
      List<NamedWindow> windows,
      Place place)
      implements Body {
    public Select {
      items = List.copyOf(items);
      groupBy = List.copyOf(groupBy);
      windows = List.copyOf(windows);
    }
  }

  /** {@code WINDOW name AS (...)}. */
  public record NamedWindow(Identifier name, SqlExpression.Over over) {}

  /** One item of a SELECT list. */
  public sealed interface SelectItem {
    Place place();
  }

  /** An expression, perhaps with an alias. */
  public record ExpressionItem(SqlExpression expression, @Nullable Identifier alias)
      implements SelectItem {
    @Override
    public Place place() {
      return expression.place();
    }
  }

  /**
   * {@code *}, {@code t.*}, {@code expr.*} with EXCEPT and REPLACE.
   *
   * @param qualifier null for the bare star
   */
  public record StarItem(
      @Nullable SqlExpression qualifier,
      List<Identifier> except,
      List<ExpressionItem> replace,
      List<Renaming> rename,
      Place place)
      implements SelectItem {
    public StarItem {
      except = List.copyOf(except);
      replace = List.copyOf(replace);
      rename = List.copyOf(rename);
    }

    public StarItem(
        @Nullable SqlExpression qualifier,
        List<Identifier> except,
        List<ExpressionItem> replace,
        Place place) {
      this(qualifier, except, replace, List.of(), place);
    }
  }

  /** {@code |> RENAME old AS new}. */
  public record Renaming(Identifier old, Identifier name) {}

  /** One item of GROUP BY. */
  public sealed interface GroupItem {}

  /** A plain expression, an alias, an ordinal or a window call. */
  public record GroupExpression(SqlExpression expression) implements GroupItem {}

  /** {@code GROUPING SETS (...)}; the empty list is the grand total. Items may be nested. */
  public record GroupingSets(List<GroupItem> sets, Place place) implements GroupItem {
    public GroupingSets {
      sets = List.copyOf(sets);
    }
  }

  /** {@code (a, b)} inside ROLLUP, CUBE or GROUPING SETS; {@code ()} anywhere. */
  public record GroupList(List<SqlExpression> expressions) implements GroupItem {
    public GroupList {
      expressions = List.copyOf(expressions);
    }
  }

  public record Rollup(List<GroupItem> items, Place place) implements GroupItem {
    public Rollup {
      items = List.copyOf(items);
    }
  }

  public record Cube(List<GroupItem> items, Place place) implements GroupItem {
    public Cube {
      items = List.copyOf(items);
    }
  }

  /** One item of FROM. */
  public sealed interface FromItem {
    Place place();
  }

  /**
   * A table, a common table or another query by its name; or, where the first part is an alias to
   * its left, that row's array (BigQuery's implicit UNNEST).
   */
  public record TableName(
      List<Identifier> path, @Nullable Identifier alias, @Nullable Identifier withOffset)
      implements FromItem {
    public TableName {
      path = List.copyOf(path);
    }

    @Override
    public Place place() {
      return path.get(0).place();
    }
  }

  /** {@code (query) AS alias}; columns: {@code AS t (a, b)}, empty where not given. */
  public record Subquery(
      SqlQuery query, @Nullable Identifier alias, List<Identifier> columns, Place place)
      implements FromItem {
    public Subquery {
      columns = List.copyOf(columns);
    }
  }

  /** The alias of UNPIVOT's input, of which, unlike elsewhere, no column needs to be left. */
  public static final String UNPIVOTED = "$row";

  /**
   * {@code input PIVOT (SUM(x) AS total FOR column IN (1 AS one, 2 AS two)) AS alias}.
   *
   * @param aggregates with a name, or none
   * @param values with a name, or none
   */
  public record Pivot(
      FromItem input,
      List<ExpressionItem> aggregates,
      SqlExpression column,
      List<ExpressionItem> values,
      @Nullable Identifier alias,
      Place place)
      implements FromItem {
    public Pivot {
      aggregates = List.copyOf(aggregates);
      values = List.copyOf(values);
    }
  }

  /** {@code UNNEST(array) AS alias WITH OFFSET AS o}; withOffset's name is "offset" by default. */
  public record UnnestTable(
      SqlExpression array,
      @Nullable Identifier alias,
      List<Identifier> columns,
      @Nullable Identifier withOffset,
      Place place)
      implements FromItem {
    public UnnestTable {
      columns = List.copyOf(columns);
    }
  }

  /**
   * {@code TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))}, also without the outer TABLE
   * and with named arguments (DATA => ..., TIMECOL => ..., SIZE => ...).
   *
   * @param function upper case
   */
  public record TableFunction(
      String function, List<TableArgument> arguments, @Nullable Identifier alias, Place place)
      implements FromItem {
    public TableFunction {
      arguments = List.copyOf(arguments);
    }
  }

  /** An argument of a table function; its name is upper case, null where by position. */
  public record TableArgument(@Nullable String name, TableArgumentValue value) {}

  /** What is passed to a table function. */
  public sealed interface TableArgumentValue {}

  /** {@code TABLE t PARTITION BY k} or {@code (query) PARTITION BY k}. */
  public record InputTable(FromItem table, List<SqlExpression> partitionBy)
      implements TableArgumentValue {
    public InputTable {
      partitionBy = List.copyOf(partitionBy);
    }
  }

  /** {@code DESCRIPTOR(a, b)}. */
  public record Descriptor(List<Identifier> columns, Place place) implements TableArgumentValue {
    public Descriptor {
      columns = List.copyOf(columns);
    }
  }

  /** An interval, a number ... */
  public record ScalarArgument(SqlExpression expression) implements TableArgumentValue {}

  /**
   * A join.
   *
   * @param kind INNER, LEFT, RIGHT, FULL, CROSS; the comma is CROSS
   * @param on null with USING, with CROSS, and where an array of the left row is joined without one
   * @param using empty where ON or nothing is written
   */
  public record Join(
      String kind,
      FromItem left,
      FromItem right,
      @Nullable SqlExpression on,
      List<Identifier> using,
      Place place)
      implements FromItem {
    public Join {
      using = List.copyOf(using);
    }
  }
}
