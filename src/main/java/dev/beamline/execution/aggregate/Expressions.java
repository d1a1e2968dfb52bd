package dev.beamline.execution.aggregate;

import dev.beamline.plan.Expression;
import java.util.List;

/** Comparing expressions by what they compute. */
public final class Expressions {

  private Expressions() {}

  /** Whether both give the same value on each row, as far as their form shows. */
  public static boolean same(Expression a, Expression b) {
    if (a instanceof Expression.Call left && b instanceof Expression.Call right) {
      return left.function().equals(right.function())
          && left.type().equals(right.type())
          && left.safe() == right.safe()
          && same(left.arguments(), right.arguments());
    }
    if (a instanceof Expression.Field left && b instanceof Expression.Field right) {
      return left.index() == right.index() && same(left.struct(), right.struct());
    }
    if (a instanceof Expression.RowSubquery || b instanceof Expression.RowSubquery) {
      return false;
    }
    return a.equals(b);
  }

  private static boolean same(List<Expression> a, List<Expression> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }
}
