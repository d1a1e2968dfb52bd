package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.List;

/** The analytic calls of one SELECT with the virtual columns that stand for them. */
final class Analytics {

  private final Compilation compilation;
  private final List<Item> items = new ArrayList<>();

  Analytics(Compilation compilation) {
    this.compilation = compilation;
  }

  /** One call; its expressions are over the FROM clause's row. */
  record Item(
      AnalyticCall call,
      List<Typed> partitionBy,
      List<SortKey> orderBy,
      Expression.InputColumn column,
      Place place) {}

  Expression.InputColumn add(
      AnalyticCall call, List<Typed> partitionBy, List<SortKey> orderBy, Place place) {
    Expression.InputColumn column = compilation.newVirtual(call.type());
    items.add(new Item(call, partitionBy, orderBy, column, place));
    return column;
  }

  List<Item> items() {
    return items;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }
}
