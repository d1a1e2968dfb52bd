package dev.beamline.report.graph;

import dev.beamline.report.graph.BoxGraph.Box;
import dev.beamline.report.graph.BoxGraph.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Draws a graph from left to right, as an SVG that shows itself without any style sheet. */
public final class BoxSvg {

  private static final int LINE = 17;
  private static final int PADDING = 9;
  private static final int GAP_X = 56;
  private static final int GAP_Y = 16;
  private static final double LETTER = 7.4;
  private static final double BOLD_LETTER = 8.6;
  private static final int LONGEST = 46;

  private static final String STYLE =
      "<style>svg.graph{color-scheme:light dark;font:13px system-ui,sans-serif}"
          + "svg.graph rect{fill:var(--fill,#f2f4f8);stroke:var(--line,#c3c9d4)}"
          + "svg.graph text{fill:var(--text,#16191f)}"
          + "svg.graph .title{font-weight:600}"
          + "svg.graph path{fill:none;stroke:var(--soft,#68707f);stroke-width:1.3}"
          + "svg.graph .marked rect{stroke:var(--accent,#0b57d0);stroke-width:2.2}"
          + "svg.graph .source rect{stroke-dasharray:5 3}"
          + "svg.graph a:hover rect{stroke:var(--accent,#0b57d0)}</style>";

  private final BoxGraph graph;
  private final Map<String, Integer> levels = new HashMap<>();
  private final Map<String, double[]> places = new HashMap<>();

  private BoxSvg(BoxGraph graph) {
    this.graph = graph;
  }

  /**
   * The drawing.
   *
   * @param label what it shows, for those who cannot see it
   */
  public static String of(BoxGraph graph, String label) {
    return new BoxSvg(graph).draw(label);
  }

  private String draw(String label) {
    graph.boxes().keySet().forEach(id -> level(id, new HashSet<>()));
    Map<Integer, List<Box>> columns = columns();
    double tallest = columns.values().stream().mapToDouble(BoxSvg::height).max().orElse(0);
    double x = 6;
    for (List<Box> column : columns.values()) {
      double width = column.stream().mapToDouble(BoxSvg::width).max().orElse(0);
      double y = 6 + (tallest - height(column)) / 2;
      for (Box box : column) {
        places.put(box.id(), new double[] {x, y, width});
        y += height(box) + GAP_Y;
      }
      x += width + GAP_X;
    }
    StringBuilder out = new StringBuilder();
    String size = round(Math.max(12, x - GAP_X + 6)) + "\" height=\"" + round(tallest + 12);
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" role=\"");
    boolean links = graph.boxes().values().stream().anyMatch(box -> box.href() != null);
    out.append(links ? "group" : "img")
        .append("\" aria-label=\"")
        .append(escape(label))
        .append("\" width=\"")
        .append(size)
        .append("\">")
        .append(STYLE);
    graph.edges().forEach(edge -> edge(edge, out));
    graph.boxes().values().forEach(box -> box(box, out));
    return out.append("</svg>\n").toString();
  }

  private int level(String id, Set<String> above) {
    Integer known = levels.get(id);
    if (known != null) {
      return known;
    }
    int level = 0;
    if (above.add(id)) {
      for (Edge edge : graph.edges()) {
        if (edge.to().equals(id)) {
          level = Math.max(level, level(edge.from(), above) + 1);
        }
      }
      above.remove(id);
    }
    levels.put(id, level);
    return level;
  }

  /** By level; in each, boxes stand near the middle of what leads to them. */
  private Map<Integer, List<Box>> columns() {
    Map<Integer, List<Box>> columns = new TreeMap<>();
    for (Box box : graph.boxes().values()) {
      columns.computeIfAbsent(levels.getOrDefault(box.id(), 0), l -> new ArrayList<>()).add(box);
    }
    Map<String, Double> ranks = new HashMap<>();
    for (List<Box> column : columns.values()) {
      Map<String, Double> wanted = new HashMap<>();
      for (int i = 0; i < column.size(); i++) {
        String id = column.get(i).id();
        wanted.put(
            id,
            graph.edges().stream()
                .filter(e -> e.to().equals(id) && ranks.containsKey(e.from()))
                .mapToDouble(e -> ranks.getOrDefault(e.from(), 0.0))
                .average()
                .orElse(i));
      }
      column.sort(Comparator.comparingDouble(box -> wanted.getOrDefault(box.id(), 0.0)));
      for (int i = 0; i < column.size(); i++) {
        ranks.put(column.get(i).id(), (double) i / Math.max(1, column.size()) * 100);
      }
    }
    return columns;
  }

  private static double height(Box box) {
    return box.lines().size() * LINE + 2.0 * PADDING - 4;
  }

  private static double height(List<Box> column) {
    return column.stream().mapToDouble(BoxSvg::height).sum() + GAP_Y * (column.size() - 1.0);
  }

  private static double width(Box box) {
    double title = Math.min(LONGEST, box.lines().get(0).length()) * BOLD_LETTER;
    double others =
        box.lines().stream()
            .skip(1)
            .mapToDouble(l -> Math.min(LONGEST, l.length()) * LETTER)
            .max()
            .orElse(0);
    return Math.max(title, others) + 2 * PADDING;
  }

  private void edge(Edge edge, StringBuilder out) {
    double[] from = places.getOrDefault(edge.from(), new double[3]);
    double[] to = places.getOrDefault(edge.to(), new double[3]);
    double y1 = from[1] + height(box(edge.from())) / 2;
    double y2 = to[1] + height(box(edge.to())) / 2;
    double x1 = from[0] + from[2];
    double middle = (x1 + to[0]) / 2;
    out.append("<path d=\"M").append(round(x1)).append(' ').append(round(y1));
    out.append(" C").append(round(middle)).append(' ').append(round(y1)).append(' ');
    out.append(round(middle)).append(' ').append(round(y2)).append(' ');
    out.append(round(to[0])).append(' ').append(round(y2)).append("\"/>\n");
  }

  private Box box(String id) {
    Box box = graph.boxes().get(id);
    if (box == null) {
      throw new IllegalArgumentException("no box " + id);
    }
    return box;
  }

  private void box(Box box, StringBuilder out) {
    double[] at = places.getOrDefault(box.id(), new double[3]);
    String href = box.href();
    out.append(href == null ? "<g" : "<a href=\"" + escape(href) + "\"");
    out.append(box.style().isEmpty() ? ">" : " class=\"" + escape(box.style()) + "\">");
    out.append("<title>").append(escape(String.join("\n", box.lines()))).append("</title>");
    out.append("<rect x=\"").append(round(at[0])).append("\" y=\"").append(round(at[1]));
    out.append("\" width=\"").append(round(at[2])).append("\" height=\"");
    out.append(round(height(box))).append("\" rx=\"6\"/>");
    for (int i = 0; i < box.lines().size(); i++) {
      out.append(i == 0 ? "<text class=\"title\" x=\"" : "<text x=\"")
          .append(round(at[0] + PADDING));
      out.append("\" y=\"").append(round(at[1] + PADDING + 9 + i * LINE)).append("\">");
      out.append(escape(cut(box.lines().get(i)))).append("</text>");
    }
    out.append(href == null ? "</g>\n" : "</a>\n");
  }

  private static String cut(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private static long round(double value) {
    return Math.round(value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
