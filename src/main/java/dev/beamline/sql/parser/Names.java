package dev.beamline.sql.parser;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes names, in backticks where they need them. */
final class Names {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words that are not reserved but mean something in some places. */
  private static final Set<String> SPECIAL =
      Set.of("SAFE", "SAFE_CAST", "TABLE", "VALUES", "BOTH", "LEADING", "TRAILING", "DESCRIPTOR");

  private Names() {}

  static String quoted(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    boolean plain =
        PLAIN.matcher(name).matches()
            && !Keywords.isReserved(upper)
            && !Keywords.isNiladic(upper)
            && !SPECIAL.contains(upper);
    return plain ? name : Literals.quoted(name, '`');
  }

  static String path(List<String> parts) {
    return parts.stream().map(Names::quoted).collect(Collectors.joining("."));
  }

  /** The dotted name of a function. */
  static String function(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (Keywords.isFunction(upper) || Keywords.isNiladic(upper)) {
      return name;
    }
    return path(List.of(name.split("\\.", -1)));
  }

  /** The name of a type, which may be reserved or two words. */
  static String type(String name) {
    if (name.equals("INTERVAL") || name.equals("DOUBLE PRECISION")) {
      return name;
    }
    return path(List.of(name.split("\\.", -1)));
  }
}
