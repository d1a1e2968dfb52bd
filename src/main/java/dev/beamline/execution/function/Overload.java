package dev.beamline.execution.function;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One way to call a function: what it takes and the implementation of that. */
record Overload(String shown, Resolver resolver, CallCompiler compiler) {

  /** Finds out whether arguments fit. */
  interface Resolver {
    Optional<Match> match(List<Argument> arguments);
  }

  /**
   * Arguments that fit.
   *
   * @param cost how far they had to be coerced; the overload with the least wins
   */
  record Match(Signature signature, long cost) {}

  /** Gives the result's type from the parameters' types; the type variable is null where unused. */
  interface Result {
    Type of(List<Type> parameters, @Nullable Type variable);
  }

  /** A resolver of declared parameters. */
  static Resolver declared(List<Parameter> parameters, Result result) {
    return arguments -> match(parameters, result, arguments);
  }

  private static Optional<Match> match(
      List<Parameter> parameters, Result result, List<Argument> arguments) {
    List<Parameter> each = spread(parameters, arguments.size());
    if (each.size() != arguments.size()) {
      return Optional.empty();
    }
    if (!hasDecimal(each, arguments, ScalarType.NUMERIC)
        || !hasDecimal(each, arguments, ScalarType.BIGNUMERIC)) {
      return Optional.empty();
    }
    Type variable = null;
    List<Argument> atVariable = new ArrayList<>();
    Parameter.@Nullable Constraint constraint = null;
    for (int i = 0; i < each.size(); i++) {
      Argument argument = arguments.get(i);
      if (each.get(i).shape() instanceof Parameter.Variable v) {
        constraint = v.constraint();
        atVariable.add(argument);
      } else if (each.get(i).shape() instanceof Parameter.ArrayOfVariable v) {
        constraint = v.constraint();
        if (argument.type() instanceof ArrayType) {
          atVariable.addAll(Coercion.elements(argument));
        } else if (argument.type() != null) {
          return Optional.empty();
        }
      }
    }
    if (constraint != null) {
      variable = Coercion.supertype(atVariable).orElse(null);
      if (variable == null || !constraint.test(variable)) {
        return Optional.empty();
      }
    }
    List<Type> types = new ArrayList<>();
    long cost = 0;
    for (int i = 0; i < each.size(); i++) {
      Argument argument = arguments.get(i);
      Type type = wanted(each.get(i).shape(), variable, argument);
      OptionalLong one = type == null ? OptionalLong.empty() : Coercion.cost(argument, type);
      if (type == null || one.isEmpty()) {
        return Optional.empty();
      }
      types.add(type);
      cost += one.getAsLong();
    }
    return Optional.of(new Match(new Signature(types, result.of(types, variable)), cost));
  }

  /** As BigQuery: an overload for NUMERIC is only for calls with a NUMERIC among the arguments. */
  private static boolean hasDecimal(
      List<Parameter> each, List<Argument> arguments, ScalarType decimal) {
    return each.stream().noneMatch(p -> p.shape().equals(new Parameter.Exact(decimal)))
        || arguments.stream().anyMatch(a -> a.type() == decimal);
  }

  private static @Nullable Type wanted(
      Parameter.Shape shape, @Nullable Type variable, Argument argument) {
    Type given = argument.orDefault();
    if (shape instanceof Parameter.Exact exact) {
      return exact.type();
    } else if (shape instanceof Parameter.Variable) {
      return variable;
    } else if (shape instanceof Parameter.ArrayOfVariable) {
      return variable == null ? null : Type.array(variable);
    } else if (shape instanceof Parameter.AnyArray) {
      return argument.type() == null
          ? Type.array(ScalarType.INT64)
          : given instanceof ArrayType ? given : null;
    } else if (shape instanceof Parameter.AnyStruct) {
      return given instanceof StructType ? given : null;
    } else if (shape instanceof Parameter.NotText exact) {
      return argument.literal() && argument.type() == ScalarType.STRING ? null : exact.type();
    } else if (shape instanceof Parameter.Only only) {
      boolean fits = argument.type() == null || argument.type().equals(only.type());
      return fits ? only.type() : null;
    } else if (shape instanceof Parameter.Word word) {
      boolean fits =
          argument.literal()
              && argument.value() instanceof String text
              && (word.allowed() == null || word.allowed().contains(text));
      return fits ? ScalarType.STRING : null;
    }
    return given;
  }

  /** The parameter of each argument; of another size than asked where the count does not fit. */
  static List<Parameter> spread(List<Parameter> parameters, int count) {
    List<Parameter> each = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.repeated()) {
        while (each.size() < count) {
          each.add(parameter);
        }
      } else if (!parameter.optional() || each.size() < count) {
        each.add(parameter);
      }
    }
    return each;
  }
}
