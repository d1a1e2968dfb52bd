package dev.beamline.report.explain;

import dev.beamline.report.explain.Explanation.Fact;
import dev.beamline.report.explain.Explanation.Step;
import dev.beamline.report.graph.BoxGraph;
import java.util.ArrayList;
import java.util.List;

/** An explanation as boxes, a step each. */
public final class ExplanationGraph {

  private ExplanationGraph() {}

  public static BoxGraph of(Explanation explanation) {
    BoxGraph graph = new BoxGraph();
    for (Step step : explanation.steps()) {
      List<String> lines = new ArrayList<>();
      lines.add(step.kind() + " " + step.what());
      for (Fact fact : step.facts()) {
        lines.add((fact.name() + " " + fact.value()).strip());
      }
      String estimate = ExplanationText.estimate(step.estimate());
      if (estimate != null) {
        lines.add("about " + estimate);
      }
      graph.box("s" + step.id(), lines, step.kind().equals("read") ? "source" : "", null);
      step.inputs().forEach(input -> graph.edge("s" + input, "s" + step.id()));
    }
    Explanation.Output output = explanation.output();
    List<String> lines = new ArrayList<>();
    lines.add("write " + output.sink() + " " + output.table());
    lines.add(
        output.write() + (output.key().isEmpty() ? "" : " by " + String.join(", ", output.key())));
    graph.box("out", lines, "marked", null);
    if (!explanation.steps().isEmpty()) {
      graph.edge("s" + explanation.steps().get(explanation.steps().size() - 1).id(), "out");
    }
    return graph;
  }
}
