package dev.beamline.plan;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A typed scalar expression over the columns of one input row. Serializable, so workers get it. */
public sealed interface Expression extends Serializable {

  Type type();

  /** A constant; null is SQL's NULL. */
  record Literal(@Nullable Object value, Type type) implements Expression {}

  /** Column {@code index} of the input row. */
  record InputColumn(int index, Type type) implements Expression {}

  /**
   * Column {@code index} of the row that encloses a {@link RowSubquery}, {@code depth} rows out (1
   * is the nearest).
   */
  record OuterColumn(int depth, int index, Type type) implements Expression {}

  /** Field {@code index} of a struct; NULL where the struct is. */
  record Field(Expression struct, int index, Type type) implements Expression {}

  /**
   * A function, operator or special form, by its canonical upper-case name in the function catalog:
   * {@code ADD}, {@code AND}, {@code CASE}, {@code CAST}, {@code TIMESTAMP_TRUNC} ... Arguments are
   * already coerced to what the function takes.
   *
   * @param safe whether an error of this very function gives NULL (the SAFE. prefix)
   * @param place where the call stands, for errors at run time
   */
  record Call(String function, List<Expression> arguments, Type type, boolean safe, Place place)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A subquery that reads nothing but the row's own arrays, constants and outer columns, and so is
   * evaluated within the row.
   *
   * @param operand for {@link Kind#IN}: what is looked for; else null
   */
  record RowSubquery(Kind kind, Plan plan, @Nullable Expression operand, Type type, Place place)
      implements Expression {
    /** What the subquery's rows become. */
    public enum Kind {
      /** The only row's only column; NULL of no row; more rows are an error. */
      SCALAR,
      /** All rows' only column as an array. */
      ARRAY,
      /** Whether there is a row. */
      EXISTS,
      /** Whether the operand is among them, with SQL's three values. */
      IN
    }
  }
}
