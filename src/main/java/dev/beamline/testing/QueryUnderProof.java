package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.local.FirstEvents;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.pipeline.run.CopyMemory;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query that is to be proved: its batch answer and its streamed one.
 *
 * @param batch its plan in batch
 * @param streams the plans of the query and those it reads, as streams
 * @param feeds the sources that it reads
 */
record QueryUnderProof(
    Project project,
    QueryPlan batch,
    Map<String, QueryPlan> streams,
    Map<String, QuerySimulation.Feed> feeds) {

  QueryUnderProof {
    streams = Map.copyOf(streams);
    feeds = new LinkedHashMap<>(feeds);
  }

  /**
   * A query of which only the batch answer is asked for.
   *
   * @param plans of the query and those it reads
   */
  static QueryUnderProof batchOnly(Project project, Map<String, QueryPlan> plans, QueryPlan batch) {
    return new QueryUnderProof(
        project,
        batch,
        Map.of(),
        new QueryGraph(project, plans, batch.name(), query -> query, false).feeds());
  }

  String name() {
    return batch.name();
  }

  QueryPlan stream() {
    return Objects.requireNonNull(streams.get(name()));
  }

  /**
   * Whether rows of its windows cannot be told apart, so that none takes an earlier one's place.
   */
  boolean onePane() {
    return stream().key().isEmpty();
  }

  /** Whether the panes of discarding windows can be put together to the rows of the batch. */
  boolean addable() {
    return PaneSums.of(stream()).isPresent();
  }

  /** The length of the longest window that rows are put into. */
  Duration windows() {
    return CopyMemory.of(streams.values(), List.of());
  }

  /** The rows that batch gives. */
  List<Tuple> batch(Map<String, List<Tuple>> rows) {
    LocalExecutor executor =
        new LocalExecutor(
            scan -> scanned(scan, rows.getOrDefault(scan.source(), List.of())),
            (row, error) -> {
              // Left out, as in a pipeline, where it goes to the errors.
            });
    return executor.run(batch.plan());
  }

  private List<Tuple> scanned(Plan.Scan scan, List<Tuple> rows) {
    QuerySimulation.Feed feed = Objects.requireNonNull(feeds.get(scan.source()));
    Source.Deduplication deduplicate = feed.source().deduplicate();
    List<Tuple> kept =
        deduplicate == null || feed.eventTime() < 0
            ? rows
            : FirstEvents.of(
                rows,
                deduplicate.by().stream()
                    .mapToInt(by -> feed.columns().indexOf(by.value()))
                    .toArray(),
                feed.eventTime(),
                deduplicate.within(),
                feed.columns().size());
    int[] columns =
        scan.schema().names().stream().mapToInt(name -> feed.columns().indexOf(name)).toArray();
    return kept.stream()
        .map(row -> Tuple.of(Arrays.stream(columns).mapToObj(row::get).toArray()))
        .toList();
  }

  /**
   * What a stream ends with.
   *
   * @param rows the final rows, without their panes' columns; of discarding windows the panes put
   *     together
   * @param notFinal rows of the table that never became final, where windows are accumulating
   * @param dropped rows that were dropped as late
   */
  record Streamed(List<Tuple> rows, List<Tuple> notFinal, long dropped) {
    Streamed {
      rows = List.copyOf(rows);
      notFinal = List.copyOf(notFinal);
    }
  }

  /**
   * Plays a script.
   *
   * @throws InvalidProjectException where the query cannot run so
   */
  Streamed stream(StreamScript script) {
    boolean discarding = script.discarding();
    try (QuerySimulation simulation =
        new QuerySimulation(
            project,
            streams,
            name(),
            query -> windowed(query, script.windowing()),
            script.settle(),
            script.shards(),
            !onePane() && !discarding)) {
      script.play(simulation);
      int columns = stream().schema().size();
      boolean panes = stream().window() != null;
      List<Tuple> rows = new ArrayList<>();
      List<Tuple> notFinal = new ArrayList<>();
      for (Tuple row : simulation.table()) {
        Tuple plain = Tuple.of(Arrays.copyOf(row.values(), columns));
        rows.add(plain);
        if (panes && !discarding && !Boolean.TRUE.equals(row.get(columns + 2))) {
          notFinal.add(plain);
        }
      }
      List<Tuple> last = discarding ? PaneSums.of(stream()).orElseThrow().combine(rows) : rows;
      return new Streamed(last, notFinal, simulation.lateDropped());
    }
  }

  private static Query windowed(Query query, Windowing policy) {
    Windowing own = query.windowing();
    Windowing.Trigger trigger = policy.trigger();
    if (own.window() instanceof Windowing.Global && trigger.early() == null) {
      // The window of all time has no other panes than early ones.
      trigger = new Windowing.Trigger(new Windowing.Every(Duration.ofSeconds(10)), null);
    }
    return query.with(
        new Windowing(
            own.window(),
            own.inherited(),
            policy.allowedLateness(),
            trigger,
            policy.accumulationMode()),
        query.parameters());
  }

  /** The rows of a script, by source. */
  Map<String, List<Tuple>> rows(StreamScript script) {
    Map<String, List<Tuple>> rows = new LinkedHashMap<>();
    script.tables().forEach((source, table) -> rows.put(source, new ArrayList<>(table)));
    for (StreamScript.Move move : script.moves()) {
      if (move instanceof StreamScript.Arrive arrive) {
        rows.computeIfAbsent(arrive.source(), s -> new ArrayList<>()).addAll(arrive.rows());
      }
    }
    return rows;
  }

  /** How the answers differ; null: they do not. */
  @Nullable Difference differ(StreamScript script) {
    List<Tuple> expected = batch(rows(script));
    Streamed streamed = stream(script);
    Comparison comparison = Comparison.of(stream().schema(), expected, streamed.rows());
    if (comparison.same() && streamed.notFinal().isEmpty() && streamed.dropped() == 0) {
      return null;
    }
    return new Difference(script, expected, comparison, streamed.notFinal(), streamed.dropped());
  }

  /** A way of streaming that ends in other rows than batch. */
  record Difference(
      StreamScript script,
      List<Tuple> expected,
      Comparison comparison,
      List<Tuple> notFinal,
      long dropped) {
    Difference {
      expected = List.copyOf(expected);
      notFinal = List.copyOf(notFinal);
    }
  }
}
