package dev.beamline.report.graph;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boxes, and which of them lead to which. No cycles. */
public final class BoxGraph {

  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final Set<Edge> edges = new LinkedHashSet<>();

  /**
   * A box.
   *
   * @param lines the first is its title
   * @param style a class of the style sheet; empty: none
   * @param href where it leads; null: nowhere
   */
  public record Box(String id, List<String> lines, String style, @Nullable String href) {
    public Box {
      lines = List.copyOf(lines);
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("a box needs a title: " + id);
      }
    }
  }

  /** Data goes from one box to another. */
  public record Edge(String from, String to) {}

  public BoxGraph box(String id, List<String> lines, String style, @Nullable String href) {
    boxes.put(id, new Box(id, lines, style, href));
    return this;
  }

  /** Both boxes must be there when the graph is drawn. */
  public BoxGraph edge(String from, String to) {
    edges.add(new Edge(from, to));
    return this;
  }

  Map<String, Box> boxes() {
    return boxes;
  }

  /** Edges between boxes that are there. */
  List<Edge> edges() {
    return edges.stream()
        .filter(e -> boxes.containsKey(e.from()) && boxes.containsKey(e.to()))
        .toList();
  }

  /** How many boxes there are. */
  public int size() {
    return boxes.size();
  }

  public boolean isEmpty() {
    return boxes.isEmpty();
  }
}
