package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.report.explain.Explanation;
import dev.beamline.report.explain.ExplanationGraph;
import dev.beamline.report.explain.ExplanationJson;
import dev.beamline.report.explain.ExplanationText;
import dev.beamline.report.explain.PlanExplainer;
import dev.beamline.report.explain.Timeline;
import dev.beamline.report.explain.TimelinePlayer;
import dev.beamline.report.explain.TimelineSvg;
import dev.beamline.report.explain.TimelineText;
import dev.beamline.report.graph.BoxDot;
import dev.beamline.report.graph.BoxSvg;
import dev.beamline.sql.CompiledProject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a query is computed and what that costs. */
@Command(
    name = "explain",
    header = "Shows how a query is computed: what is read, sent and kept, and what that costs.",
    description = {
      "Estimates are of a day like the sample's: sums and rows are counted and measured by computing"
          + " them. Sums that are sent assume bundles of a second.%n"
    },
    footer = {
      "  beamline explain hourly_team_score",
      "  beamline explain hourly_team_score --format svg > plan.svg",
      "  beamline explain hourly_team_score --format dot | dot -Tpng > plan.png",
      "  beamline explain hourly_team_score --timeline      # panes against the watermark"
    })
final class ExplainCommand extends BaseCommand {

  private enum Format {
    TEXT,
    JSON,
    DOT,
    SVG
  }

  static final class FormatConverter extends NameConverter<Format> {
    FormatConverter() {
      super(Format.class);
    }
  }

  @Parameters(paramLabel = "QUERY", description = "A query of the project.")
  private String query = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of: text, json, dot, svg. Default: ${DEFAULT-VALUE}.",
      converter = FormatConverter.class,
      defaultValue = "text")
  private Format format = Format.TEXT;

  @Option(
      names = "--estimates",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Measure on the samples. Default: yes.")
  private boolean estimates = true;

  @Option(
      names = "--timeline",
      description =
          "Play the sample: event time against processing time, the watermark and the panes."
              + " As text or svg.")
  private boolean timeline;

  @Option(
      names = "--windows",
      paramLabel = "N",
      description = "How many windows to play. Default: ${DEFAULT-VALUE}.",
      defaultValue = "2")
  private int windows = 2;

  @Override
  public Integer call() {
    if (windows < 1) {
      throw usage("--windows must be at least 1");
    }
    if (timeline && (format == Format.JSON || format == Format.DOT)) {
      throw usage("--timeline is text or svg");
    }
    Problems problems = new Problems();
    CompiledProject compiled = ProjectLoader.checkFor(query, projectDir(), problems);
    if (problems.hasErrors()) {
      err().println("Other queries have errors: see 'beamline validate'.");
    }
    SampleTables samples = new SampleTables(compiled);
    if (timeline) {
      out().print(played(compiled, samples));
      return ExitCode.OK;
    }
    Explanation explanation = PlanExplainer.explain(compiled, query, estimates ? samples : null);
    switch (format) {
      case TEXT -> out().print(ExplanationText.of(explanation));
      case JSON -> out().print(ExplanationJson.of(explanation));
      case DOT -> out().print(BoxDot.of(ExplanationGraph.of(explanation), query));
      case SVG -> out().print(BoxSvg.of(ExplanationGraph.of(explanation), "Plan of " + query));
    }
    return ExitCode.OK;
  }

  private String played(CompiledProject compiled, SampleTables samples) {
    Timeline played =
        TimelinePlayer.play(compiled, query, samples, windows)
            .orElseThrow(
                () ->
                    new UserException(
                        "the rows of "
                            + query
                            + " are in no windows of fixed length, so there is no timeline to"
                            + " play"));
    return format == Format.SVG ? TimelineSvg.of(played) : TimelineText.of(played);
  }
}
