package dev.beamline.execution.function;

import java.util.List;

/** The English names of months and weekdays. */
final class CalendarNames {

  /** January first. */
  static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");

  /** Monday first. */
  static final List<String> WEEKDAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  private CalendarNames() {}

  /** The three letters of a name. */
  static String abbreviated(String name) {
    return name.substring(0, 3);
  }

  /** Takes a name, whole or abbreviated, in any case; its index, or -1. */
  static int take(TextCursor cursor, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (cursor.takeIgnoringCase(names.get(i))) {
        return i;
      }
    }
    return takeAbbreviated(cursor, names);
  }

  static int takeAbbreviated(TextCursor cursor, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (cursor.takeIgnoringCase(abbreviated(names.get(i)))) {
        return i;
      }
    }
    return -1;
  }
}
