package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Plan;
import java.util.List;
import java.util.Set;

/**
 * The result of a query expression.
 *
 * @param visible how many of the plan's columns the SELECT names; those behind them only carry the
 *     window on
 * @param value whether the one visible column is a value and no row (SELECT AS STRUCT or VALUE)
 * @param places where each visible column was written
 * @param failed whether an error was reported; the plan has only the right columns then
 * @param wrong visible columns whose type is not known because of an error
 * @param open whether columns may be missing because of an error
 */
record Relation(
    Plan plan,
    int visible,
    boolean value,
    List<Place> places,
    boolean failed,
    Set<Integer> wrong,
    boolean open) {

  Relation {
    places = List.copyOf(places);
    wrong = Set.copyOf(wrong);
  }

  static Relation of(Plan plan, int visible, List<Place> places) {
    return new Relation(plan, visible, false, places, false, Set.of(), false);
  }

  List<Column> columns() {
    return plan.schema().columns().subList(0, visible);
  }

  Relation withPlan(Plan other) {
    return new Relation(other, visible, value, places, failed, wrong, open);
  }
}
