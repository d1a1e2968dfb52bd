package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
   * Parameters that are given by name only ({@code max_distance => 2}). They always follow the
   * positional arguments of a call, each of them, in this order; one that is not given has its
   * default.
   */
  default List<NamedParameter> namedParameters() {
    return List.of();
  }

  /**
   * Whether the argument at this place is a bare word, such as a date part or NFC. It is passed as
   * a STRING literal in upper case: {@code 'DAY'}, {@code 'WEEK(MONDAY)'}.
   *
   * @param count of arguments in the call
   */
  default boolean takesWord(int index, int count) {
    return false;
  }

  /**
   * What is wrong with a call whatever the rows are, such as a format string that is none or an
   * interval of hours that is added to a DATE; empty where nothing is. The call would fail for
   * every row; the message is for people.
   */
  default Optional<String> fault(Expression.Call call) {
    return Optional.empty();
  }

  /** Whether it is an operator or special form, which cannot be called by its name. */
  default boolean operator() {
    return false;
  }

  /** How messages name it: {@code +} for ADD; a function's own name. */
  default String shown() {
    return name();
  }

  /**
   * Whether its evaluators put the call's place into their errors themselves, or never fail, so
   * that nothing needs to be wrapped around them.
   */
  default boolean locatesErrors() {
    return false;
  }

  /** What to say where arguments would fit but for a bare word, such as a date part. */
  default Optional<String> wrongWord(List<Argument> arguments) {
    return Optional.empty();
  }

  /** A parameter that is given by name. */
  record NamedParameter(String name, Expression.Literal defaultValue) {}

  /**
   * An argument as the analyzer knows it.
   *
   * @param type its type; null for a bare NULL and other untyped things
   * @param literal whether it is a literal without a type name in front (which coerces further than
   *     a value does)
   * @param value of the literal
   * @param parts of {@code [a, b]} or {@code (a, b)} without a type in front, which coerce one by
   *     one; null for anything else
   */
  record Argument(
      @Nullable Type type,
      boolean literal,
      @Nullable Object value,
      @Nullable List<Argument> parts) {

    private static final Set<ScalarType> BARE =
        EnumSet.of(
            ScalarType.STRING,
            ScalarType.BYTES,
            ScalarType.INT64,
            ScalarType.FLOAT64,
            ScalarType.BOOL);

    public Argument {
      parts = parts == null ? null : List.copyOf(parts);
    }

    public Argument(@Nullable Type type, boolean literal, @Nullable Object value) {
      this(type, literal, value, null);
    }

    /** The type, or what a bare NULL is where nothing asks for a type. */
    public Type orDefault() {
      return type == null ? ScalarType.INT64 : type;
    }

    /** A value that is no literal. */
    public static Argument of(Type type) {
      return new Argument(type, false, null);
    }

    /**
     * What is known of an expression. A NULL literal of INT64 counts as a bare NULL; a literal of a
     * type that SQL only writes with the type's name, such as DATE, is a value like others.
     */
    public static Argument of(Expression expression) {
      if (expression instanceof Expression.Literal literal) {
        boolean bareNull = literal.value() == null && literal.type() == ScalarType.INT64;
        boolean bare = literal.type() instanceof ScalarType type && BARE.contains(type);
        boolean emptyArray = literal.value() instanceof List<?> list && list.isEmpty();
        return new Argument(
            bareNull ? null : literal.type(),
            bare || emptyArray,
            literal.value(),
            emptyArray ? List.of() : null);
      } else if (expression instanceof Expression.Call call
          && (call.function().equals(Constructors.ARRAY)
              || call.function().equals(Constructors.STRUCT))) {
        return new Argument(
            call.type(), false, null, call.arguments().stream().map(Argument::of).toList());
      }
      return of(expression.type());
    }
  }

  /** Parameter types, one an argument, and the result's. */
  record Signature(List<Type> parameters, Type result) {
    public Signature {
      parameters = List.copyOf(parameters);
    }
  }
}
