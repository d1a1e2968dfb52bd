package dev.beamline.project;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as users write them, in the forms BigQuery takes; without a zone they are UTC. */
public final class Timestamps {

  private static final Pattern WRITTEN =
      Pattern.compile(
          "(\\d{4}-\\d{1,2}-\\d{1,2})(?:[ T](\\d{1,2}:\\d{1,2}(?::\\d{1,2}(?:\\.\\d{1,9})?)?))?"
              + "\\s?(Z|UTC|[+-]\\d{1,2}(?::\\d{2})?|[A-Za-z]+/[A-Za-z_/]+)?",
          Pattern.CASE_INSENSITIVE);

  private Timestamps() {}

  public static Optional<Instant> parse(String text) {
    Matcher matcher = WRITTEN.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      LocalDate date = date(matcher.group(1));
      LocalTime time = matcher.group(2) == null ? LocalTime.MIDNIGHT : time(matcher.group(2));
      return Optional.of(date.atTime(time).atZone(zone(matcher.group(3))).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static LocalDate date(String text) {
    String[] parts = text.split("-", -1);
    return LocalDate.of(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private static LocalTime time(String text) {
    String[] parts = text.split("[:.]", -1);
    int nanos = 0;
    if (parts.length > 3) {
      nanos = Integer.parseInt((parts[3] + "000000000").substring(0, 9));
    }
    return LocalTime.of(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        parts.length > 2 ? Integer.parseInt(parts[2]) : 0,
        nanos);
  }

  private static ZoneId zone(@org.jspecify.annotations.Nullable String text) {
    if (text == null || text.equalsIgnoreCase("Z") || text.equalsIgnoreCase("UTC")) {
      return ZoneOffset.UTC;
    }
    if (text.contains("/")) {
      return ZoneId.of(text);
    }
    String[] parts = text.substring(1).split(":", -1);
    int minutes =
        Integer.parseInt(parts[0]) * 60 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
    return ZoneOffset.ofTotalSeconds((text.charAt(0) == '-' ? -minutes : minutes) * 60);
  }
}
