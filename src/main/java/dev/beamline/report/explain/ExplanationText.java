package dev.beamline.report.explain;

import dev.beamline.report.explain.Explanation.Estimate;
import dev.beamline.report.explain.Explanation.Fact;
import dev.beamline.report.explain.Explanation.Step;
import dev.beamline.report.explain.Explanation.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An explanation as text that a person can follow from top to bottom. */
public final class ExplanationText {

  private static final int NAME = 11;

  private ExplanationText() {}

  public static String of(Explanation explanation) {
    StringBuilder out = new StringBuilder(explanation.query());
    if (explanation.description() != null) {
      out.append(": ").append(explanation.description());
    }
    out.append("\nruns ").append(explanation.mode().equals("batch") ? "in batch" : "as a stream");
    if (!explanation.pipelines().isEmpty()) {
      out.append(" (pipelines: ").append(String.join(", ", explanation.pipelines())).append(')');
    }
    out.append('\n');
    if (!explanation.readers().isEmpty()) {
      out.append("read by ").append(String.join(", ", explanation.readers())).append('\n');
    }
    for (Step step : explanation.steps()) {
      step(step, out);
    }
    output(explanation, out);
    Totals totals = explanation.totals();
    if (totals != null) {
      out.append("\nA day like the sample's: ");
      out.append(Words.number(totals.rowsRead())).append(" rows read, ");
      out.append(Words.number(totals.rowsWritten())).append(" results, ");
      out.append(Words.bytes(totals.shuffleBytes())).append(" shuffled, ");
      out.append(Words.bytes(totals.stateBytes())).append(" of state.\n");
    } else if (!explanation.estimated()) {
      out.append("\nNo estimates: not asked for, or a source has no sample.\n");
    }
    for (Explanation.Warning warning : explanation.warnings()) {
      out.append("\nwarning ").append(warning.code()).append(": ").append(warning.message());
      out.append("\n  ").append(warning.hint()).append('\n');
    }
    return out.toString();
  }

  private static void step(Step step, StringBuilder out) {
    out.append('\n').append(String.format("%2d  ", step.id())).append(step.kind()).append("  ");
    out.append(step.what());
    if (!step.inputs().isEmpty() && !step.inputs().equals(List.of(step.id() - 1))) {
      out.append("   <- ");
      out.append(step.inputs().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
    out.append('\n');
    step.facts().forEach(fact -> fact(fact, out));
    String estimate = estimate(step.estimate());
    if (estimate != null) {
      fact(new Fact("about", estimate), out);
    }
  }

  private static void fact(Fact fact, StringBuilder out) {
    String name = fact.name();
    out.append("      ").append(name).append(" ".repeat(Math.max(1, NAME - name.length())));
    out.append(fact.value()).append('\n');
  }

  /** In words; null: nothing is known. */
  static @Nullable String estimate(@Nullable Estimate estimate) {
    if (estimate == null) {
      return null;
    }
    String day = estimate.perDay() ? " a day" : "";
    List<String> parts = new ArrayList<>();
    parts.add(Words.number(estimate.rows()) + " rows" + day);
    if (estimate.shuffleRows() > 0) {
      parts.add(
          Words.number(estimate.shuffleRows())
              + " sent ("
              + Words.bytes(estimate.shuffleBytes())
              + ")"
              + day);
    }
    if (estimate.stateBytes() > 0) {
      parts.add(
          estimate.stateGrows()
              ? Words.bytes(estimate.stateBytes()) + " more state each day"
              : Words.bytes(estimate.stateBytes()) + " of state");
    }
    return String.join(", ", parts);
  }

  private static void output(Explanation explanation, StringBuilder out) {
    Explanation.Output output = explanation.output();
    out.append("\n    write  ").append(output.sink()).append(' ').append(output.table());
    out.append('\n');
    fact(
        new Fact(
            output.write(),
            output.key().isEmpty()
                ? "each row"
                : "one row for each " + String.join(", ", output.key())),
        out);
    output.facts().forEach(fact -> fact(fact, out));
  }
}
