package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows as values that an array can hold: a STRUCT each.
 *
 * @param kept the columns of the rows that it has
 * @param named whether its fields are called as they are
 */
record RowStruct(Schema rows, List<Integer> kept, boolean named) {

  RowStruct {
    kept = List.copyOf(kept);
  }

  StructType type() {
    List<Column> fields = new ArrayList<>();
    // There is a field even where no column is kept: there may be rows to count.
    fields.add(Column.of("", ScalarType.BOOL));
    for (int column : kept) {
      fields.add(named ? rows.column(column) : Column.of("", rows.type(column)));
    }
    return new StructType(fields);
  }

  /** The STRUCT of a row of the plan, which has these rows. */
  Expression of(Plan plan, Place place) {
    List<Expression> values = new ArrayList<>();
    values.add(new Expression.Literal(true, ScalarType.BOOL));
    kept.forEach(column -> values.add(Plans.column(plan, column)));
    return new Expression.Call("STRUCT", values, type(), false, place);
  }

  /** A column of the row that the STRUCT was made of; NULL where it is not kept. */
  Expression column(Expression struct, int column) {
    int at = kept.indexOf(column);
    return at < 0
        ? new Expression.Literal(null, rows.type(column))
        : new Expression.Field(struct, at + 1, rows.type(column));
  }
}
