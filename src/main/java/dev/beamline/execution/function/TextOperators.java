package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.arrayOfT;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.repeated;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code LIKE} (STRING or BYTES), {@code CONCAT_OPERATOR} for {@code ||} (STRING, BYTES, ARRAY),
 * and the function CONCAT, which writes other types as strings, too.
 */
final class TextOperators {

  private TextOperators() {}

  /** LIKE with the patterns of an array: NULL where no pattern decides and one is NULL. */
  private static void quantified(Registry registry, String name, String symbol, boolean decisive) {
    registry
        .operator(name, symbol)
        .locatesErrors()
        .takes(STRING, Type.array(STRING))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Evaluator text = arguments.get(0);
              Evaluator array = arguments.get(1);
              return row -> quantified(text.evaluate(row), array.evaluate(row), decisive);
            });
  }

  private static @Nullable Boolean quantified(
      @Nullable Object text, @Nullable Object patterns, boolean decisive) {
    boolean unknown = false;
    for (Object pattern : patterns == null ? List.of() : (List<?>) patterns) {
      if (text == null || pattern == null) {
        unknown = true;
      } else if (new LikePattern((String) pattern).matches((String) text) == decisive) {
        return decisive;
      }
    }
    return unknown ? null : (Boolean) !decisive;
  }

  static void register(Registry registry) {
    registry
        .operator("LIKE", "LIKE")
        .checkedText(1, LikePattern::new)
        .takes(STRING, STRING)
        .returns(BOOL)
        .strictBinary(
            () -> {
              LastUsed<String, LikePattern> patterns = new LastUsed<>(LikePattern::new);
              return (String text, String pattern) -> patterns.get(pattern).matches(text);
            })
        .takes(BYTES, BYTES)
        .returns(BOOL)
        .strictBinary(
            () -> {
              LastUsed<ByteString, LikePattern> patterns =
                  new LastUsed<>(bytes -> new LikePattern(Texts.ofBytes(bytes)));
              return (ByteString bytes, ByteString pattern) ->
                  patterns.get(pattern).matches(Texts.ofBytes(bytes));
            });
    quantified(registry, "LIKE_ANY", "LIKE ANY UNNEST", true);
    quantified(registry, "LIKE_ALL", "LIKE ALL UNNEST", false);
    registry
        .operator("CONCAT_OPERATOR", "||")
        .takes(STRING, STRING)
        .returns(STRING)
        .strict((String a, String b) -> a.concat(b))
        .takes(BYTES, BYTES)
        .returns(BYTES)
        .strict((ByteString a, ByteString b) -> a.concat(b))
        .takes(arrayOfT(), arrayOfT())
        .returnsOfT(Type::array)
        .strict(TextOperators::concat);
    registry
        .add("CONCAT")
        .takes(of(STRING), repeated(STRING))
        .returns(STRING)
        .compiled((call, arguments) -> concatTexts(arguments))
        .takes(of(BYTES), repeated(BYTES))
        .returns(BYTES)
        .strictAll(TextOperators::concatBytes)
        .custom(
            "CONCAT(T, ...) of types that can be cast to STRING",
            TextOperators::resolveConcat,
            TextOperators::concatCast);
  }

  private static List<@Nullable Object> concat(List<@Nullable Object> a, List<@Nullable Object> b) {
    List<@Nullable Object> both = new ArrayList<>(a.size() + b.size());
    both.addAll(a);
    both.addAll(b);
    return Collections.unmodifiableList(both);
  }

  private static Evaluator concatTexts(List<Evaluator> arguments) {
    Evaluator[] parts = arguments.toArray(Evaluator[]::new);
    return row -> {
      StringBuilder text = new StringBuilder();
      for (Evaluator part : parts) {
        Object value = part.evaluate(row);
        if (value == null) {
          return null;
        }
        text.append((String) value);
      }
      return text.toString();
    };
  }

  private static ByteString concatBytes(Object[] parts) {
    ByteString bytes = ByteString.EMPTY;
    for (Object part : parts) {
      bytes = bytes.concat((ByteString) part);
    }
    return bytes;
  }

  /** Arguments stay as they are; BYTES do not mix with others. */
  private static Optional<Signature> resolveConcat(List<Argument> arguments) {
    List<Type> types = new ArrayList<>();
    for (Argument argument : arguments) {
      Type type = argument.type() == null ? STRING : argument.type();
      if (!(type instanceof ScalarType) || type == BYTES || !Casts.allowed(type, STRING)) {
        return Optional.empty();
      }
      types.add(type);
    }
    return types.isEmpty() ? Optional.empty() : Optional.of(new Signature(types, STRING));
  }

  private static Evaluator concatCast(Expression.Call call, List<Evaluator> arguments) {
    List<Evaluator> texts = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Casts.Converter toText =
          Casts.converter(call.arguments().get(i).type(), STRING).orElseThrow();
      Evaluator argument = arguments.get(i);
      texts.add(
          row -> {
            Object value = argument.evaluate(row);
            return value == null ? null : toText.convert(value);
          });
    }
    return concatTexts(texts);
  }
}
