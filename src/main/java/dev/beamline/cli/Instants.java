package dev.beamline.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Times as users type them: a day, or a day and a time, in UTC where no zone is given. */
final class Instants {

  static final String ALLOWED =
      "allowed: 2026-01-31, 2026-01-31T10:00, 2026-01-31T10:00:00Z, 2026-01-31T10:00:00+01:00";

  private Instants() {}

  static Optional<Instant> parse(String text) {
    String form = text.strip().replace(' ', 'T').toUpperCase(Locale.ROOT);
    try {
      if (!form.contains("T")) {
        return Optional.of(LocalDate.parse(form).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      String time = form.substring(form.indexOf('T'));
      return Optional.of(
          time.contains("Z") || time.contains("+") || time.contains("-")
              ? OffsetDateTime.parse(form).toInstant()
              : LocalDateTime.parse(form).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
