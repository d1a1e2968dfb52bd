package dev.beamline.sql.analyzer;

import dev.beamline.sql.ast.SqlExpression;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables of WITH that are visible at a place; each is analyzed once, where it is defined. */
final class CommonTables {

  private final @Nullable CommonTables outer;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> announced = new TreeSet<>();

  CommonTables(@Nullable CommonTables outer) {
    this.outer = outer;
  }

  /** One table. */
  record Entry(SqlExpression.Identifier name, Relation relation) {}

  /** Adds a table; gives the one that has the name already, or null. */
  @Nullable Entry add(SqlExpression.Identifier name, Relation relation) {
    return entries.putIfAbsent(key(name.name()), new Entry(name, relation));
  }

  /** Says that tables of WITH RECURSIVE are named here that are not known yet. */
  void announce(String name) {
    announced.add(key(name));
  }

  /** Whether the name is that of a table which is still being analyzed, or comes later. */
  boolean isOpen(String name) {
    return !entries.containsKey(key(name))
        && (announced.contains(key(name)) || (outer != null && outer.isOpen(name)));
  }

  @Nullable Entry find(String name) {
    Entry entry = entries.get(key(name));
    return entry != null ? entry : outer == null ? null : outer.find(name);
  }

  Relation relation(Entry entry) {
    return entry.relation();
  }

  Set<String> names() {
    Set<String> names = outer == null ? new TreeSet<>() : outer.names();
    entries.values().forEach(e -> names.add(e.name().name()));
    return names;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
