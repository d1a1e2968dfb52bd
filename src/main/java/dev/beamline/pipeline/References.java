package dev.beamline.pipeline;

import dev.beamline.plan.Expression;
import java.util.Set;
import java.util.TreeSet;

/** Which columns of its row an expression reads. */
final class References {

  private References() {}

  static Set<Integer> columns(Expression expression) {
    Set<Integer> columns = new TreeSet<>();
    collect(expression, columns);
    return columns;
  }

  private static void collect(Expression expression, Set<Integer> columns) {
    if (expression instanceof Expression.InputColumn column) {
      columns.add(column.index());
    } else if (expression instanceof Expression.Field field) {
      collect(field.struct(), columns);
    } else if (expression instanceof Expression.Call call) {
      call.arguments().forEach(argument -> collect(argument, columns));
    } else if (expression instanceof Expression.RowSubquery) {
      throw new IllegalStateException("not yet");
    }
  }
}
