package dev.beamline.report.explain;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.ExpressionText;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names for people: a column that the SQL gave no name is shown as what computes it. */
final class ColumnNames {

  private static final Pattern ONE_CALL = Pattern.compile("[A-Z_0-9.]+\\([^()]*\\)( OVER)?");

  private static final Pattern NAME = Pattern.compile("\\w+");

  private ColumnNames() {}

  /** The schema of the plan's rows with a name for each column that has none. */
  static Schema of(Plan plan) {
    if (plan instanceof Plan.Join join && plan.schema().size() > join.left().schema().size()) {
      return Plans.concat(side(join, true), side(join, false));
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < plan.schema().size(); i++) {
      Column column = plan.schema().column(i);
      columns.add(column.name().isEmpty() ? Column.of(computed(plan, i), column.type()) : column);
    }
    return new Schema(columns);
  }

  /** The operator over rows whose columns all have names, for its text alone. */
  static String line(Plan plan) {
    List<Plan> inputs = new ArrayList<>();
    if (plan instanceof Plan.Join join) {
      inputs.add(new Plan.ConstantRows(side(join, true), List.of()));
      inputs.add(new Plan.ConstantRows(side(join, false), List.of()));
    } else {
      plan.inputs().forEach(input -> inputs.add(new Plan.ConstantRows(of(input), List.of())));
    }
    return PlanText.line(Plans.withInputs(plan, inputs));
  }

  /** One side of a join, with what tells its columns from those of the same name on the other. */
  private static Schema side(Plan.Join join, boolean left) {
    List<String> others = of(left ? join.right() : join.left()).names();
    List<Column> columns = new ArrayList<>();
    for (Column column : of(left ? join.left() : join.right()).columns()) {
      String name = column.name();
      boolean same =
          NAME.matcher(name).matches() && others.stream().anyMatch(name::equalsIgnoreCase);
      columns.add(same ? Column.of((left ? "left." : "right.") + name, column.type()) : column);
    }
    return new Schema(columns);
  }

  private static String computed(Plan plan, int column) {
    if (plan instanceof Plan.Calc calc) {
      Expression projection = calc.projections().get(column);
      String text = ExpressionText.of(projection, of(calc.input()));
      return projection instanceof Expression.InputColumn ? text : term(text);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      Schema row = of(aggregate.input());
      int keys = aggregate.keys().size();
      return column < keys
          ? row.name(aggregate.keys().get(column))
          : term(PlanText.call(aggregate.calls().get(column - keys), row));
    } else if (plan instanceof Plan.Analytic analytic) {
      Schema row = of(analytic.input());
      if (column < row.size()) {
        return row.name(column);
      }
      AnalyticCall call = analytic.calls().get(column - row.size());
      String text = term(PlanText.value(call, row) + " OVER");
      return row.names().contains(text) ? term(PlanText.call(call, row) + " OVER") : text;
    }
    int first = 0;
    for (Plan input : plan.inputs()) {
      if (column < first + input.schema().size()) {
        return of(input).name(column - first);
      }
      first += input.schema().size();
    }
    return "";
  }

  /** Text that can stand beside an operator. */
  private static String term(String text) {
    return text.indexOf(' ') < 0 || ONE_CALL.matcher(text).matches() ? text : "(" + text + ")";
  }
}
