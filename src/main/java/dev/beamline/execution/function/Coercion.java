package dev.beamline.execution.function;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery's implicit conversions ("Conversion rules" of its reference): INT64 to NUMERIC,
 * BIGNUMERIC and FLOAT64; NUMERIC to BIGNUMERIC and FLOAT64; BIGNUMERIC to FLOAT64; DATE to
 * DATETIME; a STRING literal to DATE, DATETIME, TIME and TIMESTAMP; a FLOAT64 literal to NUMERIC
 * and BIGNUMERIC; NULL to anything. Structs and arrays by their parts.
 */
public final class Coercion {

  /** Steps of a value, by what they cost: the nearest signature wins. */
  private static final Map<ScalarType, List<ScalarType>> OF_VALUES =
      new EnumMap<>(ScalarType.class);

  /** Steps that only a literal takes. */
  private static final Map<ScalarType, List<ScalarType>> OF_LITERALS =
      new EnumMap<>(ScalarType.class);

  static {
    OF_VALUES.put(
        ScalarType.INT64, List.of(ScalarType.FLOAT64, ScalarType.NUMERIC, ScalarType.BIGNUMERIC));
    OF_VALUES.put(ScalarType.NUMERIC, List.of(ScalarType.BIGNUMERIC, ScalarType.FLOAT64));
    OF_VALUES.put(ScalarType.BIGNUMERIC, List.of(ScalarType.FLOAT64));
    OF_VALUES.put(ScalarType.DATE, List.of(ScalarType.DATETIME));
    OF_LITERALS.put(
        ScalarType.STRING,
        List.of(ScalarType.DATE, ScalarType.DATETIME, ScalarType.TIME, ScalarType.TIMESTAMP));
    OF_LITERALS.put(ScalarType.FLOAT64, List.of(ScalarType.NUMERIC, ScalarType.BIGNUMERIC));
  }

  private static final long VALUE_COERCED = 1_000_000_000L;
  private static final long VALUE_STEP = 1_000_000L;
  private static final long LITERAL_COERCED = 1_000L;

  private Coercion() {}

  /** Whether the argument becomes that type without a CAST. */
  public static boolean coerces(Argument argument, Type type) {
    return cost(argument, type).isPresent();
  }

  /** Whether any value of the type becomes the other without a CAST. */
  public static boolean coerces(Type from, Type to) {
    return cost(Argument.of(from), to).isPresent();
  }

  /** 0 where nothing is to be done, more the further the way, empty where there is none. */
  static OptionalLong cost(Argument argument, Type to) {
    Type from = argument.type();
    if (from == null || equivalent(from, to)) {
      return OptionalLong.of(0);
    }
    if (from instanceof ScalarType scalar && to instanceof ScalarType target) {
      int step = OF_VALUES.getOrDefault(scalar, List.of()).indexOf(target);
      if (step >= 0) {
        return OptionalLong.of(
            argument.literal() ? LITERAL_COERCED + step : VALUE_COERCED + VALUE_STEP * (step + 1));
      }
      step = OF_LITERALS.getOrDefault(scalar, List.of()).indexOf(target);
      return argument.literal() && step >= 0
          ? OptionalLong.of(LITERAL_COERCED + 10 + step)
          : OptionalLong.empty();
    }
    if (from instanceof ArrayType && to instanceof ArrayType target) {
      return most(elements(argument), each -> target.element());
    }
    if (from instanceof StructType struct
        && to instanceof StructType target
        && struct.fields().size() == target.fields().size()) {
      return most(fields(argument, struct), i -> target.fields().get(i).type());
    }
    return OptionalLong.empty();
  }

  /** The cost of the part that has the furthest way. */
  private static OptionalLong most(List<Argument> parts, IntFunction<Type> to) {
    long most = 0;
    for (int i = 0; i < parts.size(); i++) {
      OptionalLong one = cost(parts.get(i), to.apply(i));
      if (one.isEmpty()) {
        return one;
      }
      most = Math.max(most, one.getAsLong());
    }
    return OptionalLong.of(most);
  }

