package dev.beamline.plan;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A relational operator with its inputs. Rows are bags: order means nothing but after {@link Sort}
 * at the root.
 */
public sealed interface Plan extends Serializable {

  Schema schema();

  List<Plan> inputs();

  /**
   * The rows of a source. The schema holds only the columns that are read; each column's name is
   * the source's.
   *
   * @param eventTime index of the event-time column in the schema, -1 where it is not read or the
   *     source has none
   * @param filter only rows where this is TRUE are given; null: all. Indexes are the schema's
   */
  record Scan(
      String source, Schema schema, int eventTime, boolean bounded, @Nullable Expression filter)
      implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of();
    }
  }

  /**
   * The rows of another query of the project, which is read by its name: the input is that query's
   * whole plan, so that whoever only computes rows may look through it. A pipeline computes the
   * query once for all its readers, under that query's own windowing policy and step names.
   */
  record QueryResult(String query, Plan input) implements Plan {
    @Override
    public Schema schema() {
      return input.schema();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /** Constant rows. */
  record ConstantRows(Schema schema, List<Tuple> rows) implements Plan {
    public ConstantRows {
      rows = List.copyOf(rows);
    }

    @Override
    public List<Plan> inputs() {
      return List.of();
    }
  }

  /** Keeps the rows where the condition (null: none) is TRUE and computes the projections. */
  record Calc(
      Plan input, @Nullable Expression condition, List<Expression> projections, Schema schema)
      implements Plan {
    public Calc {
      projections = List.copyOf(projections);
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /**
   * Puts each row into its windows: the input's columns, then window_start and window_end
   * (TIMESTAMP). A row of a hop goes out once a window; a row whose time is NULL goes to the error
   * output.
   *
   * @param timeColumn index of the event time in the input
   * @param sessionKeys for sessions: columns whose values keep sessions apart; else empty
   */
  record AssignWindows(
      Plan input, WindowSpec window, int timeColumn, List<Integer> sessionKeys, Schema schema)
      implements Plan {
    public AssignWindows {
      sessionKeys = List.copyOf(sessionKeys);
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }

    /** Index of window_start in the output; window_end is the next. */
    public int windowStart() {
      return input.schema().size();
    }
  }

  /**
   * Groups rows and computes aggregates: the key columns in their order, then the calls. Without
   * keys there is one row even of no input. NULL keys are one group.
   *
   * @param groupingSets which of the keys (by position in {@code keys}) each set groups by; the
   *     other keys are NULL there. One set with all keys is the plain GROUP BY
   */
  record Aggregate(
      Plan input,
      List<Integer> keys,
      List<List<Integer>> groupingSets,
      List<AggregateCall> calls,
      Schema schema)
      implements Plan {
    public Aggregate {
      keys = List.copyOf(keys);
      groupingSets = groupingSets.stream().map(List::copyOf).toList();
      calls = List.copyOf(calls);
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /** Appends a column a call, computed over each row's partition in the given order. */
  record Analytic(
      Plan input,
      List<Expression> partitionBy,
      List<SortKey> orderBy,
      List<AnalyticCall> calls,
      Schema schema)
      implements Plan {
    public Analytic {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
      calls = List.copyOf(calls);
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /**
   * The rows of each partition from {@code offset} for {@code limit} in the order. Ties are cut
   * arbitrarily but always the same way: by all columns.
   *
   * @param partitionBy columns of the input, often the window's; empty: all rows are one partition
   */
  record Limit(
      Plan input, List<Integer> partitionBy, List<SortKey> orderBy, long limit, long offset)
      implements Plan {
    public Limit {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
    }

    @Override
    public Schema schema() {
      return input.schema();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /** Orders the result for people. Only a batch result shown as a list keeps it. */
  record Sort(Plan input, List<SortKey> orderBy) implements Plan {
    public Sort {
      orderBy = List.copyOf(orderBy);
    }

    @Override
    public Schema schema() {
      return input.schema();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /**
   * Joins. Output: the left's columns then the right's (SEMI and ANTI: the left's alone).
   *
   * @param leftKeys columns equal to {@code rightKeys} pairwise; NULL equals nothing
   * @param condition over left then right columns, besides the keys; null: none
   */
  record Join(
      Plan left,
      Plan right,
      Kind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      @Nullable Expression condition,
      Schema schema)
      implements Plan {
    /** Which rows without a partner stay. */
    public enum Kind {
      INNER,
      LEFT,
      RIGHT,
      FULL,
      /** Left rows that have a partner, once. */
      SEMI,
      /** Left rows that have none (NOT EXISTS). */
      ANTI,
      /**
       * NOT IN: like ANTI, and a NULL among the right's keys, or on the left of a right that has
       * rows, refuses the row.
       */
      NULL_AWARE_ANTI
    }

    public Join {
      leftKeys = List.copyOf(leftKeys);
      rightKeys = List.copyOf(rightKeys);
    }

    @Override
    public List<Plan> inputs() {
      return List.of(left, right);
    }
  }

  /** All rows of all inputs, which have the same types by position. */
  record Union(List<Plan> inputs, Schema schema) implements Plan {
    public Union {
      inputs = List.copyOf(inputs);
    }
  }

  /** INTERSECT or EXCEPT; NULLs are equal. */
  record SetOperation(Plan left, Plan right, boolean except, boolean all, Schema schema)
      implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * Joins each row with the elements of an array of its own: the input's columns, then the element,
   * then (where asked for) the INT64 offset.
   *
   * @param outer whether a row of an empty or NULL array stays, with NULLs
   * @param condition over the input's columns, the element and the offset; null: none
   */
  record Unnest(
      Plan input,
      Expression array,
      boolean outer,
      boolean withOffset,
      @Nullable Expression condition,
      Schema schema)
      implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of(input);
    }
  }

  /**
   * The value of a subquery that does not look at the row, appended as a column to each row: NULL
   * of no row; more than one row is an error.
   *
   * @param place of the subquery, for that error
   */
  record ScalarSubquery(Plan input, Plan subquery, Schema schema, Place place) implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of(input, subquery);
    }
  }
}
