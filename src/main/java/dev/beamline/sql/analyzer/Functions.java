package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.Casts;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.CurrentTime;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.execution.function.ScalarFunction;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the signature of a call, coerces its arguments and says what is wrong where none fits. */
final class Functions {

  private static final int SHOWN_SIGNATURES = 6;

  private static final Set<String> COMPARISONS =
      Set.of(
          "EQ",
          "NE",
          "LT",
          "LE",
          "GT",
          "GE",
          "BETWEEN",
          "IN",
          "IN_UNNEST",
          "IS_DISTINCT_FROM",
          "IS_NOT_DISTINCT_FROM");

  private final Compilation compilation;

  Functions(Compilation compilation) {
    this.compilation = compilation;
  }

  /** A call of an operator or special form, by its canonical name. */
  Typed operator(String name, List<Typed> arguments, Place place) {
    ScalarFunction function =
        FunctionCatalog.standard()
            .get(name)
            .orElseThrow(() -> new IllegalStateException("no operator " + name));
    return call(function, arguments, false, place);
  }

  /** A call whose arguments are all given, in the function's order. */
  Typed call(ScalarFunction function, List<Typed> arguments, boolean safe, Place place) {
    if (arguments.stream().anyMatch(Typed::isError)) {
      return Typed.error(place);
    }
    List<ScalarFunction.Argument> given = arguments.stream().map(Typed::argument).toList();
    Optional<ScalarFunction.Signature> signature = function.resolve(given);
    if (signature.isEmpty()) {
      Optional<String> wrongWord = function.wrongWord(given);
      if (wrongWord.isPresent()) {
        compilation.error(DiagnosticCode.SQL_WRONG_ARGUMENTS, place, wrongWord.get());
      } else {
        mismatch(function, arguments, place);
      }
      return Typed.error(place);
    }
    List<Expression> coerced = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Typed one = coerce(arguments.get(i), signature.get().parameters().get(i));
      if (one.isError()) {
        return one;
      }
      coerced.add(one.expression());
    }
    Expression.Call call =
        new Expression.Call(function.name(), coerced, signature.get().result(), safe, place);
    Expression atOneTime = CurrentTime.at(compilation.now(), call);
    return atOneTime == call ? checked(call, place) : Typed.value(atOneTime, place);
  }

  /** The call; an error where it would fail for every row, whatever that holds. */
  Typed checked(Expression.Call call, Place place) {
    Optional<String> fault =
        FunctionCatalog.standard()
            .get(call.function())
            .filter(f -> !call.safe())
            .flatMap(f -> f.fault(call));
    if (fault.isPresent()) {
      compilation.error(DiagnosticCode.SQL_INVALID_LITERAL, place, fault.get());
      return Typed.error(place);
    }
    // ERROR() has whatever type is wanted at its place.
    return call.function().equals("ERROR")
        ? new Typed(call, Typed.Kind.UNTYPED, place)
        : Typed.value(call, place);
  }

  /** Reports that no signature fits. */
  private void mismatch(ScalarFunction function, List<Typed> arguments, Place place) {
    String name = function.shown();
    List<String> signatures = function.signatures();
    if (COMPARISONS.contains(function.name()) && arguments.size() > 1) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          place,
          name
              + " cannot compare "
              + arguments.stream().map(Typed::shown).collect(Collectors.joining(" with ")),
          "compare values of one type, which has an order or equality: CAST one side, or write the"
              + " constant in the other's type");
      return;
    }
    String types = arguments.stream().map(Typed::shown).collect(Collectors.joining(", "));
    String allowed =
        signatures.stream().limit(SHOWN_SIGNATURES).collect(Collectors.joining(" or "));
    compilation.error(
        function.operator() ? DiagnosticCode.SQL_WRONG_TYPE : DiagnosticCode.SQL_WRONG_ARGUMENTS,
        place,
        function.operator()
            ? name + " cannot be applied to " + types
            : name + " cannot be called with (" + types + ")",
        allowed.isEmpty()
            ? null
            : "allowed: " + allowed + (signatures.size() > SHOWN_SIGNATURES ? " ..." : ""));
  }

  /** The value as that type, which it can become; a literal that is no such value is reported. */
  Typed coerce(Typed value, Type type) {
    if (value.isError()) {
      return value;
    }
    if (value.isUntyped() && value.expression() instanceof Expression.Call call) {
      return Typed.value(
          new Expression.Call(call.function(), call.arguments(), type, call.safe(), call.place()),
          value.place());
    } else if (value.isUntyped()) {
      Object constant =
          value.expression() instanceof Expression.Literal literal ? literal.value() : null;
      return Typed.value(new Expression.Literal(constant, type), value.place());
    }
    String written = compilation.written(value.expression());
    if (written != null && (type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC)) {
      return decimal(written, type, value.place());
    }
    try {
      return Typed.value(Coercion.coerce(value.expression(), type, value.place()), value.place());
    } catch (EvaluationException e) {
      compilation.error(
          DiagnosticCode.SQL_INVALID_LITERAL, value.place(), String.valueOf(e.getMessage()));
      return Typed.error(value.place());
    }
  }

  /** A literal with a point as it is written: a FLOAT64 may have lost some of its digits. */
  Typed decimal(String written, Type type, Place place) {
    try {
      return Typed.value(
          new Expression.Literal(Casts.cast(written, ScalarType.STRING, type), type), place);
    } catch (EvaluationException e) {
      compilation.error(DiagnosticCode.SQL_INVALID_LITERAL, place, String.valueOf(e.getMessage()));
      return Typed.error(place);
    }
  }

  /**
   * The value as that type, or an error.
   *
   * @param what the value is, for the message: {@code the condition of WHERE}
   */
  Typed require(Typed value, Type type, String what) {
    if (value.isError()) {
      return value;
    }
    if (!Coercion.coerces(value.argument(), type)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          value.place(),
          what + " must be " + type.sql() + ", not " + value.shown(),
          type == ScalarType.BOOL
              ? "write a comparison, such as x > 0 or x IS NOT NULL"
              : "write CAST(... AS " + type.sql() + ")");
      return Typed.error(value.place());
    }
    return coerce(value, type);
  }

  /** The one type of all; empty where there is none, which is reported. */
  Optional<Type> supertype(List<Typed> values, String what, Place place) {
    if (values.stream().anyMatch(Typed::isError)) {
      return Optional.empty();
    }
    Optional<Type> type = Coercion.supertype(values.stream().map(Typed::argument).toList());
    if (type.isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          place,
          what
              + " have no common type: "
              + values.stream().map(Typed::shown).distinct().collect(Collectors.joining(", ")),
          "CAST them to one type");
    }
    return type;
  }
}
