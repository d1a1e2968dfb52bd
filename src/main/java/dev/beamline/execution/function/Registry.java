package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.NamedParameter;
import dev.beamline.execution.function.ScalarFunction.Signature;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the groups of functions put what they define:
 *
 * <pre>{@code
 * registry.add("STRPOS").takes(STRING, STRING).returns(INT64)
 *     .strict((String value, String part) -> ...);
 * }</pre>
 *
 * Another group may add overloads to a function that exists already.
 */
public final class Registry {

  private final Map<String, OverloadedFunction> functions = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();

  /** Begins or continues a function that is called by this name (upper case, dots included). */
  public Definition add(String name) {
    return new Definition(functions.computeIfAbsent(name, n -> new OverloadedFunction(n, null)));
  }

  /**
   * Begins or continues an operator or special form, which has no name in SQL.
   *
   * @param symbol how signatures show it: {@code +}, {@code LIKE} ...
   */
  public Definition operator(String name, String symbol) {
    return new Definition(functions.computeIfAbsent(name, n -> new OverloadedFunction(n, symbol)));
  }

  /**
   * Says that a function of BigQuery's is known but not supported.
   *
   * @param name of the function, or the beginning of a family's names, with its last underscore or
   *     dot
   * @param reason why, and what to write instead; a sentence without a final period
   */
  public void refuse(String name, String reason) {
    refusals.put(name, reason);
  }

  Map<String, OverloadedFunction> functions() {
    return functions;
  }

  Map<String, String> aliases() {
    return aliases;
  }

  Map<String, String> refusals() {
    return refusals;
  }

  /** A function being defined. */
  public final class Definition {
    private final OverloadedFunction function;

    private Definition(OverloadedFunction function) {
      this.function = function;
    }

    /** Further names of the same function. */
    public Definition alias(String... names) {
      for (String name : names) {
        aliases.put(name, function.name());
      }
      return this;
    }

    /** The same arguments may give different values. */
    public Definition notDeterministic() {
      function.deterministic = false;
      return this;
    }

    /**
     * Adds a check of what does not depend on the rows.
     *
     * @param check throws an {@link EvaluationException} where a call must fail
     */
    public Definition checked(Consumer<Expression.Call> check) {
      function.checks.add(check);
      return this;
    }

    /** Adds a check of an argument that is a STRING literal. */
    public Definition checkedText(int index, Consumer<String> check) {
      return checked(
          call -> {
            if (index < call.arguments().size()
                && call.arguments().get(index) instanceof Expression.Literal literal
                && literal.value() instanceof String text) {
              check.accept(text);
            }
          });
    }

    /** Its evaluators never fail or locate their own errors. */
    public Definition locatesErrors() {
      function.locatesErrors = true;
      return this;
    }

    /**
     * Adds a parameter that is given by name and follows the positional ones; overloads must take
     * it as their last parameters.
     */
    public Definition named(String name, @Nullable Object defaultValue, Type type) {
      function.named.add(new NamedParameter(name, new Expression.Literal(defaultValue, type)));
      return this;
    }

    public Taking takesNothing() {
      return new Taking(this, List.of());
    }

    public Taking takes(Type... types) {
      return new Taking(this, Stream.of(types).map(Parameter::of).toList());
    }

    public Taking takes(Parameter... parameters) {
      return new Taking(this, List.of(parameters));
    }

    /**
     * Adds an overload that decides itself whether arguments fit.
     *
     * @param shown signatures for people
     * @param resolve parameter types and result; empty where the arguments do not fit
     */
    public Definition custom(
        String shown,
        Function<List<Argument>, Optional<Signature>> resolve,
        CallCompiler compiler) {
      Overload.Resolver resolver =
          arguments ->
              resolve
                  .apply(arguments)
                  .map(s -> new Overload.Match(s, Coercion.cost(arguments, s.parameters())));
      function.overloads.add(new Overload(shown, resolver, compiler));
      return this;
    }
  }

  /** An overload whose parameters are known. */
  public static final class Taking {
    private final Definition definition;
    private final List<Parameter> parameters;

    private Taking(Definition definition, List<Parameter> parameters) {
      this.definition = definition;
      this.parameters = parameters;
    }

    public Returning returns(Type type) {
      return new Returning(this, (types, variable) -> type);
    }

