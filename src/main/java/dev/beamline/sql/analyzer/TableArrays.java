package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a subquery over tables, which reads the row around it wherever it likes, one that reads
 * that row alone: each part of it that does not look at the row becomes an array of its rows, a
 * column of the row around. Where the rows of a part are at once compared with the row by equality,
 * the array holds only those that are equal.
 */
final class TableArrays {

  private final Compilation compilation;
  private final List<Attachment> attachments;
  private final Place place;

  TableArrays(Compilation compilation, List<Attachment> attachments, Place place) {
    this.compilation = compilation;
    this.attachments = attachments;
    this.place = place;
  }

  /** The plan over arrays instead of tables: it reads no source any more. */
  Plan over(Plan plan) {
    if (!Plans.readsSource(plan)) {
      return plan;
    } else if (plan instanceof Plan.Calc calc
        && Plans.readsOuter(calc)
        && !Plans.readsOuter(calc.input())) {
      return filtered(calc);
    } else if (!Plans.readsOuter(plan)) {
      List<Integer> all = Plans.places(plan.schema().size());
      return collected(plan, List.of(), List.of(), all);
    }
    return Plans.withInputs(plan, plan.inputs().stream().map(this::over).toList());
  }

  /** A Calc that is the first to look at the row: what it says of equal values picks the rows. */
  private Plan filtered(Plan.Calc calc) {
    List<Expression> outer = new ArrayList<>();
    List<Expression> inner = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Expression conjunct : Expressions.conjuncts(calc.condition())) {
      Decorrelation.Equal equal = Decorrelation.equal(conjunct);
      if (equal == null) {
        rest.add(conjunct);
      } else {
        outer.add(equal.outer());
        inner.add(equal.inner());
      }
    }
    Set<Integer> needed = new TreeSet<>();
    rest.forEach(e -> needed.addAll(Expressions.columns(e)));
    calc.projections().forEach(e -> needed.addAll(Expressions.columns(e)));
    return new Plan.Calc(
        collected(calc.input(), outer, inner, List.copyOf(needed)),
        Expressions.and(rest),
        calc.projections(),
        calc.schema());
  }

  /**
   * Rows as an array of the row around, unnested again.
   *
   * @param outer over the row around; equal in pairs to {@code inner}, over the rows
   * @param kept the columns that are needed; others become NULL
   */
  Plan collected(Plan rows, List<Expression> outer, List<Expression> inner, List<Integer> kept) {
    RowStruct struct = new RowStruct(rows.schema(), kept, false);
    List<Expression> columns = new ArrayList<>(inner);
    columns.add(struct.of(rows, place));
    Plan projected = Plans.project(rows, columns, columns.stream().map(c -> "").toList());
    int keyCount = inner.size();
    AggregateCall collect =
        SubqueryAnalyzer.arrayAgg(Plans.column(projected, keyCount), List.of(), place);
    List<Integer> keys = Plans.places(keyCount);
    Plan grouped = compilation.at(Plans.group(projected, keys, List.of(collect)), place);
    Expression.InputColumn array = compilation.newVirtual(collect.type());
    attachments.add(new Attachment(outer, around -> attach(around, grouped, outer, array)));
    return unnested(array, struct);
  }

  private void attach(
      Stage around, Plan grouped, List<Expression> outer, Expression.InputColumn array) {
    if (outer.isEmpty()) {
      int at = around.plan().schema().size();
      around.over(
          compilation.at(
              new Plan.ScalarSubquery(
                  around.plan(),
                  grouped,
                  Plans.plus(around.plan().schema(), List.of(Column.of("", array.type()))),
                  place),
              place));
      around.know(array, Plans.column(around.plan(), at));
      return;
    }
    List<Joins.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < outer.size(); i++) {
      pairs.add(new Joins.Pair(around.map(outer.get(i), place), Plans.column(grouped, i)));
    }
    Plan.Join join = Joins.join(around.plan(), grouped, Plan.Join.Kind.LEFT, pairs, List.of());
    around.over(compilation.at(join, place));
    around.know(array, Plans.column(join, join.left().schema().size() + outer.size()));
  }

  /** The rows of the array with their columns in the old places. */
  private static Plan unnested(Expression.InputColumn array, RowStruct struct) {
    Plan one = FromAnalyzer.single(null).plan();
    int element = one.schema().size();
    Plan elements =
        new Plan.Unnest(
            one,
            new Expression.OuterColumn(1, array.index(), array.type()),
            false,
            false,
            null,
            Plans.plus(one.schema(), List.of(Column.of("", struct.type()))));
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < struct.rows().size(); i++) {
      columns.add(struct.column(Plans.column(elements, element), i));
    }
    return Plans.project(elements, columns, struct.rows().names());
  }
}
