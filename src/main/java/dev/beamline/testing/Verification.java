package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.diagnostic.Severity;
import dev.beamline.io.files.FileRows;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.format.RowsText;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that queries give the same final rows in batch and as streams: over slices of the sources'
 * samples, each streamed in a way of its own.
 */
public final class Verification {

  private static final Duration SHRINKING = Duration.ofSeconds(20);

  private final Project project;
  private final Settings settings;
  private final Map<String, List<Tuple>> samples = new HashMap<>();

  /**
   * How to go about it.
   *
   * @param seed by which everything can be done again
   * @param runs of each query
   * @param rows of each stream in a run; 0: the whole sample
   */
  public record Settings(long seed, int runs, int rows) {}

  /**
   * What became of a query.
   *
   * @param runs that were made
   * @param rows that were streamed
   * @param skipped why it could not be tried; null: it was
   * @param difference what differs; null: nothing
   */
  public record Verdict(
      String query, int runs, long rows, @Nullable String skipped, @Nullable Shown difference) {}

  /**
   * A difference, as small as it became.
   *
   * @param text the rows that differ
   * @param test a file of tests that shows it
   */
  public record Shown(String text, String test) {}

  public Verification(Project project, Settings settings) {
    this.project = project;
    this.settings = settings;
  }

  /**
   * Tries queries, several runs at a time.
   *
   * @param queries by name
   * @param done is told each verdict as it comes, in the order of the queries
   * @throws InvalidProjectException where a query does not compile in batch, or a sample cannot be
   *     read
   */
  public List<Verdict> run(List<String> queries, Consumer<Verdict> done)
      throws IOException, InterruptedException {
    Problems problems = new Problems();
    CompiledProject batch = ProjectCompiler.compile(project, queries, false, problems);
    problems.throwIfErrors();
    try (Workers pool = new Workers()) {
      List<Verdict> verdicts = new ArrayList<>();
      for (String query : queries) {
        Verdict verdict = verdict(batch.plan(query), pool);
        done.accept(verdict);
        verdicts.add(verdict);
      }
      return verdicts;
    }
  }

  private static Verdict skipped(String query, String reason) {
    return new Verdict(query, 0, 0, reason, null);
  }

  private Verdict verdict(QueryPlan batch, Workers pool) throws IOException, InterruptedException {
    String name = batch.name();
    Problems problems = new Problems();
    CompiledProject streams = ProjectCompiler.compile(project, List.of(name), true, problems);
    for (Diagnostic problem : problems.sorted()) {
      if (problem.severity() == Severity.ERROR) {
        return skipped(name, problem.place() + ": " + problem.message());
      }
    }
    Map<String, QuerySimulation.Feed> feeds = feeds(streams);
    QueryUnderProof query = new QueryUnderProof(project, batch, streams.plans(), feeds);
    for (String source : feeds.keySet()) {
      String missing = read(source);
      if (missing != null) {
        return skipped(name, missing);
      }
    }
    SampleSlices slices = new SampleSlices(feeds, samples);
    try {
      return runs(query, slices, pool);
    } catch (InvalidProjectException e) {
      return skipped(name, e.diagnostics().get(0).message());
    }
  }

  private Map<String, QuerySimulation.Feed> feeds(CompiledProject compiled) {
    Set<String> sources = new TreeSet<>();
    compiled.plans().values().forEach(plan -> sources.addAll(Plans.sources(plan.plan())));
    Map<String, QuerySimulation.Feed> feeds = new LinkedHashMap<>();
    for (String source : sources) {
      feeds.put(
          source, QuerySimulation.Feed.of(Objects.requireNonNull(project.sources().get(source))));
    }
    return feeds;
  }

  /** Reads a sample once; why it cannot be, or null. */
  private @Nullable String read(String name) throws IOException {
    if (samples.containsKey(name)) {
      return null;
    }
    Source source = Objects.requireNonNull(project.sources().get(name));
    Problems problems = new Problems();
    FilesSource files = ProjectSources.files(project, source, null, true, problems).orElse(null);
    if (files == null) {
      return problems.sorted().get(0).message();
    }
    Schema columns = QuerySimulation.Feed.of(source).columns();
    samples.put(name, FileRows.all(files, columns, error -> {}));
    return null;
  }

  private Verdict runs(QueryUnderProof query, SampleSlices slices, Workers pool)
      throws InterruptedException {
    AtomicBoolean found = new AtomicBoolean();
    List<Callable<Run>> tasks = new ArrayList<>();
    for (int i = 0; i < settings.runs(); i++) {
      int number = i;
      tasks.add(() -> found.get() ? new Run(number, 0, null) : run(query, slices, number, found));
    }
    int runs = 0;
    long rows = 0;
    Run first = null;
    for (Run run : pool.run(tasks)) {
      runs += run.rows() > 0 ? 1 : 0;
      rows += run.rows();
      if (run.difference() != null && first == null) {
        first = run;
      }
    }
    Shown shown = first == null ? null : show(query, first);
    return new Verdict(query.name(), runs, rows, null, shown);
  }

  private record Run(int number, long rows, QueryUnderProof.@Nullable Difference difference) {}

  private Run run(QueryUnderProof query, SampleSlices slices, int number, AtomicBoolean found) {
    Random random =
        new Random(settings.seed() * 1_000_003 + query.name().hashCode() * 31L + number);
    Map<String, List<Tuple>> rows = slices.take(settings.rows(), random);
    StreamScript script =
        new ScriptMaker(random, query.onePane(), query.addable(), query.windows())
            .make(query.feeds(), rows);
    QueryUnderProof.Difference difference = query.differ(script);
    if (difference != null) {
      found.set(true);
    }
    return new Run(number, rows.values().stream().mapToLong(List::size).sum(), difference);
  }

  private Shown show(QueryUnderProof query, Run run) {
    QueryUnderProof.Difference difference =
        new Shrinker(query, SHRINKING).shrink(Objects.requireNonNull(run.difference()));
    Schema schema = query.stream().schema();
    StringBuilder text = new StringBuilder();
    rows("in batch, not in the stream", schema, difference.comparison().missing(), text);
    rows("in the stream, not in batch", schema, difference.comparison().added(), text);
    rows("never final in the stream", schema, difference.notFinal(), text);
    if (difference.dropped() > 0) {
      text.append("dropped as late: ").append(difference.dropped()).append('\n');
    }
    String how =
        "Found by beamline verify "
            + query.name()
            + " --seed "
            + settings.seed()
            + " --runs "
            + settings.runs()
            + " --rows "
            + settings.rows()
            + ", run "
            + (run.number() + 1);
    return new Shown(text.toString(), DifferenceTest.of(query, difference, how));
  }

  private static void rows(String title, Schema schema, List<Tuple> rows, StringBuilder text) {
    if (!rows.isEmpty()) {
      text.append(title).append(":\n");
      RowsText.table(schema, rows.subList(0, Math.min(10, rows.size())))
          .lines()
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }
}
