package dev.beamline.execution.function;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A scalar function, operator or special form: its signatures and its implementation, together. */
public interface ScalarFunction {

  /** Canonical upper-case name, such as STRPOS, ADD, CASE, NET.HOST. */
  String name();

  /**
   * As shown to people when the arguments do not fit: {@code STRPOS(STRING, STRING)}, one a line.
   */
  List<String> signatures();

  /** What the arguments must become and what comes out; empty where no signature fits. */
  Optional<Signature> resolve(List<Argument> arguments);

  /**
   * Makes the evaluator of one call. Most functions are strict (a NULL argument gives NULL) and
   * evaluate all arguments; special forms may not.
   */
  Evaluator compile(Expression.Call call, List<Evaluator> arguments);

  /**
   * Whether the same arguments always give the same value; false for RAND, CURRENT_TIMESTAMP ...
   */
  default boolean deterministic() {
    return true;
  }

  /**
   * An argument as the analyzer knows it.
   *
   * @param type its type; null for a bare NULL, an empty array literal and other untyped things
   * @param literal whether it is a literal (which coerces further than a value does)
   * @param value of the literal
   */
  record Argument(@Nullable Type type, boolean literal, @Nullable Object value) {}

  /** Parameter types, one an argument, and the result's. */
  record Signature(List<Type> parameters, Type result) {
    public Signature {
      parameters = List.copyOf(parameters);
    }
  }
}
