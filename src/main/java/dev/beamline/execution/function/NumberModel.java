package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A model of CAST(number AS STRING FORMAT model), such as {@code '$999,999.00'}, read ("Format
 * numeric type as string" in BigQuery's reference).
 *
 * @param elements digits {@code 0 9 X x}, the group separator {@code ,}, the points {@code .} and
 *     {@code V}, and the exponent {@code E} or {@code e}, as they follow each other
 * @param point how many elements stand before the point, the exponent or the end
 * @param scale digits behind the point
 * @param integerDigits digits before the point, before extra ones of an exponent are dropped
 * @param firstZero the first 0 among the elements; -1 where there is none
 * @param sign {@code S}, {@code MI}, {@code PR} or empty
 * @param signFirst whether the S stands in front
 * @param currency as it is written: {@code $}, {@code USD}, {@code usd} or empty
 * @param blank whether B asks for spaces where the integer part is zero
 * @param compact whether FM takes spaces and trailing zeros away
 */
record NumberModel(
    Kind kind,
    List<Character> elements,
    int point,
    int scale,
    int integerDigits,
    int firstZero,
    String sign,
    boolean signFirst,
    String currency,
    boolean blank,
    boolean compact) {

  /** What is written. */
  enum Kind {
    DECIMAL,
    EXPONENT,
    HEXADECIMAL,
    ROMAN,
    LOWER_ROMAN
  }

  private static final int MAX_HEX_DIGITS = 16;

  /** Longer ones first: MI before nothing, EEEE as a whole. */
  private static final List<String> ELEMENTS =
      List.of(
          "EEEE", "TM9", "TME", "TM", "MI", "PR", "RN", "FM", "$", "0", "9", "X", ".", "D", ",",
          "G", "S", "B", "V", "C", "L");

  NumberModel {
    elements = List.copyOf(elements);
  }

  /**
   * Reads a model.
   *
   * @throws EvaluationException where it is wrong
   */
  static NumberModel of(String model) {
    return new Reader(model).read();
  }

  private static EvaluationException wrong(String model, String what) {
    return new EvaluationException("Error in format string " + Shown.quoted(model) + ": " + what);
  }

  /** Collects what the elements say. */
  private static final class Reader {
    private final String model;
    private final List<Character> elements = new ArrayList<>();
    private int digits;
    private int point = -1;
    private int scale;
    private boolean afterPoint;
    private boolean exponent;
    private boolean hexadecimal;
    private boolean decimal;
    private String roman = "";
    private String sign = "";
    private boolean signFirst;
    private String currency = "";
    private boolean blank;
    private boolean compact;

    Reader(String model) {
      this.model = model;
    }

    NumberModel read() {
      int index = 0;
      while (index < model.length()) {
        String element = next(index);
        take(element, model.substring(index, index + element.length()));
        index += element.length();
      }
      if (!roman.isEmpty()) {
        return romanModel();
      }
      check(digits > 0, "it must contain at least one of X, 0 and 9");
      check(!hexadecimal || digits <= MAX_HEX_DIGITS, "at most 16 hexadecimal digits");
      check(
          !hexadecimal || (currency.isEmpty() && !blank),
          "X cannot appear together with a currency or B");
      if (hexadecimal) {
        return hexadecimalModel();
      }
      return decimalModel();
    }

    private String next(int index) {
      String rest = model.substring(index).toUpperCase(Locale.ROOT);
      for (String element : ELEMENTS) {
        if (rest.startsWith(element)) {
          return element;
        }
      }
      throw wrong(model, "invalid format element '" + model.charAt(index) + "'");
    }

    private void take(String element, String written) {
      boolean began = digits > 0 || afterPoint || !sign.isEmpty();
      boolean ended = !sign.isEmpty() && !signFirst;
      switch (element) {
        case "FM" -> {
          check(!compact, "FM cannot be repeated");
          compact = true;
        }
        case "B" -> {
          check(!blank, "there can be at most one B");
          blank = true;
        }
        case "$", "C", "L" -> {
          check(currency.isEmpty(), "there can be at most one of $, C and L");
          currency = !element.equals("C") ? "$" : written.equals("C") ? "USD" : "usd";
        }
        case "RN" -> {
          check(!began && roman.isEmpty(), "RN cannot appear together with other elements");
          roman = written;
        }
        case "TM", "TM9", "TME" -> throw wrong(model, element + " is not supported");
        default -> {
          check(roman.isEmpty(), "RN cannot appear together with " + element);
          check(!ended, sign + " can only appear before or after all digits and EEEE");
          takeNumber(element, written);
        }
      }
    }

    private void takeNumber(String element, String written) {
      boolean signElement = List.of("S", "MI", "PR").contains(element);
      check(!exponent || signElement, element + " cannot appear after EEEE");
      switch (element) {
        case "0", "9" -> digit(element.charAt(0));
        case "X" -> {
          check(!decimal && !afterPoint, "X cannot appear together with 9, a separator or a point");
          hexadecimal = true;
          digit(written.charAt(0));
        }
        case ",", "G" -> {
          check(!afterPoint, ", and G cannot appear after the point");
          check(digits > 0 || signFirst, "unexpected " + element);
          check(!hexadecimal, "X cannot appear together with " + element);
          decimal = true;
          elements.add(',');
        }
        case ".", "D", "V" -> {
          check(!afterPoint, "there can be at most one of ., D and V");
          check(!hexadecimal, "X cannot appear together with " + element);
          decimal = true;
          point = elements.size();
          afterPoint = true;
          elements.add(element.equals("V") ? 'V' : '.');
        }
        case "EEEE" -> {
          check(digits > 0 || afterPoint, "unexpected EEEE");
          check(!elements.contains(','), ", and G cannot appear together with EEEE");
          check(!hexadecimal, "X cannot appear together with EEEE");
          exponent = true;
          point = point < 0 ? elements.size() : point;
          elements.add(Character.isUpperCase(written.charAt(0)) ? 'E' : 'e');
        }
        default -> {
          check(sign.isEmpty(), "there can be at most one of S, MI and PR");
          boolean first = digits == 0 && !afterPoint;
          check(
              !first || element.equals("S"),
              element + " can only appear after all digits and EEEE");
          sign = element;
          signFirst = first;
        }
      }
    }

    private void digit(char digit) {
      check(!hexadecimal || digit != '9', "X cannot appear together with 9");
      decimal |= digit == '9';
      digits++;
      scale += afterPoint ? 1 : 0;
      elements.add(digit);
    }

    private void check(boolean ok, String rule) {
      if (!ok) {
        throw wrong(model, rule);
      }
    }

    private NumberModel romanModel() {
      check(currency.isEmpty() && !blank, "RN cannot appear together with other elements");
      Kind kind = roman.startsWith("R") ? Kind.ROMAN : Kind.LOWER_ROMAN;
      return model(kind, elements, 0, 0);
    }

    /** A 0 is of the case of the next X. */
    private NumberModel hexadecimalModel() {
      int firstZero = elements.indexOf('0');
      char next = 'X';
      for (int i = elements.size() - 1; i >= 0; i--) {
        if (elements.get(i) == '0') {
          elements.set(i, next);
        } else {
          next = elements.get(i);
        }
      }
      return new NumberModel(
          Kind.HEXADECIMAL,
          elements,
          elements.size(),
          0,
          digits,
          firstZero,
          sign,
          signFirst,
          currency,
          blank,
          compact);
    }

    /** With an exponent, only one digit stands before the point. */
    private NumberModel decimalModel() {
      int before = point < 0 ? elements.size() : point;
      if (exponent && before >= 2) {
        elements.subList(0, before - 1).clear();
        before = 1;
      }
      return model(exponent ? Kind.EXPONENT : Kind.DECIMAL, elements, before, digits - scale);
    }

    private NumberModel model(Kind kind, List<Character> kept, int before, int integerDigits) {
      return new NumberModel(
          kind,
          kept,
          before,
          scale,
          integerDigits,
          kept.indexOf('0'),
          sign,
          signFirst,
          currency,
          blank,
          compact);
    }
  }
}
