package dev.beamline.sql.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An expression: a text for each engine, in which {@code $0} to {@code $9} are its parts. */
record Ex(Ty type, String google, String duck, List<Part> parts) implements Part {

  Ex {
    parts = List.copyOf(parts);
  }

  static Ex of(Ty type, String both, Part... parts) {
    return new Ex(type, both, both, Arrays.asList(parts));
  }

  static Ex of(Ty type, String google, String duck, Part... parts) {
    return new Ex(type, google, duck, Arrays.asList(parts));
  }

  static Ex nothing(Ty type) {
    return of(type, cast(type, Dialect.GOOGLE), cast(type, Dialect.DUCK));
  }

  private static String cast(Ty type, Dialect dialect) {
    return "CAST(NULL AS " + type.name(dialect) + ")";
  }

  @Override
  public String text(Dialect dialect) {
    return fill(dialect == Dialect.GOOGLE ? google : duck, parts, dialect);
  }

  /** The template with its parts in place. */
  static String fill(String template, List<Part> parts, Dialect dialect) {
    if (parts.isEmpty()) {
      return template;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '$' && i + 1 < template.length() && Character.isDigit(template.charAt(i + 1))) {
        out.append(parts.get(template.charAt(++i) - '0').text(dialect));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  @Override
  public List<Ex> smaller() {
    List<Ex> out = new ArrayList<>();
    if (!parts.isEmpty()) {
      out.add(nothing(type));
      simplest(out);
    }
    for (Part part : parts) {
      if (part instanceof Ex ex && ex.type == type) {
        out.add(ex);
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      for (Part smaller : parts.get(i).smaller()) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(i, smaller);
        out.add(new Ex(type, google, duck, changed));
      }
    }
    return out;
  }

  private void simplest(List<Ex> out) {
    switch (type) {
      case INT -> out.add(of(type, "1"));
      case BOOL -> out.add(of(type, "TRUE"));
      case STRING -> out.add(of(type, "'a'"));
      default -> {}
    }
  }
}
