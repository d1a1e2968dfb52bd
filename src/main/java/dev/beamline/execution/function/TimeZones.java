package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time zones by their names in the tz database, in any case, or by an offset from UTC. */
public final class TimeZones {

  private static final Pattern OFFSET =
      Pattern.compile("(?:UTC)?([+-])([0-9]{1,2})(?::?([0-9]{1,2}))?");

  private static final int MAX_OFFSET_MINUTES = 14 * 60;

  private static final Map<String, ZoneId> NAMES = names();

  /** Few zones are used, whatever the rows say; names that are wrong are not kept. */
  private static final Map<String, ZoneId> CACHE = new ConcurrentHashMap<>();

  private TimeZones() {}

  /**
   * The zone of {@code America/Los_Angeles}, {@code UTC}, {@code +05:30}, {@code -8}, {@code UTC+1}
   * ...
   *
   * @throws EvaluationException where there is no such zone
   */
  public static ZoneId zone(String name) {
    ZoneId known = CACHE.get(name);
    if (known != null) {
      return known;
    }
    ZoneId zone = find(name);
    if (CACHE.size() < 10_000) {
      CACHE.put(name, zone);
    }
    return zone;
  }

  private static ZoneId find(String name) {
    if (name.isEmpty()) {
      throw new EvaluationException("Invalid empty time zone");
    }
    Matcher offset = OFFSET.matcher(name);
    if (offset.matches()) {
      int minute = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
      int minutes = Integer.parseInt(offset.group(2)) * 60 + minute;
      if (minute > 59 || minutes > MAX_OFFSET_MINUTES) {
        throw new EvaluationException("Invalid time zone: " + name);
      }
      return ZoneOffset.ofTotalSeconds(60 * (offset.group(1).equals("-") ? -minutes : minutes));
    }
    ZoneId zone = NAMES.get(name.toLowerCase(Locale.ROOT));
    if (zone == null) {
      throw new EvaluationException("Invalid time zone: " + name);
    }
    return zone;
  }

  private static Map<String, ZoneId> names() {
    Map<String, ZoneId> names = new TreeMap<>();
    for (String id : ZoneRulesProvider.getAvailableZoneIds()) {
      names.put(id.toLowerCase(Locale.ROOT), ZoneId.of(id));
    }
    // In the tz database, but not among Java 17's names.
    names.put("est", ZoneOffset.ofHours(-5));
    names.put("mst", ZoneOffset.ofHours(-7));
    names.put("hst", ZoneOffset.ofHours(-10));
    for (String utc :
        new String[] {"utc", "gmt", "etc/utc", "etc/gmt", "zulu", "etc/zulu", "uct"}) {
      names.put(utc, ZoneOffset.UTC);
    }
    return names;
  }
}
