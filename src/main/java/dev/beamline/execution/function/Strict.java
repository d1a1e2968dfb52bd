package dev.beamline.execution.function;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions of values that are not NULL; a NULL argument gives NULL without a call. The type
 * arguments are the Java forms of the parameters' types.
 */
public final class Strict {

  private Strict() {}

  /** No argument. */
  @FunctionalInterface
  public interface Nullary {
    @Nullable Object apply();
  }

  /** One argument. */
  @FunctionalInterface
  public interface Unary<A> {
    @Nullable Object apply(A a);
  }

  /** Two arguments. */
  @FunctionalInterface
  public interface Binary<A, B> {
    @Nullable Object apply(A a, B b);
  }

  /** Three arguments. */
  @FunctionalInterface
  public interface Ternary<A, B, C> {
    @Nullable Object apply(A a, B b, C c);
  }

  /** Any number of arguments; the array is the callee's to keep. */
  @FunctionalInterface
  public interface Variadic {
    @Nullable Object apply(Object[] arguments);
  }

  static <A> CallCompiler unary(Supplier<? extends Unary<A>> function) {
    return (call, arguments) -> new UnaryEvaluator<>(function.get(), only(arguments, 1).get(0));
  }

  static <A, B> CallCompiler binary(Supplier<? extends Binary<A, B>> function) {
    return (call, arguments) -> {
      only(arguments, 2);
      return new BinaryEvaluator<>(function.get(), arguments.get(0), arguments.get(1));
    };
  }

  static <A, B, C> CallCompiler ternary(Supplier<? extends Ternary<A, B, C>> function) {
    return (call, arguments) -> {
      only(arguments, 3);
      return new TernaryEvaluator<>(
          function.get(), arguments.get(0), arguments.get(1), arguments.get(2));
    };
  }

  static CallCompiler variadic(Supplier<? extends Variadic> function) {
    return (call, arguments) ->
        new VariadicEvaluator(function.get(), arguments.toArray(Evaluator[]::new));
  }

  private static List<Evaluator> only(List<Evaluator> arguments, int count) {
    if (arguments.size() != count) {
      throw new IllegalArgumentException(arguments.size() + " arguments instead of " + count);
    }
    return arguments;
  }

  /**
   * The value in the Java form that its parameter's type has. The overload's signature has made
   * sure of it; a mistake in a registration fails at the first call, in every test of the function.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T value(Object value) {
    return (T) value;
  }

  private static final class UnaryEvaluator<A> implements Evaluator {
    private final Unary<A> function;
    private final Evaluator first;

    UnaryEvaluator(Unary<A> function, Evaluator first) {
      this.function = function;
      this.first = first;
    }

    @Override
    public @Nullable Object evaluate(Tuple row) {
      Object a = first.evaluate(row);
      return a == null ? null : function.apply(Strict.<A>value(a));
    }
  }

  private static final class BinaryEvaluator<A, B> implements Evaluator {
    private final Binary<A, B> function;
    private final Evaluator first;
    private final Evaluator second;

    BinaryEvaluator(Binary<A, B> function, Evaluator first, Evaluator second) {
      this.function = function;
      this.first = first;
      this.second = second;
    }

    @Override
    public @Nullable Object evaluate(Tuple row) {
      Object a = first.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = second.evaluate(row);
      return b == null ? null : function.apply(Strict.<A>value(a), Strict.<B>value(b));
    }
  }

  private static final class TernaryEvaluator<A, B, C> implements Evaluator {
    private final Ternary<A, B, C> function;
    private final Evaluator first;
    private final Evaluator second;
    private final Evaluator third;

    TernaryEvaluator(
        Ternary<A, B, C> function, Evaluator first, Evaluator second, Evaluator third) {
      this.function = function;
      this.first = first;
      this.second = second;
      this.third = third;
    }

    @Override
    public @Nullable Object evaluate(Tuple row) {
      Object a = first.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = second.evaluate(row);
      if (b == null) {
        return null;
      }
      Object c = third.evaluate(row);
      return c == null
          ? null
          : function.apply(Strict.<A>value(a), Strict.<B>value(b), Strict.<C>value(c));
    }
  }

  private static final class VariadicEvaluator implements Evaluator {
    private final Variadic function;
    private final Evaluator[] arguments;

    VariadicEvaluator(Variadic function, Evaluator[] arguments) {
      this.function = function;
      this.arguments = arguments;
    }

    @Override
    public @Nullable Object evaluate(Tuple row) {
      Object[] values = new Object[arguments.length];
      for (int i = 0; i < values.length; i++) {
        Object value = arguments[i].evaluate(row);
        if (value == null) {
          return null;
        }
        values[i] = value;
      }
      return function.apply(values);
    }
  }
}
