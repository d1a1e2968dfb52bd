package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One element of the format model of {@code CAST(... FORMAT 'YYYY-MM-DD')}.
 *
 * @param kind what it stands for
 * @param text as written; of a literal, what it stands for
 */
record ModelElement(Kind kind, String text) {

  /** Which part of a date or time it sets, and so which may not stand together. */
  enum Part {
    LITERAL,
    YEAR,
    MONTH,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    MERIDIAN,
    ZONE,
    OTHER
  }

  /** The elements; the longest that fits is taken. */
  enum Kind {
    LITERAL("", Part.LITERAL),
    SPACE(" ", Part.LITERAL),
    YYYY("YYYY", Part.YEAR),
    YYY("YYY", Part.YEAR),
    YY("YY", Part.YEAR),
    Y("Y", Part.YEAR),
    RRRR("RRRR", Part.YEAR),
    RR("RR", Part.YEAR),
    Y_YYY("Y,YYY", Part.YEAR),
    MM("MM", Part.MONTH),
    MON("MON", Part.MONTH),
    MONTH("MONTH", Part.MONTH),
    DDD("DDD", Part.DAY),
    DD("DD", Part.DAY),
    D("D", Part.DAY),
    DAY("DAY", Part.DAY),
    DY("DY", Part.DAY),
    HH("HH", Part.HOUR),
    HH12("HH12", Part.HOUR),
    HH24("HH24", Part.HOUR),
    MI("MI", Part.MINUTE),
    SS("SS", Part.SECOND),
    SSSSS("SSSSS", Part.SECOND),
    FF1("FF1", Part.SECOND),
    FF2("FF2", Part.SECOND),
    FF3("FF3", Part.SECOND),
    FF4("FF4", Part.SECOND),
    FF5("FF5", Part.SECOND),
    FF6("FF6", Part.SECOND),
    FF7("FF7", Part.SECOND),
    FF8("FF8", Part.SECOND),
    FF9("FF9", Part.SECOND),
    AM("AM", Part.MERIDIAN),
    PM("PM", Part.MERIDIAN),
    AM_DOTS("A.M.", Part.MERIDIAN),
    PM_DOTS("P.M.", Part.MERIDIAN),
    TZH("TZH", Part.ZONE),
    TZM("TZM", Part.ZONE),
    // Known words that are not supported, so that none is read as shorter ones.
    IYYY("IYYY", Part.OTHER),
    IYY("IYY", Part.OTHER),
    IY("IY", Part.OTHER),
    I("I", Part.OTHER),
    SYYYY("SYYYY", Part.OTHER),
    YEAR("YEAR", Part.OTHER),
    SYEAR("SYEAR", Part.OTHER),
    RM("RM", Part.OTHER),
    J("J", Part.OTHER),
    CC("CC", Part.OTHER),
    SCC("SCC", Part.OTHER),
    Q("Q", Part.OTHER),
    IW("IW", Part.OTHER),
    WW("WW", Part.OTHER),
    W("W", Part.OTHER),
    AD("AD", Part.OTHER),
    BC("BC", Part.OTHER),
    AD_DOTS("A.D.", Part.OTHER),
    BC_DOTS("B.C.", Part.OTHER),
    SP("SP", Part.OTHER),
    TH("TH", Part.OTHER),
    SPTH("SPTH", Part.OTHER),
    THSP("THSP", Part.OTHER),
    FM("FM", Part.OTHER);

    private final String written;
    private final Part part;

    Kind(String written, Part part) {
      this.written = written;
      this.part = part;
    }

    Part part() {
      return part;
    }

    /** Digits of FF1 to FF9; 0 of others. */
    int fractionDigits() {
      return ordinal() >= FF1.ordinal() && ordinal() <= FF9.ordinal()
          ? ordinal() - FF1.ordinal() + 1
          : 0;
    }
  }

  Part part() {
    return kind.part();
  }

  /** A name in the letters' case that the element has: {@code DAY}, {@code Day}, {@code day}. */
  String cased(String name) {
    if (Character.isLowerCase(text.charAt(0))) {
      return name.toLowerCase(Locale.ROOT);
    }
    return part() != Part.MERIDIAN && Character.isLowerCase(text.charAt(1))
        ? name
        : name.toUpperCase(Locale.ROOT);
  }

  /**
   * The elements of a format model.
   *
   * @throws EvaluationException naming where it is not one
   */
  static List<ModelElement> split(String model) {
    List<ModelElement> elements = new ArrayList<>();
    String upper = model.toUpperCase(Locale.ROOT);
    int position = 0;
    while (position < model.length()) {
      char c = model.charAt(position);
      int end = position + 1;
      if (c == '"') {
        end = quoted(model, position, elements);
      } else if ("-./,';:".indexOf(c) >= 0) {
        elements.add(new ModelElement(Kind.LITERAL, String.valueOf(c)));
      } else if (c == ' ') {
        while (end < model.length() && model.charAt(end) == ' ') {
          end++;
        }
        elements.add(new ModelElement(Kind.SPACE, model.substring(position, end)));
      } else {
        Kind kind = longest(upper, position);
        end = position + kind.written.length();
        elements.add(new ModelElement(kind, model.substring(position, end)));
      }
      position = end;
    }
    return elements;
  }

  private static Kind longest(String upper, int position) {
    Kind found = Kind.LITERAL;
    for (Kind kind : Kind.values()) {
      if (kind.written.length() > found.written.length()
          && upper.startsWith(kind.written, position)) {
        found = kind;
      }
    }
    if (found == Kind.LITERAL) {
      throw new EvaluationException(
          "Cannot find matched format element at "
              + position
              + " of the format "
              + Shown.quoted(upper));
    }
    return found;
  }

  private static int quoted(String model, int start, List<ModelElement> elements) {
    StringBuilder text = new StringBuilder();
    for (int i = start + 1; i < model.length(); i++) {
      char c = model.charAt(i);
      if (c == '"') {
        elements.add(new ModelElement(Kind.LITERAL, text.toString()));
        return i + 1;
      } else if (c == '\\') {
        i++;
        if (i == model.length() || "\"\\".indexOf(model.charAt(i)) < 0) {
          throw new EvaluationException("Unsupported escape sequence in the format " + model);
        }
        c = model.charAt(i);
      }
      text.append(c);
    }
    throw new EvaluationException("Cannot find matching \" for quoted literal at " + start);
  }
}
