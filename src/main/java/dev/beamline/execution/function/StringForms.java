package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.word;

import com.google.protobuf.ByteString;
import com.ibm.icu.lang.UCharacter;
import dev.beamline.execution.expression.EvaluationException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Functions that change how a string is written: case, white space, Unicode's normal forms. */
final class StringForms {

  /** INITCAP's, besides white space. */
  private static final String DELIMITERS = "[](){}/|\\<>!?@\"#$&~_,.:;*%+-^";

  private StringForms() {}

  static void register(Registry registry) {
    registry
        .add("LOWER")
        .takes(STRING)
        .returns(STRING)
        .strict((String text) -> text.toLowerCase(Locale.ROOT))
        .takes(BYTES)
        .returns(BYTES)
        .strict((ByteString bytes) -> shift(bytes, 'A', 'Z', 'a' - 'A'));
    registry
        .add("UPPER")
        .takes(STRING)
        .returns(STRING)
        .strict((String text) -> text.toUpperCase(Locale.ROOT))
        .takes(BYTES)
        .returns(BYTES)
        .strict((ByteString bytes) -> shift(bytes, 'a', 'z', 'A' - 'a'));
    registry
        .add("INITCAP")
        .takes(STRING)
        .returns(STRING)
        .strict(
            (String text) ->
                capitalize(text, c -> UnicodeSpace.is(c) || DELIMITERS.indexOf(c) >= 0))
        .takes(STRING, STRING)
        .returns(STRING)
        .strict(
            (String text, String delimiters) -> capitalize(text, c -> delimiters.indexOf(c) >= 0));
    trim(registry, "TRIM", true, true);
    trim(registry, "LTRIM", true, false);
    trim(registry, "RTRIM", false, true);
    registry
        .add("NORMALIZE")
        .checkedText(1, StringForms::form)
        .takes(of(STRING))
        .returns(STRING)
        .strict((String text) -> Normalizer.normalize(text, Normalizer.Form.NFC))
        .takes(of(STRING), word("normalization_mode"))
        .returns(STRING)
        .strict((String text, String mode) -> Normalizer.normalize(text, form(mode)));
    registry
        .add("NORMALIZE_AND_CASEFOLD")
        .checkedText(1, StringForms::form)
        .takes(of(STRING))
        .returns(STRING)
        .strict((String text) -> fold(text, Normalizer.Form.NFC))
        .takes(of(STRING), word("normalization_mode"))
        .returns(STRING)
        .strict((String text, String mode) -> fold(text, form(mode)));
    registry.add("SOUNDEX").takes(STRING).returns(STRING).strict(StringForms::soundex);
  }

  private static ByteString shift(ByteString bytes, char first, char last, int by) {
    byte[] result = bytes.toByteArray();
    for (int i = 0; i < result.length; i++) {
      if (result[i] >= first && result[i] <= last) {
        result[i] = (byte) (result[i] + by);
      }
    }
    return ByteString.copyFrom(result);
  }

  private static String capitalize(String text, IntPredicate delimiter) {
    StringBuilder result = new StringBuilder(text.length());
    boolean first = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (delimiter.test(c)) {
        result.appendCodePoint(c);
        first = true;
      } else {
        result.appendCodePoint(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
        first = false;
      }
    }
    return result.toString();
  }

  private static void trim(Registry registry, String name, boolean start, boolean end) {
    registry
        .add(name)
        .takes(STRING)
        .returns(STRING)
        .strict((String text) -> trim(text, UnicodeSpace::is, start, end));
    new TextGroup(registry)
        .binary(name, STRING, (text, set) -> trim(text, c -> set.indexOf(c) >= 0, start, end));
  }

  private static String trim(String text, IntPredicate set, boolean start, boolean end) {
    int from = 0;
    int to = text.length();
    while (start && from < to && set.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && to > from && set.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  static Normalizer.Form form(String mode) {
    return switch (mode.toUpperCase(Locale.ROOT)) {
      case "NFC" -> Normalizer.Form.NFC;
      case "NFKC" -> Normalizer.Form.NFKC;
      case "NFD" -> Normalizer.Form.NFD;
      case "NFKD" -> Normalizer.Form.NFKD;
      default ->
          throw new EvaluationException(
              "Invalid normalization mode: " + mode + "; it is NFC, NFKC, NFD or NFKD");
    };
  }

  static String fold(String text, Normalizer.Form form) {
    return UCharacter.foldCase(Normalizer.normalize(text, form), true);
  }

  /** Digits of the letters A to Z; vowels and H, W, Y have none. */
  private static final String SOUNDEX = "01230120022455012623010202";

  private static String soundex(String text) {
    StringBuilder code = new StringBuilder(4);
    char previous = '0';
    for (int i = 0; i < text.length() && code.length() < 4; i++) {
      char letter = text.charAt(i);
      int index = (letter >= 'a' && letter <= 'z' ? letter - 'a' : letter - 'A');
      if (index < 0 || index >= SOUNDEX.length()) {
        continue;
      }
      char digit = SOUNDEX.charAt(index);
      if (code.isEmpty()) {
        code.append(letter);
        previous = digit;
      } else if (digit != '0' && digit != previous) {
        code.append(digit);
        previous = digit;
      }
    }
    while (!code.isEmpty() && code.length() < 4) {
      code.append('0');
    }
    return code.toString();
  }
}
