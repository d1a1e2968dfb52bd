package dev.beamline.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The text of a file of tests, of which single values are replaced and all else is kept. */
final class TestFileText {

  /** A row that stays. */
  static final String AS_IT_IS = "=";

  private final String text;
  private final Node root;
  private final List<Edit> edits = new ArrayList<>();

  private record Edit(int start, int end, String text) {}

  TestFileText(String text) {
    this.text = text;
    this.root =
        new Compose(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
            .composeString(text)
            .orElseThrow();
  }

  /**
   * Replaces the rows of an expectation.
   *
   * @param rows for each row {@link #AS_IT_IS}, its new text, or null where it goes
   * @param added rows that come after them
   */
  void replaceRows(
      int test, int step, String key, List<@Nullable String> rows, List<String> added) {
    NodeTuple entry = entry(test, step, key);
    SequenceNode list = (SequenceNode) entry.getValueNode();
    boolean any = !added.isEmpty() || rows.stream().anyMatch(row -> row != null);
    if (!any || list.getFlowStyle() == FlowStyle.FLOW || list.getValue().isEmpty()) {
      replaceWhole(entry, list, rows, added, step(test, step).getFlowStyle() == FlowStyle.FLOW);
      return;
    }
    List<Node> items = list.getValue();
    for (int i = 0; i < items.size(); i++) {
      String row = rows.get(i);
      int start = start(items.get(i));
      int end = end(items.get(i));
      if (row == null) {
        edits.add(new Edit(lineStart(start), lineEnd(end), ""));
      } else if (!row.equals(AS_IT_IS)) {
        edits.add(new Edit(start, end, row));
      }
    }
    if (!added.isEmpty()) {
      int dash = text.lastIndexOf('-', start(items.get(0)) - 1);
      String indent = " ".repeat(dash - lineStart(dash));
      int after = lineEnd(end(items.get(items.size() - 1)));
      StringBuilder lines = new StringBuilder();
      if (after > 0 && text.charAt(after - 1) != '\n') {
        lines.append('\n');
      }
      added.forEach(row -> lines.append(indent).append("- ").append(row).append('\n'));
      edits.add(new Edit(after, after, lines.toString()));
    }
  }

  private void replaceWhole(
      NodeTuple entry,
      SequenceNode list,
      List<@Nullable String> rows,
      List<String> added,
      boolean inFlow) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      String row = rows.get(i);
      if (row != null) {
        Node item = list.getValue().get(i);
        all.add(row.equals(AS_IT_IS) ? text.substring(start(item), end(item)) : row);
      }
    }
    all.addAll(added);
    Node key = entry.getKeyNode();
    int colon = text.indexOf(':', end(key)) + 1;
    if (inFlow) {
      edits.add(new Edit(colon, end(list), " [" + String.join(", ", all) + "]"));
      return;
    }
    int keyColumn = start(key) - lineStart(start(key));
    StringBuilder lines = new StringBuilder();
    all.forEach(
        row -> lines.append('\n').append(" ".repeat(keyColumn + 2)).append("- ").append(row));
    edits.add(new Edit(colon, end(list), all.isEmpty() ? " []" : lines.toString()));
  }

  /** Replaces the CSV of an expectation. */
  void replaceCsv(int test, int step, String key, String csv) {
    MappingNode other = (MappingNode) entry(test, step, key).getValueNode();
    NodeTuple entry = entry(other, "csv");
    ScalarNode value = (ScalarNode) entry.getValueNode();
    if (other.getFlowStyle() == FlowStyle.FLOW) {
      String escaped = csv.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      edits.add(new Edit(start(value), end(value), "\"" + escaped + "\""));
      return;
    }
    int column = start(entry.getKeyNode()) - lineStart(start(entry.getKeyNode()));
    StringBuilder block = new StringBuilder("|\n");
    csv.lines().forEach(line -> block.append(" ".repeat(column + 2)).append(line).append('\n'));
    edits.add(new Edit(start(value), end(value), block.toString()));
  }

  void replaceLateDropped(int test, long rows) {
    Node value = entry(test(test), "late_dropped").getValueNode();
    edits.add(new Edit(start(value), end(value), Long.toString(rows)));
  }

  /** The text with all that was replaced. */
  String edited() {
    List<Edit> ordered = new ArrayList<>(edits);
    ordered.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (Edit edit : ordered) {
      if (edit.start() < at) {
        // Two expectations share their rows through an alias: the first decides.
        continue;
      }
      out.append(text, at, edit.start()).append(edit.text());
      at = edit.end();
    }
    return out.append(text.substring(at)).toString();
  }

  private MappingNode test(int test) {
    SequenceNode tests = (SequenceNode) entry((MappingNode) root, "tests").getValueNode();
    return (MappingNode) tests.getValue().get(test);
  }

  private MappingNode step(int test, int step) {
    SequenceNode steps = (SequenceNode) entry(test(test), "steps").getValueNode();
    return (MappingNode) steps.getValue().get(step);
  }

  private NodeTuple entry(int test, int step, String key) {
    return entry(step(test, step), key);
  }

  private static NodeTuple entry(MappingNode map, String key) {
    return map.getValue().stream()
        .filter(
            tuple -> tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + key));
  }

  private int start(Node node) {
    return offset(node.getStartMark().orElseThrow());
  }

  /** Where the last sign of the node ends; a block's own mark is behind what follows it. */
  private int end(Node node) {
    if (node instanceof CollectionNode<?> collection
        && collection.getFlowStyle() != FlowStyle.FLOW
        && !collection.getValue().isEmpty()) {
      Object last = collection.getValue().get(collection.getValue().size() - 1);
      return end(last instanceof NodeTuple tuple ? tuple.getValueNode() : (Node) last);
    }
    return offset(node.getEndMark().orElseThrow());
  }

  private int offset(Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }

  private int lineStart(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Behind the line break. */
  private int lineEnd(int offset) {
    int end = text.indexOf('\n', offset);
    return end < 0 ? text.length() : end + 1;
  }
}
