package dev.beamline.sql;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Hints;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.project.TestRows;
import dev.beamline.project.TestStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What tests say about a query's columns and sources. */
final class TestChecks {

  private TestChecks() {}

  static void check(TestFile file, QueryPlan plan, Problems problems) {
    List<String> columns = new ArrayList<>(plan.schema().names());
    columns.addAll(OutputChecks.PANE_COLUMNS);
    Set<String> sources = new TreeSet<>();
    sources.addAll(Plans.sources(plan.plan()));
    for (TestCase test : file.tests()) {
      for (TestStep step : test.steps()) {
        if (step instanceof TestStep.Expect expect
            && expect.rows() instanceof TestRows.Inline rows) {
          rows.rows().forEach(row -> checkColumns(row, columns, plan, problems));
        } else if (step instanceof TestStep.Input input
            && !sources.contains(input.source().value())) {
          problems.add(
              Diagnostic.warning(
                  DiagnosticCode.TEST_INVALID,
                  input.source().place(),
                  "the query \""
                      + plan.name()
                      + "\" does not read the source \""
                      + input.source().value()
                      + "\"",
                  sources.isEmpty()
                      ? "it reads no source"
                      : "it reads: " + String.join(", ", sources)));
        }
      }
    }
  }

  private static void checkColumns(
      TestRows.Row row, List<String> columns, QueryPlan plan, Problems problems) {
    row.values()
        .forEach(
            (name, value) -> {
              if (columns.stream().noneMatch(name::equalsIgnoreCase)) {
                problems.add(
                    Diagnostic.error(
                        DiagnosticCode.UNKNOWN_COLUMN,
                        value.key(),
                        "the query \"" + plan.name() + "\" has no column \"" + name + "\"",
                        Hints.of(name, columns)));
              }
            });
  }
}