    /** The type variable's type. */
    public Returning returnsT() {
      return returnsOfT(type -> type);
    }

    /** A type made of the type variable's. */
    public Returning returnsOfT(Function<Type, Type> result) {
      return new Returning(
          this,
          (types, variable) -> {
            if (variable == null) {
              throw new IllegalStateException("no parameter is T");
            }
            return result.apply(variable);
          });
    }

    /** A type made of the parameters' types, one an argument. */
    public Returning returnsOf(Function<List<Type>, Type> result) {
      return new Returning(this, (types, variable) -> result.apply(types));
    }
  }

  /** An overload whose parameters and result are known. */
  public static final class Returning {
    private final Taking taking;
    private final Overload.Result result;

    private Returning(Taking taking, Overload.Result result) {
      this.taking = taking;
      this.result = result;
    }

    /** A function without arguments. */
    public Definition value(Strict.Nullary function) {
      return compiled((call, arguments) -> row -> function.apply());
    }

    public <A> Definition strict(Strict.Unary<A> function) {
      return compiled(Strict.unary(() -> function));
    }

    public <A, B> Definition strict(Strict.Binary<A, B> function) {
      return compiled(Strict.binary(() -> function));
    }

    public <A, B, C> Definition strict(Strict.Ternary<A, B, C> function) {
      return compiled(Strict.ternary(() -> function));
    }

    /** For more than three or for optional and repeated arguments. */
    public Definition strictAll(Strict.Variadic function) {
      return compiled(Strict.variadic(() -> function));
    }

    /** A function object of its own for each call in a query, so that it may remember things. */
    public <A> Definition strictUnary(Supplier<Strict.Unary<A>> function) {
      return compiled(Strict.unary(function));
    }

    /** As {@link #strictUnary}. */
    public <A, B> Definition strictBinary(Supplier<Strict.Binary<A, B>> function) {
      return compiled(Strict.binary(function));
    }

    /** As {@link #strictUnary}. */
    public <A, B, C> Definition strictTernary(Supplier<Strict.Ternary<A, B, C>> function) {
      return compiled(Strict.ternary(function));
    }

    /** As {@link #strictUnary}. */
    public Definition strictVariadic(Supplier<Strict.Variadic> function) {
      return compiled(Strict.variadic(function));
    }

    /** Anything: special forms, functions that look at the call's types or accept NULL. */
    public Definition compiled(CallCompiler compiler) {
      OverloadedFunction function = taking.definition.function;
      List<Parameter> parameters = taking.parameters;
      function.declared.add(parameters);
      function.overloads.add(
          new Overload(
              shown(function, parameters), Overload.declared(parameters, result), compiler));
      return taking.definition;
    }

    private static String shown(OverloadedFunction function, List<Parameter> parameters) {
      return form(function, parameters) + constraint(parameters);
    }

    private static String form(OverloadedFunction function, List<Parameter> parameters) {
      String symbol = function.symbol;
      boolean infix =
          parameters.size() == 2
              && !parameters.get(1).repeated()
              && !(parameters.get(0).shape() instanceof Parameter.Word);
      if (symbol != null && infix) {
        return parameters.get(0).shown() + " " + symbol + " " + parameters.get(1).shown();
      }
      if (symbol != null && parameters.size() == 1) {
        return symbol + " " + parameters.get(0).shown();
      }
      int positional = parameters.size() - function.named.size();
      Stream<String> first = parameters.subList(0, positional).stream().map(Parameter::shown);
      Stream<String> last =
          function.named.stream()
              .map(n -> "[" + n.name() + " => " + n.defaultValue().type().sql() + "]");
      return Stream.concat(first, last)
          .collect(Collectors.joining(", ", function.shown() + "(", ")"));
    }

    /** What T may be, where it may not be all. */
    private static String constraint(List<Parameter> parameters) {
      for (Parameter parameter : parameters) {
        Parameter.Constraint constraint =
            parameter.shape() instanceof Parameter.Variable v
                ? v.constraint()
                : parameter.shape() instanceof Parameter.ArrayOfVariable v
                    ? v.constraint()
                    : Parameter.Constraint.ANY;
        if (constraint != Parameter.Constraint.ANY) {
          return constraint == Parameter.Constraint.ORDERABLE
              ? ", T no ARRAY, STRUCT or JSON"
              : ", T no ARRAY or JSON";
        }
      }
      return "";
    }
  }

