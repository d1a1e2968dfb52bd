package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of TUMBLE_START, SESSION_END and the like in one SELECT. */
final class WindowCalls {

  private final Compilation compilation;
  private final List<Item> items = new ArrayList<>();
  private final boolean grouped;

  /**
   * @param grouped whether GROUP BY has a window, whose bounds then have names, too
   */
  WindowCalls(Compilation compilation, boolean grouped) {
    this.compilation = compilation;
    this.grouped = grouped;
  }

  /**
   * One call, or one name of the group's window.
   *
   * @param function as written, upper case
   * @param window null: that of GROUP BY, whichever it is
   * @param time what it divides; null: what that of GROUP BY divides
   * @param end whether it asks for the window's end
   */
  record Item(
      String function,
      @Nullable WindowSpec window,
      @Nullable Expression time,
      boolean end,
      Expression.InputColumn column,
      Place place) {}

  Expression.InputColumn add(
      String function, WindowSpec window, Expression time, boolean end, Place place) {
    Expression.InputColumn column = compilation.newVirtual(ScalarType.TIMESTAMP);
    items.add(new Item(function, window, time, end, column, place));
    return column;
  }

  /**
   * What {@code window_start} and {@code window_end} mean where no table has them: the bounds of
   * the group's window, which the result has by these names. Null for other names, and where there
   * is no window.
   */
  Expression.@Nullable InputColumn named(String name, Place place) {
    boolean end = name.equalsIgnoreCase("window_end");
    if (!grouped || !(end || name.equalsIgnoreCase("window_start"))) {
      return null;
    }
    for (Item item : items) {
      if (item.window() == null && item.end() == end) {
        return item.column();
      }
    }
    Expression.InputColumn column = compilation.newVirtual(ScalarType.TIMESTAMP);
    items.add(new Item(name, null, null, end, column, place));
    return column;
  }

  List<Item> items() {
    return items;
  }
}
