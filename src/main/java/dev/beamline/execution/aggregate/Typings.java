package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Typing;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.ScalarFunction.Argument;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Common ways in which argument types lead to result types. */
final class Typings {

  /** Stands for "no matching signature"; the catalog words it. */
  static final Resolution NO_SIGNATURE = new Resolution.Refused("", null);

  private Typings() {}

  /** One argument of such types; the result has the argument's type. */
  static Typing same(Predicate<Type> allowed) {
    return (types, arguments) ->
        allowed.test(types.get(0)) ? Resolution.accept(types.get(0), types.get(0)) : NO_SIGNATURE;
  }

  /** One argument that becomes the parameter's type. */
  static Typing fixed(Type parameter, Type result) {
    return (types, arguments) ->
        Coercion.coerces(arguments.get(0), parameter)
            ? Resolution.accept(result, parameter)
            : NO_SIGNATURE;
  }

  /**
   * Why the argument is no whole number constant of that range; null where it is one.
   *
   * @param what the argument's name in the message
   */
  static Resolution.@Nullable Refused constant(
      Argument argument, String function, String what, long least, long most) {
    if (argument.literal()
        && argument.value() instanceof Long number
        && number >= least
        && number <= most) {
      return null;
    }
    String range = "a whole number from " + least + " to " + most;
    if (!argument.literal()) {
      return new Resolution.Refused(
          "The " + what + " of " + function + " must be a constant", "Write " + range);
    }
    return new Resolution.Refused(
        "The "
            + what
            + " of "
            + function
            + " must be "
            + range
            + ", not "
            + (argument.value() == null ? "NULL" : argument.value()),
        null);
  }

  /** The one type that a pair of numbers becomes for statistics; null where they are no numbers. */
  static @Nullable Type statistical(List<Type> types) {
    Type result = ScalarType.INT64;
    for (Type type : types) {
      if (!Kinds.numeric(type)) {
        return null;
      }
      if (type == ScalarType.FLOAT64 || result == ScalarType.FLOAT64) {
        result = ScalarType.FLOAT64;
      } else if (type == ScalarType.BIGNUMERIC || result == ScalarType.BIGNUMERIC) {
        result = ScalarType.BIGNUMERIC;
      } else if (type == ScalarType.NUMERIC) {
        result = type;
      }
    }
    return result == ScalarType.INT64 ? ScalarType.FLOAT64 : result;
  }
}
