package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** REGEXP_CONTAINS and its kin, over characters and over bytes. */
final class RegexpFunctions {

  private RegexpFunctions() {}

  static void register(Registry registry) {
    TextGroup group = new TextGroup(registry);
    group
        .binary(
            "REGEXP_CONTAINS",
            BOOL,
            () -> {
              LastUsed<String, Regexp> regexps = new LastUsed<>(Regexp::new);
              return (text, pattern) -> regexps.get(pattern).contains(text);
            })
        .checkedText(1, Regexp::new);
    group
        .binary(
            "REGEXP_EXTRACT_ALL",
            Type.array(STRING),
            () -> {
              LastUsed<String, Regexp> regexps = new LastUsed<>(Regexp::new);
              return (text, pattern) -> regexps.get(pattern).findAll(text);
            })
        .checkedText(1, Regexp::checkOneGroup);
    group
        .ternary(
            "REGEXP_REPLACE",
            STRING,
            () -> {
              LastUsed<String, Regexp> regexps = new LastUsed<>(Regexp::new);
              return (text, pattern, replacement) ->
                  regexps.get(pattern).replace(text, replacement);
            })
        .checkedText(1, Regexp::new)
        .checked(RegexpFunctions::checkReplacement);
    registry.add("REGEXP_EXTRACT").checkedText(1, Regexp::checkOneGroup);
    registry.add("REGEXP_INSTR").checkedText(1, Regexp::checkOneGroup);
    for (ScalarType type : List.of(STRING, BYTES)) {
      registry
          .add("REGEXP_EXTRACT")
          .alias("REGEXP_SUBSTR")
          .takes(of(type), of(type), optional(INT64), optional(INT64))
          .returns(type)
          .strictVariadic(
              () -> {
                LastUsed<String, Regexp> regexps = new LastUsed<>(Regexp::new);
                return arguments -> extract(regexps, arguments);
              });
      registry
          .add("REGEXP_INSTR")
          .takes(of(type), of(type), optional(INT64), optional(INT64), optional(INT64))
          .returns(INT64)
          .strictVariadic(
              () -> {
                LastUsed<String, Regexp> regexps = new LastUsed<>(Regexp::new);
                return arguments -> position(regexps, arguments);
              });
    }
  }

  private static void checkReplacement(Expression.Call call) {
    if (call.arguments().get(1) instanceof Expression.Literal pattern
        && call.arguments().get(2) instanceof Expression.Literal replacement
        && pattern.value() instanceof String regexp
        && replacement.value() instanceof String text) {
      new Regexp(regexp).checkReplacement(text);
    }
  }

  private static String text(Object value) {
    return value instanceof ByteString bytes ? Texts.ofBytes(bytes) : (String) value;
  }

  private static @Nullable Object extract(LastUsed<String, Regexp> regexps, Object[] arguments) {
    Regexp.Match match =
        regexps
            .get(text(arguments[1]))
            .find(
                text(arguments[0]),
                StringParts.number(arguments, 2),
                StringParts.number(arguments, 3));
    String group = match == null ? null : match.group();
    return arguments[0] instanceof ByteString ? TextGroup.toBytes(group) : group;
  }

  private static Long position(LastUsed<String, Regexp> regexps, Object[] arguments) {
    long which = arguments.length > 4 ? (Long) arguments[4] : 0;
    if (which != 0 && which != 1) {
      throw new EvaluationException(
          "Invalid return_position_after_match: it is 0 or 1, not " + which);
    }
    return regexps
        .get(text(arguments[1]))
        .position(
            text(arguments[0]),
            StringParts.number(arguments, 2),
            StringParts.number(arguments, 3),
            which == 1);
  }
}