  /** A function as a list of overloads. */
  static final class OverloadedFunction implements ScalarFunction {
    private final String name;
    private final @Nullable String symbol;
    private final List<Overload> overloads = new ArrayList<>();
    private final List<List<Parameter>> declared = new ArrayList<>();
    private final List<NamedParameter> named = new ArrayList<>();
    private final List<Consumer<Expression.Call>> checks = new ArrayList<>();
    private boolean deterministic = true;
    private boolean locatesErrors;

    OverloadedFunction(String name, @Nullable String symbol) {
      this.name = name;
      this.symbol = symbol;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String shown() {
      return symbol == null ? name : symbol;
    }

    @Override
    public List<String> signatures() {
      return overloads.stream().map(Overload::shown).distinct().toList();
    }

    @Override
    public Optional<Signature> resolve(List<Argument> arguments) {
      return best(arguments).map(b -> b.match().signature());
    }

    @Override
    public Evaluator compile(Expression.Call call, List<Evaluator> arguments) {
      List<Argument> typed =
          call.arguments().stream()
              .map(
                  a ->
                      a instanceof Expression.Literal literal
                          ? new Argument(literal.type(), true, literal.value())
                          : Argument.of(a.type()))
              .toList();
      Best best =
          best(typed)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no overload of "
                              + name
                              + " for "
                              + call.arguments().stream().map(Expression::type).toList()));
      if (best.match().cost() != 0) {
        throw new IllegalArgumentException(
            "arguments of "
                + name
                + " are not coerced: "
                + call.arguments().stream().map(Expression::type).toList());
      }
      return best.overload().compiler().compile(call, arguments);
    }

    private Optional<Best> best(List<Argument> arguments) {
      Best best = null;
      for (Overload overload : overloads) {
        Optional<Overload.Match> match = overload.resolver().match(arguments);
        if (match.isPresent() && (best == null || match.get().cost() < best.match().cost())) {
          best = new Best(overload, match.get());
        }
      }
      return Optional.ofNullable(best);
    }

    private record Best(Overload overload, Overload.Match match) {}

    @Override
    public List<NamedParameter> namedParameters() {
      return List.copyOf(named);
    }

    @Override
    public boolean takesWord(int index, int count) {
      return declared.stream()
          .map(parameters -> Overload.spread(parameters, count))
          .anyMatch(
              each ->
                  each.size() == count
                      && index < count
                      && each.get(index).shape() instanceof Parameter.Word);
    }

    @Override
    public Optional<String> wrongWord(List<Argument> arguments) {
      long least = Long.MAX_VALUE;
      Set<String> words = new LinkedHashSet<>();
      String wrong = "";
      String of = "";
      for (List<Parameter> parameters : declared) {
        List<Parameter> anyWord =
            parameters.stream()
                .map(p -> p.shape() instanceof Parameter.Word ? Parameter.word("") : p)
                .toList();
        int at = anyWord.indexOf(Parameter.word(""));
        Optional<Overload.Match> match =
            at < 0 || at >= arguments.size()
                ? Optional.empty()
                : Overload.declared(anyWord, (types, variable) -> ScalarType.BOOL).match(arguments);
        if (match.isPresent() && match.get().cost() <= least) {
          if (match.get().cost() < least) {
            words.clear();
          }
          least = match.get().cost();
          words.addAll(List.of(parameters.get(at).shape().shown().split("\\|", -1)));
          wrong = String.valueOf(arguments.get(at).value());
          of = match.get().signature().parameters().get(at == 0 ? 1 : 0).sql();
        }
      }
      return words.isEmpty()
          ? Optional.empty()
          : Optional.of(
              shown() + " of " + of + " takes " + String.join(", ", words) + ", not " + wrong);
    }

    @Override
    public Optional<String> fault(Expression.Call call) {
      try {
        checks.forEach(check -> check.accept(call));
        return Optional.empty();
      } catch (EvaluationException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public boolean deterministic() {
      return deterministic;
    }

    @Override
    public boolean operator() {
      return symbol != null;
    }

    @Override
    public boolean locatesErrors() {
      return locatesErrors;
    }
  }
}
