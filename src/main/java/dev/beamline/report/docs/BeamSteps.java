package dev.beamline.report.docs;

import dev.beamline.report.graph.BoxGraph;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.values.PValue;
import org.jspecify.annotations.Nullable;

/** The steps of a Beam graph by their stable names, and which of them feed which. */
public final class BeamSteps {

  private BeamSteps() {}

  /** One box a named step; what it is made of stays inside. */
  public static BoxGraph of(Pipeline pipeline) {
    Map<PValue, String> producers = new HashMap<>();
    Map<String, Integer> parts = new LinkedHashMap<>();
    BoxGraph graph = new BoxGraph();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(Node node) {
            String step = step(node);
            if (step == null) {
              return;
            }
            parts.merge(step, 1, Integer::sum);
            node.getInputs()
                .values()
                .forEach(
                    input -> {
                      String from = producers.get(input);
                      if (from != null && !from.equals(step)) {
                        graph.edge(from, step);
                      }
                    });
            node.getOutputs().values().forEach(output -> producers.put(output, step));
          }
        });
    parts.forEach(
        (step, count) ->
            graph.box(
                step,
                count == 1 ? List.of(step) : List.of(step, count + " Beam transforms"),
                step.startsWith("source.") ? "source" : step.endsWith("/sink") ? "marked" : "",
                null));
    return graph;
  }

  /** The outermost transform that a node is part of; null: it is the root itself. */
  private static @Nullable String step(Node node) {
    Node at = node;
    Node outer = at.getEnclosingNode();
    while (outer != null && outer.getEnclosingNode() != null) {
      at = outer;
      outer = at.getEnclosingNode();
    }
    return outer == null ? null : at.getFullName();
  }
}
