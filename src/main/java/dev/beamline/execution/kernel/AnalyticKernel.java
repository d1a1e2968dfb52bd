package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.Expressions;
import dev.beamline.execution.aggregate.GroupAggregator;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.RowOrder;
import dev.beamline.execution.row.RowOrder.Keyed;
import dev.beamline.execution.row.ValueComparator;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.AnalyticCall.Bound;
import dev.beamline.plan.AnalyticCall.Frame;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Functions OVER windows. Rows that are equal in the order are put in the order of all columns, so
 * that ROW_NUMBER, LAG and ROWS frames do not depend on how the rows came. A row on which an
 * expression fails goes to the errors and takes no part.
 */
public final class AnalyticKernel {

  /** Of aggregates that name no frame. */
  private static final Frame RUNNING =
      new Frame(
          false,
          new Bound(Bound.Kind.UNBOUNDED_PRECEDING, null),
          new Bound(Bound.Kind.CURRENT_ROW, null));

  private static final Frame WHOLE =
      new Frame(
          true,
          new Bound(Bound.Kind.UNBOUNDED_PRECEDING, null),
          new Bound(Bound.Kind.UNBOUNDED_FOLLOWING, null));

  private final Plan.Analytic plan;
  private final List<Evaluator> partitionBy;
  private final RowOrder order;
  private final Comparator<Tuple> ties;
  private final List<Expression> slots = new ArrayList<>();
  private final List<Evaluator> slotEvaluators = new ArrayList<>();
  private final List<List<Expression>> arguments = new ArrayList<>();
  private final RowErrors errors;

  public AnalyticKernel(
      Plan.Analytic plan, Function<Expression, Evaluator> compiler, RowErrors errors) {
    this.plan = plan;
    this.errors = errors;
    this.partitionBy = plan.partitionBy().stream().map(compiler).toList();
    this.order = RowOrder.of(plan.orderBy(), compiler);
    this.ties = ValueComparator.rows(plan.input().schema());
    for (AnalyticCall call : plan.calls()) {
      arguments.add(call.arguments().stream().map(a -> slot(a, compiler)).toList());
    }
  }

  /** A row with what is computed of it: its sort keys and the arguments of all calls. */
  private record Prepared(Keyed keyed, Tuple slots) {}

  private Expression slot(Expression expression, Function<Expression, Evaluator> compiler) {
    if (expression instanceof Expression.Literal) {
      return expression;
    }
    for (int i = 0; i < slots.size(); i++) {
      if (Expressions.same(slots.get(i), expression)) {
        return new Expression.InputColumn(i, expression.type());
      }
    }
    slots.add(expression);
    slotEvaluators.add(compiler.apply(expression));
    return new Expression.InputColumn(slots.size() - 1, expression.type());
  }

  /** The partition that a row belongs to; NULL is a value like others. */
  public Tuple partition(Tuple row) {
    @Nullable Object[] key = new @Nullable Object[partitionBy.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = Keys.normalize(partitionBy.get(i).evaluate(row));
    }
    return Tuple.of(key);
  }

  /** Computes the calls over all rows, partition by partition. */
  public void apply(Iterable<Tuple> rows, Consumer<Tuple> out) {
    Map<Tuple, List<Tuple>> partitions = new LinkedHashMap<>();
    for (Tuple row : rows) {
      try {
        partitions.computeIfAbsent(partition(row), k -> new ArrayList<>()).add(row);
      } catch (EvaluationException e) {
        errors.failed(row, e);
      }
    }
    for (List<Tuple> partition : partitions.values()) {
      applyToPartition(partition, out);
    }
  }

  /** Computes the calls over the rows of one partition; they come out in the window's order. */
  public void applyToPartition(Iterable<Tuple> partition, Consumer<Tuple> out) {
    List<Prepared> prepared = new ArrayList<>();
    for (Tuple row : partition) {
      try {
        prepared.add(new Prepared(new Keyed(order.keys(row), row), slots(row)));
      } catch (EvaluationException e) {
        errors.failed(row, e);
      }
    }
    prepared.sort(
        (a, b) -> {
          int compared = order.compare(a.keyed.keys(), b.keyed.keys());
          return compared != 0 ? compared : ties.compare(a.keyed.row(), b.keyed.row());
        });
    List<Keyed> rows = prepared.stream().map(Prepared::keyed).toList();
    List<Tuple> values = prepared.stream().map(Prepared::slots).toList();
    List<@Nullable Object[]> columns;
    try {
      columns = columns(rows, values);
    } catch (EvaluationException e) {
      // An overflow, say, of one frame: there is no telling which rows it leaves right.
      rows.forEach(row -> errors.failed(row.row(), e));
      return;
    }
    int width = plan.input().schema().size();
    for (int i = 0; i < rows.size(); i++) {
      @Nullable Object[] row = Arrays.copyOf(rows.get(i).row().values(), width + columns.size());
      for (int c = 0; c < columns.size(); c++) {
        row[width + c] = columns.get(c)[i];
      }
      out.accept(Tuple.of(row));
    }
  }

