package dev.beamline.report.docs;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.Lineage;
import dev.beamline.report.graph.BoxGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What is made of what, by table and by column. */
final class LineageGraphs {

  /** More tables than this are a list: lines between them can no longer be followed. */
  private static final int MOST_DRAWN = 48;

  private static final int MOST_SHOWN = 6;

  private final SiteModel model;
  private final Map<String, Set<String>> inputs;

  LineageGraphs(SiteModel model) {
    this.model = model;
    inputs = model.tableLineage();
  }

  /** All tables, those that have nothing to do with each other apart. */
  String all(String toRoot) {
    Html out = new Html();
    List<Set<String>> parts = parts();
    for (Set<String> part : parts) {
      if (parts.size() > 1) {
        out.element("h2", heading(part));
      }
      out.raw(html(part, toRoot, "", "What is made of " + heading(part)));
    }
    return out.toString();
  }

  /** What leads to a table, and what is made of it. */
  String around(String table, String toRoot) {
    Set<String> kept = reach(table, name -> inputs.getOrDefault(name, Set.of()));
    kept.addAll(reach(table, this::readers));
    return html(kept, toRoot, table, "Tables of " + table);
  }

  /** Tables that are connected, whichever way one reads the other. */
  private List<Set<String>> parts() {
    List<Set<String>> parts = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    for (String table : inputs.keySet()) {
      if (!placed.contains(table)) {
        Set<String> part =
            reach(
                table,
                name -> {
                  Set<String> near = readers(name);
                  near.addAll(inputs.getOrDefault(name, Set.of()));
                  return near;
                });
        placed.addAll(part);
        parts.add(part);
      }
    }
    return parts;
  }

  /** The sources of a part; its tables where it has none. */
  private String heading(Set<String> part) {
    List<String> sources =
        part.stream().filter(model.project().sources()::containsKey).sorted().toList();
    return String.join(", ", sources.isEmpty() ? part : sources);
  }

  /** A drawing; where there are too many tables to follow its lines, they are listed. */
  private String html(Set<String> tables, String toRoot, String marked, String label) {
    return tables.size() <= MOST_DRAWN
        ? Pages.figure(graph(tables, toRoot, marked), label)
        : list(tables, toRoot, label);
  }

  private String list(Set<String> tables, String toRoot, String label) {
    Map<String, String> hrefs = model.hrefs(toRoot);
    List<List<String>> rows = new ArrayList<>();
    for (String table : byDistance(tables)) {
      rows.add(
          List.of(
              links(List.of(table), hrefs),
              links(inputs.getOrDefault(table, Set.of()), hrefs),
              links(readers(table), hrefs)));
    }
    return new Html().table(label, List.of("table", "made of", "read by"), rows).toString();
  }

  /** Sources first, then what is made of them, and so on; by name where that is the same. */
  private List<String> byDistance(Set<String> tables) {
    Map<String, Integer> steps = new HashMap<>();
    tables.forEach(table -> steps(table, steps));
    return tables.stream()
        .sorted(
            Comparator.comparingInt((String table) -> steps.getOrDefault(table, 0))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private int steps(String table, Map<String, Integer> known) {
    Integer done = known.get(table);
    if (done != null) {
      return done;
    }
    int steps = 0;
    for (String input : inputs.getOrDefault(table, Set.of())) {
      steps = Math.max(steps, steps(input, known) + 1);
    }
    known.put(table, steps);
    return steps;
  }

  /** The first few; the others behind a click. */
  private static String links(Collection<String> tables, Map<String, String> hrefs) {
    List<String> links =
        tables.stream().map(t -> Pages.link(hrefs.getOrDefault(t, ""), t)).toList();
    if (links.size() <= MOST_SHOWN) {
      return String.join(", ", links);
    }
    String more = "<details><summary>" + links.size() + " queries</summary>";
    return more + String.join(", ", links) + "</details>";
  }

  /** The tables that read a table. */
  Set<String> readers(String table) {
    Set<String> readers = new TreeSet<>();
    inputs.forEach(
        (name, from) -> {
          if (from.contains(table)) {
            readers.add(name);
          }
        });
    return readers;
  }

  private static Set<String> reach(String from, Function<String, Set<String>> next) {
    Set<String> found = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (found.add(name)) {
        open.addAll(next.apply(name));
      }
    }
    return found;
  }

  private BoxGraph graph(Set<String> tables, String toRoot, String marked) {
    Map<String, String> hrefs = model.hrefs(toRoot);
    BoxGraph graph = new BoxGraph();
    for (String table : tables) {
      boolean source = model.project().sources().containsKey(table);
      String style = table.equals(marked) ? "marked" : source ? "source" : "";
      graph.box(table, List.of(table), style, hrefs.get(table));
      for (String input : inputs.getOrDefault(table, Set.of())) {
        if (tables.contains(input)) {
          graph.edge(input, table);
        }
      }
    }
    return graph;
  }

  /** From which columns of sources each column of a query is computed. */
  BoxGraph columns(String query, Schema schema) {
    BoxGraph graph = new BoxGraph();
    List<Set<Lineage.Origin>> origins = model.origins(query);
    for (int i = 0; i < schema.size(); i++) {
      graph.box("out " + i, List.of(schema.name(i)), "marked", "#" + Pages.anchor(schema.name(i)));
      for (Lineage.Origin origin : origins.get(i)) {
        String id = "in " + origin;
        String column = origin.path().replaceFirst("\\..*", "");
        String href = "../source/" + origin.source() + ".html#" + Pages.anchor(column);
        graph.box(id, List.of(origin.toString()), "source", href);
        graph.edge(id, "out " + i);
      }
    }
    return graph;
  }
}
