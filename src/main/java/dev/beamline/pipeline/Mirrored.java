package dev.beamline.pipeline;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** A join with its sides the other way round: the same pairs, the right's columns first. */
final class Mirrored {

  private Mirrored() {}

  /**
   * @throws IllegalArgumentException for joins that give the left's rows alone
   */
  static Plan.Join of(Plan.Join join) {
    int left = join.left().schema().size();
    int right = join.right().schema().size();
    List<Column> columns = new ArrayList<>();
    columns.addAll(join.schema().columns().subList(left, left + right));
    columns.addAll(join.schema().columns().subList(0, left));
    Expression condition = join.condition();
    return new Plan.Join(
        /* left= */ join.right(),
        /* right= */ join.left(),
        kind(join.kind()),
        /* leftKeys= */ join.rightKeys(),
        /* rightKeys= */ join.leftKeys(),
        condition == null
            ? null
            : Expressions.mapColumnsTyped(
                condition,
                c ->
                    new Expression.InputColumn(
                        c.index() < left ? c.index() + right : c.index() - left, c.type())),
        new Schema(columns));
  }

  private static Plan.Join.Kind kind(Plan.Join.Kind kind) {
    return switch (kind) {
      case LEFT -> Plan.Join.Kind.RIGHT;
      case RIGHT -> Plan.Join.Kind.LEFT;
      case INNER, FULL -> kind;
      case SEMI, ANTI, NULL_AWARE_ANTI ->
          throw new IllegalArgumentException(kind + " has no other side");
    };
  }
}
