package dev.beamline.cli;

import dev.beamline.deploy.backfill.Backfill;
import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.plan.Plans;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fills a table's past. */
@Command(
    name = "backfill",
    header = "Computes a query again over its sources' archive, for a stretch of time.",
    description = {
      "Runs the same SQL in batch and replaces, in one step, the rows of the windows that start from"
          + " --from to --to. Both are moved outwards to whole windows. It can be repeated: the table is"
          + " the same afterwards.%n",
      "Exit code: 0 done, 1 something to mend, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline backfill hourly_team_score --from 2026-01-01 --to 2026-01-03",
      "  beamline backfill hourly_team_score --from 2026-01-01T06:00 --to 2026-01-01T12:00 --dry-run",
      "  beamline backfill hourly_team_score --from 2026-01-01 --to 2026-01-03 --input"
          + " game_events='/archive/2026-01-0*.ndjson'",
      "  beamline backfill hourly_team_score --from 2026-01-01 --to 2026-01-03 --target prod --input"
          + " game_events=bigquery:archive.events"
    })
final class BackfillCommand extends BaseCommand {

  private enum Output {
    TEXT,
    JSON
  }

  static final class OutputConverter extends NameConverter<Output> {
    OutputConverter() {
      super(Output.class);
    }
  }

  @Parameters(index = "0", paramLabel = "QUERY", description = "The query of the project.")
  private String name = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "The first instant, such as 2026-01-31 or 2026-01-31T10:00:00Z.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TIME",
      description = "The instant after the last.")
  private String to = "";

  @Option(
      names = "--dry-run",
      description = "Only tell the windows, the rows and bytes to read, and the rows to write.")
  private boolean dryRun;

  @Option(
      names = "--input",
      paramLabel = "SOURCE=PATH",
      description =
          "The archive of a source, read instead: files, also gs://, or bigquery:DATASET.TABLE. May"
              + " be repeated.")
  private Map<String, String> inputs = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "Of --dry-run: text or json. Default: ${DEFAULT-VALUE}.",
      converter = OutputConverter.class,
      defaultValue = "text")
  private Output output = Output.TEXT;

  @Mixin private ParameterOptions parameters = new ParameterOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    long first = Instants.micros(instant("--from", from));
    long end = Instants.micros(instant("--to", to));
    if (first >= end) {
      throw usage("--from " + from + " is not before --to " + to);
    }
    Problems problems = new Problems();
    Project project = parameters.in(ProjectLoader.read(projectDir(), problems));
    problems.throwIfErrors();
    project.query(name);
    Target target = project.target(targetName());
    CompiledProject compiled =
        ProjectCompiler.compileToWrite(project, List.of(name), false, problems);
    problems.throwIfErrors();
    Backfill backfill = Backfill.of(compiled, name, first, end);
    checkSink(project.query(name), target);
    BackfillInputs archive = BackfillInputs.of(project, inputs, problems);
    problems.throwIfErrors();
    archive.check(Plans.sources(backfill.plan().plan()), target);
    if (dryRun) {
      BackfillEstimate estimate = BackfillEstimate.of(archive, target, compiled, backfill);
      if (output == Output.JSON) {
        out().println(estimate.json());
      } else {
        estimate.text().forEach(out()::println);
      }
      return ExitCode.OK;
    }
    if (target instanceof Target.Dataflow) {
      err().println("A backfill runs on this machine, whatever runs the jobs of the target.");
    }
    run(
        new ProjectRun(
            backfill.settings(archive.project(), target, compiled.plans(), archive.paths())),
        backfill);
    readers(compiled, project);
    return ExitCode.OK;
  }

  private void run(ProjectRun run, Backfill backfill) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Progress progress = new Progress(err(), Terminal.isInteractive());
    RunLedger ledger;
    try {
      ledger = run.run(counters -> progress.show(counters.read()));
    } finally {
      progress.close();
    }
    LedgerPrinter.print(ledger, Duration.ofNanos(System.nanoTime() - began), out());
    out().println();
    out()
        .println(
            "Table "
                + run.table(name)
                + " is filled for the windows that start from "
                + Instants.ofMicros(backfill.range().from())
                + " to "
                + Instants.ofMicros(backfill.range().to())
                + ".");
  }

  /** Who reads this query has rows of the old one. */
  private void readers(CompiledProject compiled, Project project) {
    List<String> readers =
        compiled.reads().entrySet().stream()
            .filter(e -> e.getValue().contains(name) && project.queries().containsKey(e.getKey()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!readers.isEmpty()) {
      out().println("It is read by " + String.join(", ", readers) + ": fill these back, too.");
    }
  }

  private static void checkSink(Query query, Target target) {
    boolean here = target.common().warehouse() != null;
    boolean file =
        query.sink() instanceof Sink.Files files
            && (!here || !Project.isRemote(files.path().value()));
    boolean table =
        here
            || query.sink() instanceof Sink.BigQuery
            || (query.sink() instanceof Sink.DuckDb database && database.path() != null);
    if (!table && query.sink() instanceof Sink.DuckDb) {
      throw new UserException(
          "target "
              + target.name()
              + " has no warehouse for query "
              + query.name()
              + ": add warehouse: PATH to it, or sink: {type: bigquery, dataset: NAME} to the query");
    }
    if (!table || file) {
      throw new UserException(
          "query "
              + query.name()
              + " goes to "
              + (file ? "a file" : query.sink().type())
              + " on target "
              + target.name()
              + ", where what is written stays: only rows of tables (bigquery, duckdb) can be"
              + " replaced. Its whole result: beamline run --queries "
              + query.name());
    }
  }

  private Instant instant(String option, String text) {
    return Instants.parse(text)
        .orElseThrow(() -> usage(option + " \"" + text + "\" is not a time; " + Instants.ALLOWED));
  }
}
