package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A join whose ON has subqueries over tables. One that reads one side becomes a column of that
 * side; one that reads both becomes a column of the joined rows, which only an inner join can still
 * leave out by it.
 */
final class JoinSubqueries {

  private final Compilation compilation;
  private final Place place;
  private final Plan left;
  private final Plan right;
  private final int leftSize;

  JoinSubqueries(Compilation compilation, Place place, Plan left, Plan right) {
    this.compilation = compilation;
    this.place = place;
    this.left = left;
    this.right = right;
    this.leftSize = left.schema().size();
  }

  /**
   * Joins.
   *
   * @param conjuncts over the left's columns and then the right's
   * @param carry what else the join's rows need, behind their columns
   * @return the left's columns, then the right's; null where it is refused
   */
  @Nullable Plan join(
      Plan.Join.Kind kind,
      List<Expression> conjuncts,
      List<Attachment> subqueries,
      Function<Plan.Join, Plan> carry) {
    Stage ofLeft = new Stage(compilation, left);
    Stage ofRight = new Stage(compilation, right);
    for (int i = 0; i < right.schema().size(); i++) {
      Expression.InputColumn column = Plans.column(right, i);
      ofRight.know(new Expression.InputColumn(i + leftSize, column.type()), column);
    }
    List<Attachment> open = new ArrayList<>(subqueries);
    Set<Integer> leftKnows = new TreeSet<>();
    Set<Integer> rightKnows = new TreeSet<>();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Attachment attachment : List.copyOf(open)) {
        Set<Integer> reads = new TreeSet<>();
        attachment.reads().forEach(e -> reads.addAll(Expressions.columns(e)));
        if (reads.stream().allMatch(c -> c < leftSize || leftKnows.contains(c))) {
          attachment.attach().accept(ofLeft);
        } else if (reads.stream()
            .allMatch(c -> (c >= leftSize && c < Compilation.VIRTUAL) || rightKnows.contains(c))) {
          attachment.attach().accept(ofRight);
        } else {
          continue;
        }
        progress = true;
        open.remove(attachment);
        noteKnown(conjuncts, open, ofLeft, leftKnows);
        noteKnown(conjuncts, open, ofRight, rightKnows);
      }
    }
    if (!open.isEmpty() && kind != Plan.Join.Kind.INNER) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          place,
          "in ON of an outer join, a subquery over a table may read one side only",
          "compute what it says of both sides in a WITH query and join that");
      return null;
    }
    return open.isEmpty()
        ? joined(kind, conjuncts, ofLeft, ofRight, carry)
        : filtered(conjuncts, subqueries);
  }

  /** An inner join by what needs no subquery, and then the rest of the condition. */
  private Plan filtered(List<Expression> conjuncts, List<Attachment> subqueries) {
    List<Expression> now = new ArrayList<>();
    List<Expression> later = new ArrayList<>();
    for (Expression conjunct : conjuncts) {
      boolean waits =
          Expressions.columns(conjunct).stream().anyMatch(c -> c >= Compilation.VIRTUAL);
      (waits ? later : now).add(conjunct);
    }
    Joins.Split split = Joins.split(now, leftSize);
    Plan.Join join = Joins.join(left, right, Plan.Join.Kind.INNER, split.pairs(), split.rest());
    Plan rows = ofBoth(compilation.at(join, place), join);
    Stage stage = new Stage(compilation, rows);
    Attachment.all(new ArrayList<>(subqueries), stage);
    List<Expression> conditions = later.stream().map(c -> stage.map(c, place)).toList();
    Plan kept = Plans.filter(stage.plan(), Expressions.and(conditions));
    return Plans.select(kept, Plans.places(rows.schema().size()));
  }

  /** The left's columns, the right's, and what is carried behind them. */
  private Plan ofBoth(Plan carried, Plan.Join join) {
    int shift = join.left().schema().size();
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < leftSize; i++) {
      columns.add(i);
    }
    for (int i = 0; i < right.schema().size(); i++) {
      columns.add(shift + i);
    }
    for (int i = join.schema().size(); i < carried.schema().size(); i++) {
      columns.add(i);
    }
    return Plans.select(carried, columns);
  }

  /** The virtual columns that the stage has by now, of those that are asked for. */
  private static void noteKnown(
      List<Expression> conjuncts, List<Attachment> open, Stage stage, Set<Integer> known) {
    List<Expression> asked = new ArrayList<>(conjuncts);
    open.forEach(a -> asked.addAll(a.reads()));
    for (Expression expression : asked) {
      Expressions.mapColumnsTyped(
          expression,
          column -> {
            if (Compilation.isVirtual(column) && stage.ready(column)) {
              known.add(column.index());
            }
            return column;
          });
    }
  }

  private Plan joined(
      Plan.Join.Kind kind,
      List<Expression> conjuncts,
      Stage ofLeft,
      Stage ofRight,
      Function<Plan.Join, Plan> carry) {
    int wide = ofLeft.plan().schema().size();
    List<Expression> mapped =
        conjuncts.stream()
            .map(
                conjunct ->
                    Expressions.mapColumnsTyped(
                        conjunct, column -> place(column, ofLeft, ofRight, wide)))
            .toList();
    Joins.Split split = Joins.split(mapped, wide);
    Plan.Join join = Joins.join(ofLeft.plan(), ofRight.plan(), kind, split.pairs(), split.rest());
    return ofBoth(carry.apply(compilation.at(join, place)), join);
  }

  /** Where a column of the condition is, with the right's columns behind the left's. */
  private Expression place(Expression.InputColumn column, Stage ofLeft, Stage ofRight, int wide) {
    if (!Compilation.isVirtual(column)) {
      return column.index() < leftSize
          ? column
          : new Expression.InputColumn(column.index() - leftSize + wide, column.type());
    }
    return ofLeft.ready(column)
        ? ofLeft.map(column, place)
        : Expressions.shift(ofRight.map(column, place), wide);
  }
}
