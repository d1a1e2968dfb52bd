package dev.beamline.report.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.report.explain.Explanation.Estimate;
import dev.beamline.report.explain.Explanation.Fact;
import dev.beamline.report.explain.Explanation.Step;
import dev.beamline.report.explain.Explanation.Totals;
import java.util.List;

/** An explanation for programs. Numbers of a day are rounded to whole ones. */
public final class ExplanationJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ExplanationJson() {}

  public static String of(Explanation explanation) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(explanation)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode tree(Explanation explanation) {
    ObjectNode root = JSON.createObjectNode();
    root.put("query", explanation.query());
    root.put("description", explanation.description());
    root.put("owner", explanation.owner());
    root.put("mode", explanation.mode());
    strings(root.putArray("pipelines"), explanation.pipelines());
    strings(root.putArray("read_by"), explanation.readers());
    ArrayNode steps = root.putArray("steps");
    explanation.steps().forEach(step -> step(steps.addObject(), step));
    Explanation.Output output = explanation.output();
    ObjectNode out = root.putObject("output");
    out.put("sink", output.sink());
    out.put("table", output.table());
    out.put("write", output.write());
    strings(out.putArray("key"), output.key());
    facts(out.putArray("facts"), output.facts());
    Totals totals = explanation.totals();
    if (totals != null) {
      root.putObject("per_day")
          .put("rows_read", Math.round(totals.rowsRead()))
          .put("rows_written", Math.round(totals.rowsWritten()))
          .put("shuffle_bytes", Math.round(totals.shuffleBytes()))
          .put("state_bytes", Math.round(totals.stateBytes()));
    }
    ArrayNode warnings = root.putArray("warnings");
    for (Explanation.Warning warning : explanation.warnings()) {
      warnings
          .addObject()
          .put("code", warning.code())
          .put("message", warning.message())
          .put("hint", warning.hint());
    }
    return root;
  }

  private static void step(ObjectNode node, Step step) {
    node.put("id", step.id());
    ArrayNode inputs = node.putArray("inputs");
    step.inputs().forEach(inputs::add);
    node.put("kind", step.kind());
    node.put("what", step.what());
    facts(node.putArray("facts"), step.facts());
    Estimate estimate = step.estimate();
    if (estimate != null) {
      node.putObject("estimate")
          .put("rows", Math.round(estimate.rows()))
          .put("per_day", estimate.perDay())
          .put("shuffle_rows", Math.round(estimate.shuffleRows()))
          .put("shuffle_bytes", Math.round(estimate.shuffleBytes()))
          .put("state_bytes", Math.round(estimate.stateBytes()))
          .put("state_grows", estimate.stateGrows());
    }
  }

  private static void facts(ArrayNode array, List<Fact> facts) {
    facts.forEach(fact -> array.addObject().put("name", fact.name()).put("value", fact.value()));
  }

  private static void strings(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
