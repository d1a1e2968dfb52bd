package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PARSE_NUMERIC and PARSE_BIGNUMERIC, which read more than CAST: commas between the digits before
 * the point, a sign behind the number, white space around the sign.
 */
final class ParseNumeric {

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<before>[+-]?)\\s*(?<whole>[0-9,]*)(?<rest>\\.?[0-9]*(?:[eE][+-]?[0-9]+)?)\\s*"
              + "(?<behind>[+-]?)");

  private static final Pattern COMMAS = Pattern.compile(",+");

  private ParseNumeric() {}

  static void register(Registry registry) {
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      registry
          .add("PARSE_" + type.name())
          .takes(STRING)
          .returns(type)
          .strict((String text) -> parse(text, type));
    }
  }

  private static BigDecimal parse(String text, ScalarType type) {
    Matcher matcher = NUMBER.matcher(AsciiSpace.trim(text));
    if (matcher.matches()) {
      String before = matcher.group("before");
      String behind = matcher.group("behind");
      String whole = matcher.group("whole");
      boolean onlyCommas = COMMAS.matcher(whole).matches();
      if (!onlyCommas && (before.isEmpty() || behind.isEmpty())) {
        return Numerics.parse(
            before + behind + whole.replace(",", "") + matcher.group("rest"), type);
      }
    }
    throw new EvaluationException(
        "Invalid input to PARSE_" + type.name() + ": " + Shown.quoted(text));
  }
}
