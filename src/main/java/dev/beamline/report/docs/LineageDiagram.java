package dev.beamline.report.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Draws which tables are made of which, from left to right, as an SVG with links. */
final class LineageDiagram {

  private static final int WIDTH = 190;
  private static final int HEIGHT = 30;
  private static final int GAP_X = 70;
  private static final int GAP_Y = 14;
  private static final int LONGEST = 24;

  private LineageDiagram() {}

  /**
   * The nodes and their links.
   *
   * @param inputs node to the nodes it is made of; no cycles
   * @param hrefs node to its page
   * @param marked the node whose page this is; may be empty
   */
  static String svg(Map<String, Set<String>> inputs, Map<String, String> hrefs, String marked) {
    Map<String, Integer> levels = new TreeMap<>();
    inputs.keySet().forEach(node -> level(node, inputs, levels));
    Map<Integer, List<String>> columns = new TreeMap<>();
    levels.forEach(
        (node, level) -> columns.computeIfAbsent(level, l -> new ArrayList<>()).add(node));
    Map<String, int[]> places = new LinkedHashMap<>();
    int tallest = 0;
    for (Map.Entry<Integer, List<String>> column : columns.entrySet()) {
      tallest = Math.max(tallest, column.getValue().size());
    }
    int height = tallest * (HEIGHT + GAP_Y) + GAP_Y;
    for (Map.Entry<Integer, List<String>> column : columns.entrySet()) {
      List<String> nodes = column.getValue();
      int top = (height - nodes.size() * (HEIGHT + GAP_Y)) / 2 + GAP_Y / 2;
      for (int i = 0; i < nodes.size(); i++) {
        places.put(
            nodes.get(i),
            new int[] {8 + column.getKey() * (WIDTH + GAP_X), top + i * (HEIGHT + GAP_Y)});
      }
    }
    int width = 16 + columns.size() * (WIDTH + GAP_X) - GAP_X;
    Html out = new Html();
    out.raw("<div class=\"scroll\"><svg class=\"lineage\" role=\"img\" aria-label=\"Lineage\" ");
    out.raw("width=\"" + width + "\" height=\"" + height + "\">\n");
    inputs.forEach(
        (node, from) -> {
          for (String input : from) {
            int[] start = places.get(input);
            int[] end = places.get(node);
            if (start != null && end != null) {
              edge(out, start, end);
            }
          }
        });
    places.forEach((node, at) -> node(out, node, at, hrefs, node.equals(marked)));
    return out.raw("</svg></div>\n").toString();
  }

  /** The part of a graph that leads to a node or starts from it. */
  static Map<String, Set<String>> around(Map<String, Set<String>> inputs, String node) {
    Set<String> kept = new TreeSet<>();
    up(node, inputs, kept);
    down(node, inputs, kept);
    Map<String, Set<String>> part = new TreeMap<>();
    for (String name : kept) {
      Set<String> from = new TreeSet<>(inputs.getOrDefault(name, Set.of()));
      from.retainAll(kept);
      part.put(name, from);
    }
    return part;
  }

  private static void up(String node, Map<String, Set<String>> inputs, Set<String> kept) {
    if (kept.add(node)) {
      inputs.getOrDefault(node, Set.of()).forEach(i -> up(i, inputs, kept));
    }
  }

  private static void down(String node, Map<String, Set<String>> inputs, Set<String> kept) {
    kept.add(node);
    inputs.forEach(
        (name, from) -> {
          if (from.contains(node) && !kept.contains(name)) {
            down(name, inputs, kept);
          }
        });
  }

  private static int level(
      String node, Map<String, Set<String>> inputs, Map<String, Integer> levels) {
    Integer known = levels.get(node);
    if (known != null) {
      return known;
    }
    int level = 0;
    for (String input : inputs.getOrDefault(node, Set.of())) {
      level = Math.max(level, level(input, inputs, levels) + 1);
    }
    levels.put(node, level);
    return level;
  }

  private static void edge(Html out, int[] from, int[] to) {
    int x1 = from[0] + WIDTH;
    int y1 = from[1] + HEIGHT / 2;
    int y2 = to[1] + HEIGHT / 2;
    int middle = (x1 + to[0]) / 2;
    out.raw("<path d=\"M" + x1 + " " + y1 + " C" + middle + " " + y1 + " " + middle + " " + y2);
    out.raw(" " + to[0] + " " + y2 + "\"/>\n");
  }

  private static void node(
      Html out, String node, int[] at, Map<String, String> hrefs, boolean marked) {
    String label = node.length() > LONGEST ? node.substring(0, LONGEST - 1) + "…" : node;
    out.raw("<a href=\"" + Html.escape(hrefs.getOrDefault(node, "#")) + "\"><title>");
    out.text(node).raw("</title><rect class=\"" + (marked ? "marked" : "") + "\" x=\"" + at[0]);
    out.raw("\" y=\"" + at[1] + "\" width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" rx=\"6\"/>");
    out.raw("<text x=\"" + (at[0] + 10) + "\" y=\"" + (at[1] + 20) + "\">");
    out.text(label).raw("</text></a>\n");
  }
}
