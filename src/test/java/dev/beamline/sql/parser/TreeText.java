package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Writes a syntax tree as text, one node a line, without its places; short nodes on one line. */
final class TreeText {

  private static final int WIDTH = 100;

  private TreeText() {}

  static String of(Object node) {
    return text(node, 0);
  }

  private static String text(Object node, int indent) {
    String flat = flat(node);
    if (indent + flat.length() <= WIDTH) {
      return flat;
    }
    String padding = "\n" + " ".repeat(indent + 2);
    StringBuilder out = new StringBuilder();
    if (node instanceof List<?> list) {
      out.append('[');
      list.forEach(item -> out.append(padding).append(text(item, indent + 2)));
      return out.append(']').toString();
    }
    if (!(node instanceof Record)) {
      return flat;
    }
    out.append('(').append(node.getClass().getSimpleName());
    for (Part part : parts((Record) node)) {
      String name = part.name() + ": ";
      out.append(padding).append(name).append(text(part.value(), indent + 2));
    }
    return out.append(')').toString();
  }

  private static String flat(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().map(TreeText::flat).toList().toString();
    }
    if (node instanceof String string) {
      return '"' + string.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
    if (!(node instanceof Record)) {
      return String.valueOf(node);
    }
    Record record = (Record) node;
    if (record.getClass().getSimpleName().equals("Identifier")) {
      return parts(record).get(0).value().toString();
    }
    StringBuilder out = new StringBuilder("(" + record.getClass().getSimpleName());
    for (Part part : parts(record)) {
      out.append(' ').append(part.name()).append(": ").append(flat(part.value()));
    }
    return out.append(')').toString();
  }

  private record Part(String name, Object value) {}

  /** The components that say something: no places, no nulls, no empty lists, no false. */
  private static List<Part> parts(Record record) {
    List<Part> parts = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      boolean silent =
          value == null
              || value instanceof Place
              || value.equals(List.of())
              || value.equals("")
              || value.equals(false);
      boolean meansSomething =
          component.getName().equals("value")
              || component.getName().equals("ignoreNulls")
              || component.getName().equals("nullsFirst");
      if (value != null && !(value instanceof Place) && (!silent || meansSomething)) {
        parts.add(new Part(component.getName(), value));
      }
    }
    return parts;
  }
}
