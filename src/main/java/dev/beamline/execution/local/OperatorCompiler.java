package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.kernel.AnalyticKernel;
import dev.beamline.execution.kernel.GroupKernel;
import dev.beamline.execution.kernel.JoinKernel;
import dev.beamline.execution.kernel.LimitKernel;
import dev.beamline.execution.kernel.RowBuilder;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.kernel.SetKernel;
import dev.beamline.execution.kernel.UnnestKernel;
import dev.beamline.execution.kernel.WindowKernel;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.execution.row.RowOrder;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes operators of plans. */
final class OperatorCompiler {

  private final SourceRows sources;
  private final ExpressionCompiler compiler;
  private final RowErrors errors;

  /** Queries that others read, by name: computed once. */
  private final Map<String, Operator> queries = new HashMap<>();

  OperatorCompiler(SourceRows sources, ExpressionCompiler compiler, RowErrors errors) {
    this.sources = sources;
    this.compiler = compiler;
    this.errors = errors;
  }

  Operator compile(Plan plan) {
    if (plan instanceof Plan.Scan scan) {
      return scan(scan);
    } else if (plan instanceof Plan.QueryResult query) {
      return query(query);
    } else if (plan instanceof Plan.ConstantRows constant) {
      return () -> constant.rows().iterator();
    } else if (plan instanceof Plan.Calc calc) {
      return calc(calc);
    } else if (plan instanceof Plan.AssignWindows windows) {
      return windows(windows);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (plan instanceof Plan.Analytic analytic) {
      return analytic(analytic);
    } else if (plan instanceof Plan.Limit limit) {
      return limit(limit);
    } else if (plan instanceof Plan.Sort sort) {
      return sort(sort);
    } else if (plan instanceof Plan.Join join) {
      return join(join);
    } else if (plan instanceof Plan.Union union) {
      return union(union);
    } else if (plan instanceof Plan.SetOperation operation) {
      return setOperation(operation);
    } else if (plan instanceof Plan.Unnest unnest) {
      return unnest(unnest);
    }
    return scalar((Plan.ScalarSubquery) plan);
  }

  private Operator scan(Plan.Scan scan) {
    if (scan.filter() == null) {
      return () -> sources.rows(scan).iterator();
    }
    Plan.Scan all =
        new Plan.Scan(scan.source(), scan.schema(), scan.eventTime(), scan.bounded(), null);
    return compile(Plans.filter(all, scan.filter()));
  }

  private Function<Expression, Evaluator> expressions() {
    return compiler::evaluator;
  }

  /** An operator that computes all of its rows at once. */
  private static Operator collected(Consumer<Consumer<Tuple>> run) {
    return () -> {
      List<Tuple> rows = new ArrayList<>();
      run.accept(rows::add);
      return rows.iterator();
    };
  }

  private Operator query(Plan.QueryResult query) {
    Operator known = queries.get(query.query());
    if (known != null) {
      return known;
    }
    Operator input = compile(query.input());
    Operator remembering =
        new Operator() {
          private @Nullable List<Tuple> rows;

          @Override
          public Iterator<Tuple> run() {
            List<Tuple> computed = rows;
            if (computed == null) {
              computed = input.rows();
              rows = computed;
            }
            return computed.iterator();
          }
        };
    queries.put(query.query(), remembering);
    return remembering;
  }

  private Operator calc(Plan.Calc calc) {
    Operator input = compile(calc.input());
    Expression condition = calc.condition();
    Evaluator filter = condition == null ? null : compiler.evaluator(condition);
    Evaluator[] projections = compiler.evaluators(calc.projections()).toArray(Evaluator[]::new);
    return () ->
        new MappingIterator(input.run(), errors) {
          @Override
          void map(Tuple row, Consumer<Tuple> out) {
            if (filter != null && !Boolean.TRUE.equals(filter.evaluate(row))) {
              return;
            }
            @Nullable Object[] values = new @Nullable Object[projections.length];
            for (int i = 0; i < values.length; i++) {
              values[i] = projections[i].evaluate(row);
            }
            out.accept(Tuple.of(values));
          }
        };
  }

  private Operator unnest(Plan.Unnest unnest) {
    Operator input = compile(unnest.input());
    UnnestKernel kernel = new UnnestKernel(unnest, expressions());
    return () ->
        new MappingIterator(input.run(), errors) {
          @Override
          void map(Tuple row, Consumer<Tuple> out) {
            kernel.apply(row, out);
          }
        };
  }

  private Operator windows(Plan.AssignWindows windows) {
    Operator input = compile(windows.input());
    return collected(out -> new WindowKernel(windows, errors).apply(input.rows(), out));
  }

  private Operator aggregate(Plan.Aggregate aggregate) {
    Operator input = compile(aggregate.input());
    GroupKernel kernel = new GroupKernel(aggregate, expressions(), errors);
    return collected(
        out -> {
          kernel.clear();
          input.run().forEachRemaining(kernel::add);
          kernel.finish(out);
        });
  }

  private Operator analytic(Plan.Analytic analytic) {
    Operator input = compile(analytic.input());
    AnalyticKernel kernel = new AnalyticKernel(analytic, expressions(), errors);
    return collected(out -> kernel.apply(input.rows(), out));
  }

  private Operator limit(Plan.Limit limit) {
    Operator input = compile(limit.input());
    LimitKernel kernel = new LimitKernel(limit, expressions());
    KeyExtractor partition = KeyExtractor.of(limit.partitionBy(), limit.schema());
    return collected(
        out -> {
          Map<Tuple, LimitKernel.Top> tops = new LinkedHashMap<>();
          input
              .run()
              .forEachRemaining(
                  row ->
                      tops.computeIfAbsent(partition.group(row), k -> kernel.top())
                          .add(row, errors));
          tops.values().forEach(top -> top.result().forEach(out));
        });
  }

  private Operator sort(Plan.Sort sort) {
    Operator input = compile(sort.input());
    RowOrder order = RowOrder.of(sort.orderBy(), expressions());
    return collected(
        out -> {
          List<RowOrder.Keyed> rows = new ArrayList<>();
          input
              .run()
              .forEachRemaining(
                  row -> {
                    try {
                      rows.add(new RowOrder.Keyed(order.keys(row), row));
                    } catch (EvaluationException e) {
                      errors.failed(row, e);
                    }
                  });
          rows.sort(order.comparator(sort.schema()));
          rows.forEach(row -> out.accept(row.row()));
        });
  }

  private Operator join(Plan.Join join) {
    Operator left = compile(join.left());
    Operator right = compile(join.right());
    JoinKernel kernel = new JoinKernel(join, expressions(), errors);
    return collected(
        out -> {
          JoinKernel.Table table = kernel.build(right.rows());
          left.run().forEachRemaining(row -> table.join(row, out));
          table.finish(out);
        });
  }

  private Operator union(Plan.Union union) {
    List<Operator> inputs = union.inputs().stream().map(this::compile).toList();
    return collected(out -> inputs.forEach(input -> input.run().forEachRemaining(out)));
  }

  private Operator setOperation(Plan.SetOperation operation) {
    Operator left = compile(operation.left());
    Operator right = compile(operation.right());
    SetKernel kernel = new SetKernel(operation);
    return collected(out -> kernel.apply(left.rows(), right.rows(), out));
  }

  private Operator scalar(Plan.ScalarSubquery scalar) {
    Operator input = compile(scalar.input());
    Operator subquery = compile(scalar.subquery());
    return collected(
        out -> {
          Iterator<Tuple> rows = subquery.run();
          Object value = rows.hasNext() ? rows.next().get(0) : null;
          if (rows.hasNext()) {
            throw new EvaluationException(
                "Scalar subquery produced more than one element", scalar.place());
          }
          input.run().forEachRemaining(row -> out.accept(RowBuilder.append(row, value)));
        });
  }
}
