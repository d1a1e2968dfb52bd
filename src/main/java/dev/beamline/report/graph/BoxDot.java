package dev.beamline.report.graph;

import java.util.stream.Collectors;

/** A graph in the language of Graphviz. */
public final class BoxDot {

  private BoxDot() {}

  public static String of(BoxGraph graph, String name) {
    StringBuilder out = new StringBuilder("digraph ").append(quoted(name)).append(" {\n");
    out.append("  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    for (BoxGraph.Box box : graph.boxes().values()) {
      String label =
          box.lines().stream()
              .map(line -> line.replace("\\", "\\\\").replace("\"", "\\\""))
              .collect(Collectors.joining("\\l", "", box.lines().size() > 1 ? "\\l" : ""));
      out.append("  ").append(quoted(box.id())).append(" [label=\"").append(label).append("\"];\n");
    }
    for (BoxGraph.Edge edge : graph.edges()) {
      out.append("  ").append(quoted(edge.from())).append(" -> ");
      out.append(quoted(edge.to())).append(";\n");
    }
    return out.append("}\n").toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
