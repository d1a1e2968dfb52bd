package dev.beamline.cli;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.console.ConsoleLines;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.format.RowsText;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a pipeline and shows what came out. */
@Command(
    name = "run",
    header = "Runs a pipeline on the target and shows its results.",
    description = {
      "Reads the sources (their samples, on the local target), computes the pipeline's queries, writes",
      "each as a table, and ends with a ledger: what was read, used, refused, late and written."
    },
    footer = {
      "  beamline run                                  # the default pipeline",
      "  beamline run nightly",
      "  beamline run --queries hourly_team_score,first_purchases",
      "  beamline run --input game_events=/data/yesterday.ndjson",
      "  beamline run live --from-sample --speed 60x   # an hour of the sample a minute; Ctrl-C ends it"
    })
final class RunCommand extends BaseCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Default: the one with default: true, else the first.")
  private @Nullable String pipelineName;

  @Option(
      names = "--queries",
      paramLabel = "NAME",
      split = ",",
      description = "Only these queries of the project, whatever the pipeline names.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "SOURCE=PATH",
      description = "Read these files instead of a source. May be repeated.")
  private Map<String, String> inputs = new LinkedHashMap<>();

  @Option(
      names = "--speed",
      paramLabel = "N",
      description =
          "Play a streaming pipeline's samples at N seconds of event time a second, such as 60 or 60x."
              + " Default: as fast as it goes.")
  private @Nullable String speed;

  @Option(
      names = "--from-sample",
      description =
          "Read the sources' samples, also where the target has the real systems. A streaming pipeline"
              + " replays them by their event times, see --speed.")
  private boolean fromSample;

  @Option(
      names = "--fresh",
      description =
          "Begin a stream anew. Else one that does not end goes on where its last run was stopped or"
              + " died.")
  private boolean fresh;

  @Option(
      names = "--preview",
      paramLabel = "N",
      description = "Rows to show of each table. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5")
  private int preview;

  @Option(
      names = "--dashboard",
      description = "Open the live charts while the run goes on; on a terminal until Ctrl-C.")
  private boolean dashboard;

  @Mixin private ParameterOptions parameters = new ParameterOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (preview < 0) {
      throw usage("--preview must not be negative");
    }
    double factor = speedFactor();
    Problems problems = new Problems();
    Project project = parameters.in(ProjectLoader.read(projectDir(), problems));
    problems.throwIfErrors();
    Optional<PipelineDefinition> known = problems.collect(() -> project.pipeline(pipelineName));
    Optional<Target> knownTarget = problems.collect(() -> project.target(targetName()));
    only.forEach(name -> problems.collect(() -> project.query(name)));
    Map<String, String> files = InputFiles.of(inputs, project, problems);
    problems.throwIfErrors();
    PipelineDefinition pipeline = known.orElseThrow();
    Target target = knownTarget.orElseThrow();
    List<String> queries = only.isEmpty() ? pipeline.queries() : only;
    boolean streaming = pipeline.mode() == PipelineDefinition.Mode.STREAMING;
    if (factor > 0 && !streaming) {
      throw usage("--speed is for streaming pipelines, and " + pipeline.name() + " is a batch");
    }
    CompiledProject compiled =
        ProjectCompiler.compileToWrite(project, queries, streaming, problems);
    problems.throwIfErrors();
    ProjectRun run =
        new ProjectRun(
            new RunSettings(
                project,
                target,
                pipeline.name(),
                pipeline.mode(),
                compiled.plans(),
                queries,
                files,
                factor,
                fromSample,
                fresh,
                null));
    RunRecorder recorder = new RunRecorder(compiled, pipeline, target, queries);
    Resumption resumption =
        Resumption.begin(project, pipeline, recorder.manifest(), run, fresh, err());
    try (RunWatch watch = RunWatch.start(compiled, target, pipeline.name(), dashboard, out())) {
      OptionalLong expected = RunExtent.of(compiled, queries, files);
      int code = run(run, compiled, target, queries, watch, recorder, expected);
      resumption.stopped();
      watch.stay(out());
      return code;
    }
  }

  private int run(
      ProjectRun run,
      CompiledProject compiled,
      Target target,
      List<String> queries,
      RunWatch watch,
      RunRecorder recorder,
      OptionalLong expected)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Progress progress = new Progress(err(), Terminal.isInteractive(), expected);
    RunLedger ledger;
    boolean done = false;
    ConsoleLines.setOutput(line -> progress.above(out(), line));
    Interrupts interrupts = Interrupts.handle(() -> stop(run, progress));
    try {
      ledger =
          run.run(
              counters -> {
                progress.show(counters.read());
                watch.tell(counters);
                recorder.running(counters);
              });
      watch.done(ledger);
      recorder.done(ledger);
      done = true;
    } finally {
      interrupts.close();
      progress.close();
      if (!done) {
        recorder.failed();
      }
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
    previews(target, run, compiled, queries);
    LedgerPrinter.print(ledger, elapsed, out());
    return ExitCode.OK;
  }

  private void stop(ProjectRun run, Progress progress) {
    if (run.stop()) {
      progress.above(err(), "Stopping: what was read is being written. Once more: at once.");
    } else {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  private double speedFactor() {
    if (speed == null) {
      return 0;
    }
    try {
      double factor = Double.parseDouble(speed.replaceFirst("[xX]$", ""));
      if (factor > 0 && Double.isFinite(factor)) {
        return factor;
      }
    } catch (NumberFormatException e) {
      // Said below, as for numbers that are no speed.
    }
    throw usage("--speed \"" + speed + "\" is not a positive number such as 60 or 60x");
  }

  private void previews(
      Target target, ProjectRun run, CompiledProject compiled, List<String> queries)
      throws IOException {
    String path = target.common().warehouse();
    if (path == null) {
      for (String query : queries) {
        out().println(Styles.bold(query) + "  is in " + run.place(query));
      }
      out().println();
      return;
    }
    if (preview == 0) {
      return;
    }
    for (String query : queries) {
      Path database = run.database(query);
      String file = run.file(query);
      if (database != null) {
        preview(compiled.plan(query), run.table(query), Warehouse.open(database));
      } else if (file != null) {
        out().println(Styles.bold(query) + "  is in " + file);
        out().println();
      }
    }
    out().println("Tables are in " + path);
    out().println();
  }

  private void preview(QueryPlan query, String table, Warehouse warehouse) throws IOException {
    Schema schema = warehouse.schema(table).orElse(Schema.of());
    long count = warehouse.count(table);
    List<Tuple> rows = warehouse.rows(table, PreviewOrder.of(query), preview);
    out().println(Styles.bold(query.name()) + "  " + count + (count == 1 ? " row" : " rows"));
    out().print(RowsText.table(schema, rows, Terminal.width()));
    out().println();
  }
}
