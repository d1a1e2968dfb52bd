package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.List;

/** The calls of TUMBLE_START, SESSION_END and the like in one SELECT. */
final class WindowCalls {

  private final Compilation compilation;
  private final List<Item> items = new ArrayList<>();

  WindowCalls(Compilation compilation) {
    this.compilation = compilation;
  }

  /**
   * One call.
   *
   * @param function as written, upper case
   * @param end whether it asks for the window's end
   */
  record Item(
      String function,
      WindowSpec window,
      Expression time,
      boolean end,
      Expression.InputColumn column,
      Place place) {}

  Expression.InputColumn add(
      String function, WindowSpec window, Expression time, boolean end, Place place) {
    Expression.InputColumn column = compilation.newVirtual(ScalarType.TIMESTAMP);
    items.add(new Item(function, window, time, end, column, place));
    return column;
  }

  List<Item> items() {
    return items;
  }
}
