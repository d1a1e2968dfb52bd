package dev.beamline.sql.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands behind FROM. */
sealed interface From extends Part {

  @Override
  List<From> smaller();

  /** A table of the data, or a common table. */
  record Named(String table, String alias) implements From {
    @Override
    public String text(Dialect dialect) {
      return table + " AS " + alias;
    }

    @Override
    public List<From> smaller() {
      return List.of();
    }
  }

  /** A query in parentheses. */
  record Sub(Query query, String alias) implements From {
    @Override
    public String text(Dialect dialect) {
      return "(" + query.text(dialect) + ") AS " + alias;
    }

    @Override
    public List<From> smaller() {
      List<From> out = new ArrayList<>();
      query.smaller().forEach(q -> out.add(new Sub(q, alias)));
      return out;
    }
  }

  /** Two tables; ON, USING or neither. */
  record Join(String kind, From left, From right, @Nullable Ex on, @Nullable String using)
      implements From {
    @Override
    public String text(Dialect dialect) {
      return left.text(dialect)
          + " "
          + kind
          + " JOIN "
          + right.text(dialect)
          + (on == null ? "" : " ON " + on.text(dialect))
          + (using == null ? "" : " USING (" + using + ")");
    }

    @Override
    public List<From> smaller() {
      List<From> out = new ArrayList<>(List.of(left, right));
      left.smaller().forEach(l -> out.add(new Join(kind, l, right, on, using)));
      right.smaller().forEach(r -> out.add(new Join(kind, left, r, on, using)));
      if (on != null) {
        on.smaller().forEach(o -> out.add(new Join(kind, left, right, o, using)));
      }
      return out;
    }
  }

  /** A join in parentheses. */
  record Nested(From join) implements From {
    @Override
    public String text(Dialect dialect) {
      return "(" + join.text(dialect) + ")";
    }

    @Override
    public List<From> smaller() {
      List<From> out = new ArrayList<>();
      for (From from : join.smaller()) {
        out.add(from instanceof Join || from instanceof Unnest ? new Nested(from) : from);
      }
      return out;
    }
  }

  /** The elements of an array of the row to the left. */
  record Unnest(From left, Ex array, String alias, @Nullable String offset, boolean outer)
      implements From {
    @Override
    public String text(Dialect dialect) {
      if (dialect == Dialect.GOOGLE) {
        return left.text(dialect)
            + (outer ? " LEFT JOIN" : " CROSS JOIN")
            + " UNNEST("
            + array.text(dialect)
            + ") AS "
            + alias
            + (offset == null ? "" : " WITH OFFSET AS " + offset);
      }
      String list = array.text(dialect);
      return left.text(dialect)
          + (outer ? " LEFT JOIN" : " CROSS JOIN")
          + " LATERAL (SELECT UNNEST("
          + list
          + ") AS "
          + alias
          + (offset == null ? "" : ", UNNEST(RANGE(LEN(" + list + "))) AS " + offset)
          + ") AS of_"
          + alias
          + (outer ? " ON TRUE" : "");
    }

    @Override
    public List<From> smaller() {
      List<From> out = new ArrayList<>(List.of(left));
      left.smaller().forEach(l -> out.add(new Unnest(l, array, alias, offset, outer)));
      array.smaller().forEach(a -> out.add(new Unnest(left, a, alias, offset, outer)));
      return out;
    }
  }

  /** A window function over a table with the columns id, ts and others. */
  record Windowed(String table, String alias, Windows windows) implements From {
    @Override
    public String text(Dialect dialect) {
      return windows.text(dialect, table) + " AS " + alias;
    }

    @Override
    public List<From> smaller() {
      return List.of();
    }
  }

  /**
   * PIVOT of a table: for two values of a column an aggregate of another, by a third.
   *
   * @param function COUNT, MIN or MAX
   */
  record Pivot(String table, String group, String by, String value, String function, String alias)
      implements From {
    @Override
    public String text(Dialect dialect) {
      if (dialect == Dialect.GOOGLE) {
        return "(SELECT "
            + group
            + " AS g, "
            + by
            + " AS p, "
            + value
            + " AS q FROM "
            + table
            + ") PIVOT ("
            + function
            + "(q) AS z FOR p IN (1 AS one, 2 AS two)) AS "
            + alias;
      }
      return "(SELECT "
          + group
          + " AS g, "
          + function
          + "("
          + value
          + ") FILTER (WHERE "
          + by
          + " = 1) AS z_one, "
          + function
          + "("
          + value
          + ") FILTER (WHERE "
          + by
          + " = 2) AS z_two FROM "
          + table
          + " GROUP BY "
          + group
          + ") AS "
          + alias;
    }

    @Override
    public List<From> smaller() {
      return List.of();
    }
  }

  /** UNPIVOT of two columns of a table. */
  record Unpivot(String table, String one, String two, boolean nulls, String alias)
      implements From {
    @Override
    public String text(Dialect dialect) {
      if (dialect == Dialect.GOOGLE) {
        return table
            + " UNPIVOT "
            + (nulls ? "INCLUDE NULLS " : "")
            + "(v FOR n IN ("
            + one
            + ", "
            + two
            + ")) AS "
            + alias;
      }
      return "(" + half(one) + " UNION ALL " + half(two) + ") AS " + alias;
    }

    private String half(String column) {
      return "SELECT * EXCLUDE ("
          + one
          + ", "
          + two
          + "), "
          + column
          + " AS v, '"
          + column
          + "' AS n FROM "
          + table
          + (nulls ? "" : " WHERE " + column + " IS NOT NULL");
    }

    @Override
    public List<From> smaller() {
      return List.of();
    }
  }
}
