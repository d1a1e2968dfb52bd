package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.ModelElement.Kind;
import dev.beamline.execution.function.ModelElement.Part;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The FORMAT clause of CAST between STRING and DATE, DATETIME, TIME and TIMESTAMP: {@code
 * 'YYYY-MM-DD HH24:MI:SS'} ("Format clause for CAST" in BigQuery's reference).
 */
public final class DateFormatModel {

  private final ScalarType type;
  private final List<ModelElement> elements;

  private DateFormatModel(ScalarType type, List<ModelElement> elements) {
    this.type = type;
    this.elements = elements;
  }

  /**
   * A model that writes values of a type.
   *
   * @param type DATE, DATETIME, TIME or TIMESTAMP
   * @throws EvaluationException where the model is wrong or names parts that the type has not
   */
  public static DateFormatModel writing(String model, ScalarType type) {
    List<ModelElement> elements = ModelElement.split(model);
    for (ModelElement element : elements) {
      if (element.part() == Part.OTHER || element.kind() == Kind.Y_YYY) {
        throw new EvaluationException("Unsupported format element '" + element.text() + "'");
      }
      checkPart(element, type);
    }
    return new DateFormatModel(type, elements);
  }

  /**
   * A model that reads values of a type.
   *
   * @param type DATE, DATETIME, TIME or TIMESTAMP
   * @throws EvaluationException where the model is wrong, contradicts itself, or names parts that
   *     the type has not
   */
  public static DateFormatModel reading(String model, ScalarType type) {
    List<ModelElement> elements = ModelElement.split(model);
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<Part> parts = EnumSet.noneOf(Part.class);
    Set<Part> single =
        EnumSet.of(Part.MERIDIAN, Part.YEAR, Part.MONTH, Part.DAY, Part.HOUR, Part.MINUTE);
    for (ModelElement element : elements) {
      if (element.part() == Part.OTHER
          || (element.part() == Part.DAY && element.kind() != Kind.DD)) {
        throw new EvaluationException(
            "Format element '" + element.text() + "' is not supported for parsing");
      }
      checkPart(element, type);
      boolean repeated = !kinds.add(element.kind()) && element.part() != Part.LITERAL;
      if (repeated || (!parts.add(element.part()) && single.contains(element.part()))) {
        throw new EvaluationException(
            "More than one format element in category "
                + element.part()
                + " exist, the last is '"
                + element.text()
                + "'");
      }
    }
    boolean twelve = kinds.contains(Kind.HH) || kinds.contains(Kind.HH12);
    require(
        twelve == parts.contains(Part.MERIDIAN),
        "HH and HH12 need a meridian indicator such as A.M., and only they take one");
    require(
        !kinds.contains(Kind.SSSSS)
            || !(parts.contains(Part.HOUR)
                || parts.contains(Part.MINUTE)
                || kinds.contains(Kind.SS)),
        "SSSSS cannot stand together with hours, minutes or seconds");
    long fractions = kinds.stream().filter(k -> k.fractionDigits() > 0).count();
    require(fractions <= 1, "FF1 to FF9 may appear only once");
    return new DateFormatModel(type, elements);
  }

  private static void require(boolean ok, String rule) {
    if (!ok) {
      throw new EvaluationException("Invalid format: " + rule);
    }
  }

  private static void checkPart(ModelElement element, ScalarType type) {
    boolean allowed =
        switch (element.part()) {
          case LITERAL, OTHER -> true;
          case YEAR, MONTH, DAY -> type != ScalarType.TIME;
          case HOUR, MINUTE, SECOND, MERIDIAN -> type != ScalarType.DATE;
          case ZONE -> type == ScalarType.TIMESTAMP;
        };
    if (!allowed) {
      throw new EvaluationException(
          "Format element '" + element.text() + "' is not allowed for type " + type.sql());
    }
  }

  /**
   * Writes a value.
   *
   * @param value of the model's type, which is not NULL
   * @param zone of TIMESTAMPs; others do not look at it
   */
  public String write(long value, ZoneId zone) {
    Moment moment =
        switch (type) {
          case DATE -> Moment.ofDate(value);
          case TIMESTAMP -> Moment.ofTimestamp(value, zone);
          default -> Moment.ofDatetime(value);
        };
    StringBuilder out = new StringBuilder();
    for (ModelElement element : elements) {
      out.append(write(element, moment));
    }
    return out.toString();
  }

  private static String write(ModelElement element, Moment m) {
    LocalDate date = m.date();
    int year = date.getYear();
    int digits = element.kind().fractionDigits();
    if (digits > 0) {
      String micros = CivilTime.pad(m.fraction(), 6);
      return digits <= 6 ? micros.substring(0, digits) : micros + "0".repeat(digits - 6);
    }
    return switch (element.kind()) {
      case YYYY, RRRR -> CivilTime.pad(year, 4);
      case YYY -> CivilTime.pad(year % 1000, 3);
      case YY, RR -> CivilTime.pad(year % 100, 2);
      case Y -> CivilTime.pad(year % 10, 1);
      case MM -> CivilTime.pad(date.getMonthValue(), 2);
      case MON ->
          element.cased(
              CalendarNames.abbreviated(CalendarNames.MONTHS.get(date.getMonthValue() - 1)));
      case MONTH -> element.cased(CalendarNames.MONTHS.get(date.getMonthValue() - 1));
      case DDD -> CivilTime.pad(date.getDayOfYear(), 3);
      case DD -> CivilTime.pad(date.getDayOfMonth(), 2);
      case D -> CivilTime.pad(m.weekday(6) + 1, 1);
      case DAY -> element.cased(CalendarNames.WEEKDAYS.get(m.weekday(0)));
      case DY -> element.cased(CalendarNames.abbreviated(CalendarNames.WEEKDAYS.get(m.weekday(0))));
      case HH, HH12 -> CivilTime.pad(m.hourOfTwelve(), 2);
      case HH24 -> CivilTime.pad(m.hour(), 2);
      case MI -> CivilTime.pad(m.minute(), 2);
      case SS -> CivilTime.pad(m.second(), 2);
      case SSSSS -> CivilTime.pad(m.time() / CivilTime.MICROS_PER_SECOND, 5);
      case AM, PM -> element.cased(m.hour() < 12 ? "AM" : "PM");
      case AM_DOTS, PM_DOTS -> element.cased(m.hour() < 12 ? "A.M." : "P.M.");
      case TZH ->
          (m.offsetMinutes() < 0 ? "-" : "+") + CivilTime.pad(Math.abs(m.offsetMinutes()) / 60, 2);
      case TZM -> CivilTime.pad(Math.abs(m.offsetMinutes()) % 60, 2);
      default -> element.text();
    };
  }

  /**
   * Reads a value of the model's type.
   *
   * @param zone of TIMESTAMPs whose text tells no offset
   * @param today whose year and month are taken where the text tells none
   * @throws EvaluationException where the text does not follow the model
   */
  public long read(String text, ZoneId zone, LocalDate today) {
    ModelReader reader = new ModelReader(text, today);
    long local = reader.read(elements);
    return switch (type) {
      case DATE -> CivilTime.checkDate(CivilTime.dateOf(local));
      case TIME -> CivilTime.timeOf(local);
      case DATETIME -> CivilTime.checkDatetime(local);
      default -> {
        ZoneOffset offset = reader.offset();
        yield CivilTime.toTimestamp(local, offset == null ? zone : offset);
      }
    };
  }
}
