package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Writes numbers after a {@link NumberModel}. */
final class NumberWriter {

  private static final int ROMAN_WIDTH = 15;
  private static final int MAX_ROMAN = 3999;
  private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
  private static final String[] ROMAN_DIGITS = {
    "M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"
  };

  private final NumberModel model;

  NumberWriter(String model) {
    this.model = NumberModel.of(model);
  }

  /**
   * Writes a number.
   *
   * @param value a Long, Double or BigDecimal
   */
  String write(Object value) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      return nonFinite(number);
    }
    boolean binary = value instanceof Double;
    BigDecimal number =
        value instanceof BigDecimal decimal
            ? decimal
            : value instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf((Long) value);
    return switch (model.kind()) {
      case ROMAN -> roman(number);
      case LOWER_ROMAN -> roman(number).toLowerCase(Locale.ROOT);
      case HEXADECIMAL -> hexadecimal(number);
      case DECIMAL, EXPONENT ->
          decimal(number, binary ? RoundingMode.HALF_EVEN : RoundingMode.HALF_UP);
    };
  }

  private String decimal(BigDecimal value, RoundingMode rounding) {
    boolean negative = value.signum() < 0;
    BigDecimal magnitude = value.abs();
    String exponent = "";
    if (model.kind() == NumberModel.Kind.EXPONENT && magnitude.signum() != 0) {
      BigDecimal rounded = magnitude.round(new MathContext(model.scale() + 1, rounding));
      int power = rounded.precision() - rounded.scale() - 1;
      magnitude = rounded.movePointLeft(power);
      exponent = (power < 0 ? "-" : "+") + (Math.abs(power) < 10 ? "0" : "") + Math.abs(power);
    } else if (model.kind() == NumberModel.Kind.EXPONENT) {
      exponent = "+00";
    }
    String[] parts = magnitude.setScale(model.scale(), rounding).toPlainString().split("\\.", -1);
    String integer = parts[0].equals("0") ? "" : parts[0];
    String fraction = parts.length > 1 ? parts[1] : "";
    if (model.compact()) {
      fraction = fraction.replaceFirst("0+$", "");
    }
    boolean blank = model.blank() && integer.isEmpty();
    String before = needsInteger(integer, fraction) ? integerPart(integer, blank) : "";
    int padding = model.point() - before.length();
    String digits =
        (blank ? " ".repeat(model.currency().length()) : model.currency())
            + before
            + fractionPart(integer, fraction, exponent, blank);
    return finish(padding, negative, blank, digits);
  }

  private boolean overflows(String integer) {
    return integer.length() > model.integerDigits();
  }

  /** A lone zero before the point is not written if there are digits behind it. */
  private boolean needsInteger(String integer, String fraction) {
    boolean zeroAsked = model.firstZero() >= 0 && model.firstZero() < model.point();
    return model.integerDigits() > 0
        && (!integer.isEmpty()
            || model.kind() == NumberModel.Kind.EXPONENT
            || zeroAsked
            || fraction.isEmpty());
  }

  private String integerPart(String integer, boolean blank) {
    String digits = integer.isEmpty() ? "0" : integer;
    boolean overflow = overflows(integer);
    StringBuilder backwards = new StringBuilder();
    int digit = digits.length() - 1;
    for (int i = model.point() - 1; i >= 0; i--) {
      boolean zeroFollows = model.firstZero() >= 0 && i >= model.firstZero();
      if (digit < 0 && !zeroFollows) {
        break;
      }
      if (model.elements().get(i) == ',') {
        backwards.append(blank ? ' ' : ',');
      } else {
        char shown = digit >= 0 ? digits.charAt(digit) : '0';
        backwards.append(overflow ? '#' : blank ? ' ' : shown);
        digit--;
      }
    }
    return backwards.reverse().toString();
  }

  private String fractionPart(String integer, String fraction, String exponent, boolean blank) {
    boolean overflow = overflows(integer);
    StringBuilder text = new StringBuilder();
    int digit = 0;
    for (char element : model.elements().subList(model.point(), model.elements().size())) {
      if (element == '.') {
        text.append(blank ? ' ' : '.');
      } else if (element == 'E' || element == 'e') {
        text.append(overflow ? "####" : blank ? "    " : element + exponent);
      } else if (element != 'V') {
        if (overflow) {
          text.append('#');
        } else if (digit < fraction.length()) {
          text.append(blank ? ' ' : fraction.charAt(digit));
        }
        digit++;
      }
    }
    return text.toString();
  }

  private String finish(int padding, boolean negative, boolean blank, String digits) {
    String before = "";
    String after = "";
    switch (model.sign()) {
      case "S" -> {
        String shown = blank ? " " : negative ? "-" : "+";
        before = model.signFirst() ? shown : "";
        after = model.signFirst() ? "" : shown;
      }
      case "MI" -> after = negative && !blank ? "-" : " ";
      case "PR" -> {
        before = negative && !blank ? "<" : " ";
        after = negative && !blank ? ">" : " ";
      }
      default -> before = negative && !blank ? "-" : " ";
    }
    String text = " ".repeat(Math.max(0, padding)) + before + digits + after;
    return model.compact() ? AsciiSpace.trim(text) : text;
  }

  /** INF and NAN stand where the integer part would; NAN has no sign. */
  private String nonFinite(double value) {
    String name = Double.isNaN(value) ? "NAN" : "INF";
    String digits;
    int padding;
    if (model.kind() == NumberModel.Kind.EXPONENT) {
      digits = name;
      padding = model.elements().size();
    } else if (model.kind() == NumberModel.Kind.DECIMAL) {
      boolean overflow = model.point() < name.length();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < model.elements().size(); i++) {
        char element = model.elements().get(i);
        int inName = i - (model.point() - name.length());
        if (overflow) {
          text.append(element == '0' || element == '9' ? '#' : element == 'V' ? "" : element);
        } else if (i >= model.point()) {
          text.append(element == 'V' ? "" : " ");
        } else if (inName >= 0) {
          text.append(name.charAt(inName));
        }
      }
      digits = text.toString();
      padding = overflow ? 0 : model.point() - name.length();
    } else {
      throw new EvaluationException(
          "Cannot format " + Floats.toText(value) + " with hexadecimal digits or Roman numerals");
    }
    String text = finish(padding, value < 0, false, model.currency() + digits);
    return Double.isNaN(value) ? text.replaceAll("[-+<>]", " ") : text;
  }

  private String hexadecimal(BigDecimal value) {
    BigInteger magnitude = value.abs().setScale(0, RoundingMode.HALF_UP).unscaledValue();
    String digits = magnitude.toString(16);
    boolean overflow = digits.length() > model.elements().size();
    StringBuilder backwards = new StringBuilder();
    int digit = digits.length() - 1;
    int i = model.elements().size() - 1;
    for (; i >= 0; i--) {
      if (digit < 0 && (model.firstZero() < 0 || i < model.firstZero())) {
        break;
      }
      char shown = digit >= 0 ? digits.charAt(digit) : '0';
      boolean upper = model.elements().get(i) == 'X';
      backwards.append(overflow ? '#' : upper ? Character.toUpperCase(shown) : shown);
      digit--;
    }
    return finish(i + 1, value.signum() < 0, false, backwards.reverse().toString());
  }

  private String roman(BigDecimal value) {
    BigDecimal rounded = value.setScale(0, RoundingMode.HALF_UP);
    if (rounded.signum() <= 0 || rounded.compareTo(BigDecimal.valueOf(MAX_ROMAN)) > 0) {
      throw new EvaluationException(
          "Roman numerals are for 1 to 3999, not " + value.toPlainString());
    }
    int rest = rounded.intValueExact();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROMAN_VALUES.length; i++) {
      while (rest >= ROMAN_VALUES[i]) {
        text.append(ROMAN_DIGITS[i]);
        rest -= ROMAN_VALUES[i];
      }
    }
    return model.compact() ? text.toString() : " ".repeat(ROMAN_WIDTH - text.length()) + text;
  }
}
