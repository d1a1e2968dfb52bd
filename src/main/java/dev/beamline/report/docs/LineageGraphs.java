package dev.beamline.report.docs;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.Lineage;
import dev.beamline.report.graph.BoxGraph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What is made of what, by table and by column. */
final class LineageGraphs {

  private final SiteModel model;
  private final Map<String, Set<String>> inputs;

  LineageGraphs(SiteModel model) {
    this.model = model;
    inputs = model.tableLineage();
  }

  /** All tables. */
  BoxGraph all(String toRoot) {
    return graph(inputs.keySet(), toRoot, "");
  }

  /** What leads to a table, and what is made of it. */
  BoxGraph around(String table, String toRoot) {
    Set<String> kept = reach(table, name -> inputs.getOrDefault(name, Set.of()));
    kept.addAll(reach(table, this::readers));
    return graph(kept, toRoot, table);
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