  /** The elements of an array as far as they are known: each, or one for all. */
  static List<Argument> elements(Argument array) {
    List<Argument> parts = array.parts();
    return parts != null
        ? parts
        : array.type() instanceof ArrayType type ? List.of(Argument.of(type.element())) : List.of();
  }

  private static List<Argument> fields(Argument argument, StructType struct) {
    List<Argument> parts = argument.parts();
    return parts != null && parts.size() == struct.fields().size()
        ? parts
        : struct.fields().stream().map(f -> Argument.of(f.type())).toList();
  }

  static long cost(List<Argument> arguments, List<Type> types) {
    long sum = 0;
    for (int i = 0; i < types.size(); i++) {
      sum += cost(arguments.get(i), types.get(i)).orElse(VALUE_COERCED);
    }
    return sum;
  }

  /** Whether values of one are values of the other as they are: equal but for fields' names. */
  public static boolean equivalent(Type a, Type b) {
    if (a instanceof ArrayType left && b instanceof ArrayType right) {
      return equivalent(left.element(), right.element());
    }
    if (a instanceof StructType left && b instanceof StructType right) {
      if (left.fields().size() != right.fields().size()) {
        return false;
      }
      for (int i = 0; i < left.fields().size(); i++) {
        if (!equivalent(left.fields().get(i).type(), right.fields().get(i).type())) {
          return false;
        }
      }
      return true;
    }
    return a.equals(b);
  }

  /**
   * The one type that all arguments become, for CASE, COALESCE, IN, arrays and set operations:
   * literals follow the values where they can. INT64 where all are NULL; empty where there is none.
   */
  public static Optional<Type> supertype(List<Argument> arguments) {
    List<Argument> typed = arguments.stream().filter(a -> a.type() != null).toList();
    if (typed.isEmpty()) {
      return Optional.of(ScalarType.INT64);
    }
    Type first = typed.get(0).type();
    boolean built = typed.stream().anyMatch(a -> a.parts() != null);
    if (built && typed.stream().allMatch(a -> a.type() instanceof ArrayType)) {
      return supertype(typed.stream().flatMap(a -> elements(a).stream()).toList()).map(Type::array);
    } else if (built && first instanceof StructType struct) {
      return superstruct(typed, struct);
    }
    return ofScalars(typed);
  }