  private Tuple slots(Tuple row) {
    @Nullable Object[] values = new @Nullable Object[slotEvaluators.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = slotEvaluators.get(i).evaluate(row);
    }
    return Tuple.of(values);
  }

  private List<@Nullable Object[]> columns(List<Keyed> rows, List<Tuple> values) {
    Peers peers = new Peers(order, rows);
    Map<Frame, Frames> frames = new LinkedHashMap<>();
    List<@Nullable Object[]> columns = new ArrayList<>();
    for (int i = 0; i < plan.calls().size(); i++) {
      AnalyticCall call = plan.calls().get(i);
      try {
        columns.add(column(call, arguments.get(i), rows, values, peers, frames));
      } catch (EvaluationException e) {
        throw e.at(call.place());
      }
    }
    return columns;
  }

  private @Nullable Object[] column(
      AnalyticCall call,
      List<Expression> arguments,
      List<Keyed> rows,
      List<Tuple> values,
      Peers peers,
      Map<Frame, Frames> frames) {
    int n = rows.size();
    boolean ignoreNulls = call.nulls() == Nulls.IGNORE;
    return switch (call.function()) {
      case "ROW_NUMBER" -> RankingFunctions.rowNumber(n);
      case "RANK" -> RankingFunctions.rank(n, peers);
      case "DENSE_RANK" -> RankingFunctions.denseRank(n, peers);
      case "PERCENT_RANK" -> RankingFunctions.percentRank(n, peers);
      case "CUME_DIST" -> RankingFunctions.cumeDist(n, peers);
      case "NTILE" -> RankingFunctions.ntile(n, constant(arguments.get(0)));
      case "LAG", "LEAD" ->
          NavigationFunctions.shifted(
              values(arguments.get(0), values),
              arguments.size() > 1 ? constant(arguments.get(1)) : Long.valueOf(1),
              call.function().equals("LEAD"),
              arguments.size() > 2 ? values(arguments.get(2), values) : new @Nullable Object[n],
              ignoreNulls);
      case "FIRST_VALUE", "LAST_VALUE" ->
          NavigationFunctions.edge(
              values(arguments.get(0), values),
              frames(call, rows, peers, frames),
              call.function().equals("LAST_VALUE"),
              ignoreNulls);
      case "NTH_VALUE" ->
          NavigationFunctions.nth(
              values(arguments.get(0), values),
              frames(call, rows, peers, frames),
              constant(arguments.get(1)),
              ignoreNulls);
      default ->
          FramedAggregate.compute(
              GroupAggregator.ordered(
                  List.of(aggregate(call, arguments)), ExpressionCompiler::compile),
              values,
              frames(call, rows, peers, frames));
    };
  }

  private Frames frames(
      AnalyticCall call, List<Keyed> rows, Peers peers, Map<Frame, Frames> known) {
    Frame frame = call.frame();
    if (frame == null) {
      boolean whole = plan.orderBy().isEmpty() || call.function().startsWith("PERCENTILE_");
      frame = whole ? WHOLE : RUNNING;
    }
    return known.computeIfAbsent(frame, f -> Frames.of(f, plan.orderBy(), rows, peers));
  }

  private static AggregateCall aggregate(AnalyticCall call, List<Expression> arguments) {
    return new AggregateCall(
        call.function(),
        arguments,
        call.distinct(),
        null,
        List.of(),
        null,
        call.nulls(),
        call.type(),
        call.place());
  }

  private static @Nullable Object[] values(Expression slot, List<Tuple> rows) {
    Evaluator evaluator = ExpressionCompiler.compile(slot);
    @Nullable Object[] values = new @Nullable Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = evaluator.evaluate(rows.get(i));
    }
    return values;
  }

  private static @Nullable Object constant(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      return literal.value();
    }
    throw new IllegalArgumentException("an analytic function needs a constant here");
  }
}