  /** Field by field; the names are the first's. */
  private static Optional<Type> superstruct(List<Argument> arguments, StructType first) {
    int size = first.fields().size();
    List<List<Argument>> columns = new ArrayList<>();
    for (Argument argument : arguments) {
      if (!(argument.type() instanceof StructType struct) || struct.fields().size() != size) {
        return Optional.empty();
      }
      columns.add(fields(argument, struct));
    }
    List<Column> fields = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int at = i;
      Optional<Type> type = supertype(columns.stream().map(c -> c.get(at)).toList());
      if (type.isEmpty()) {
        return Optional.empty();
      }
      fields.add(Column.of(first.fields().get(i).name(), type.get()));
    }
    return Optional.of(new StructType(fields));
  }

  private static Optional<Type> ofScalars(List<Argument> arguments) {
    List<Type> values = new ArrayList<>();
    List<Argument> literals = new ArrayList<>();
    for (Argument argument : arguments) {
      Type type = argument.type();
      if (type != null && argument.literal()) {
        literals.add(argument);
      } else if (type != null) {
        values.add(type);
      }
    }
    Optional<Type> ofValues = common(values);
    if (!values.isEmpty() && ofValues.isEmpty()) {
      return Optional.empty();
    }
    if (ofValues.isPresent()) {
      Type type = ofValues.get();
      if (literals.stream().allMatch(l -> coerces(l, type))) {
        return ofValues;
      }
    }
    for (Argument literal : literals) {
      Type type = literal.type();
      if (type != null) {
        values.add(type);
      }
    }
    return common(values);
  }

  /** The type that all of these become as values; empty of no types or where there is none. */
  private static Optional<Type> common(List<Type> types) {
    if (types.isEmpty()) {
      return Optional.empty();
    }
    Type result = types.get(0);
    for (Type type : types.subList(1, types.size())) {
      Type both = common(result, type);
      if (both == null) {
        return Optional.empty();
      }
      result = both;
    }
    return Optional.of(result);
  }

  private static @Nullable Type common(Type a, Type b) {
    if (equivalent(a, b)) {
      return a;
    }
    if (a instanceof ScalarType left && b instanceof ScalarType right) {
      Set<ScalarType> candidates = reach(left);
      candidates.retainAll(reach(right));
      // Of INT64 and NUMERIC, both NUMERIC and FLOAT64 remain; the exact one is the supertype.
      for (ScalarType exact : List.of(left, right)) {
        if (candidates.contains(exact)) {
          return exact;
        }
      }
      return null;
    }
    if (a instanceof ArrayType left && b instanceof ArrayType right) {
      Type element = common(left.element(), right.element());
      return element == null ? null : Type.array(element);
    }
    if (a instanceof StructType left
        && b instanceof StructType right
        && left.fields().size() == right.fields().size()) {
      List<Column> fields = new ArrayList<>();
      for (int i = 0; i < left.fields().size(); i++) {
        Type type = common(left.fields().get(i).type(), right.fields().get(i).type());
        if (type == null) {
          return null;
        }
        fields.add(Column.of(left.fields().get(i).name(), type));
      }
      return new StructType(fields);
    }
    return null;
  }

  private static Set<ScalarType> reach(ScalarType type) {
    Set<ScalarType> reached = EnumSet.of(type);
    reached.addAll(OF_VALUES.getOrDefault(type, List.of()));
    return reached;
  }

  /**
   * The expression as that type: itself, a converted literal, or a CAST around it.
   *
   * @param place of the expression, for errors at run time
   * @throws EvaluationException where a literal is no value of the type; the message is for people
   */
  public static Expression coerce(Expression expression, Type type, Place place) {
    if (equivalent(expression.type(), type)) {
      return expression;
    }
    if (expression instanceof Expression.Literal literal) {
      boolean emptyArray = literal.value() instanceof List<?> list && list.isEmpty();
      if (literal.value() == null || emptyArray) {
        return new Expression.Literal(literal.value(), type);
      }
      try {
        return new Expression.Literal(convert(literal, type), type);
      } catch (EvaluationException e) {
        throw new EvaluationException(
            "Could not cast literal "
                + Shown.literal(literal.value(), literal.type())
                + " to type "
                + type.sql(),
            place);
      }
    }
    if (expression instanceof Expression.Call call
        && call.function().equals(Constructors.ARRAY)
        && type instanceof ArrayType array) {
      return new Expression.Call(
          call.function(),
          call.arguments().stream().map(a -> coerce(a, array.element(), place)).toList(),
          type,
          false,
          call.place());
    }
    if (expression instanceof Expression.Call call
        && call.function().equals(Constructors.STRUCT)
        && type instanceof StructType struct) {
      List<Expression> parts = new ArrayList<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        parts.add(coerce(call.arguments().get(i), struct.fields().get(i).type(), place));
      }
      return new Expression.Call(call.function(), parts, type, false, call.place());
    }
    return cast(expression, type, false, place);
  }

  private static @Nullable Object convert(Expression.Literal literal, Type type) {
    if (literal.value() instanceof Double number
        && Double.isFinite(number)
        && (type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC)) {
      // The digits that were written count, not those of the nearest FLOAT64.
      return Numerics.ofWritten(number, type);
    }
    return Casts.cast(literal.value(), literal.type(), type);
  }

  /** An explicit CAST or, where {@code safe}, SAFE_CAST. */
  public static Expression.Call cast(Expression expression, Type type, boolean safe, Place place) {
    return new Expression.Call(CastFunctions.CAST, List.of(expression), type, safe, place);
  }
}
