package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.project.TestStep;
import dev.beamline.project.Windowing;
import dev.beamline.transform.Change;
import dev.beamline.transform.Panes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A test whose query is compiled and whose rows are read.
 *
 * @param plans of the query and those it reads
 * @param inBatch whether the query is computed in batch, since it is no query of streams
 * @param inputs the rows of each step that is an input, by its number
 * @param expected the rows of each step that is an expectation, by its number
 */
record PreparedCase(
    Project project,
    TestFile file,
    TestCase test,
    Map<String, QueryPlan> plans,
    boolean inBatch,
    Map<Integer, List<Tuple>> inputs,
    Map<Integer, List<ExpectedRow>> expected) {

  PreparedCase {
    plans = Map.copyOf(plans);
    inputs = Map.copyOf(inputs);
    expected = Map.copyOf(expected);
  }

  CaseResult run() {
    return inBatch ? runBatch() : runStream();
  }

  /** Each expectation sees the result of all rows so far. */
  private CaseResult runBatch() {
    long began = System.nanoTime();
    QueryUnderProof query = QueryUnderProof.batchOnly(project, plans, plan());
    Map<String, List<Tuple>> rows = new HashMap<>();
    List<Expectation> expectations = new ArrayList<>();
    for (int i = 0; i < test.steps().size(); i++) {
      TestStep step = test.steps().get(i);
      if (step instanceof TestStep.Input input) {
        rows.computeIfAbsent(input.source().value(), s -> new ArrayList<>())
            .addAll(inputs.getOrDefault(i, List.of()));
      } else if (step instanceof TestStep.Expect expect) {
        List<Tuple> result = query.batch(rows);
        expectations.add(
            Expectation.of(
                expect,
                i,
                Panes.schema(plan()),
                expected.getOrDefault(i, List.of()),
                plan().window() == null ? result : result.stream().map(Panes::onlyPane).toList()));
      }
    }
    return new CaseResult(
        file, test, expectations, 0, List.of(), Duration.ofNanos(System.nanoTime() - began));
  }

  private CaseResult runStream() {
    long began = System.nanoTime();
    String name = file.query().value();
    try (QuerySimulation simulation =
        new QuerySimulation(
            project,
            plans,
            name,
            query -> query.name().equals(name) ? tested(query) : query,
            Duration.ZERO,
            0,
            tested(project.query(name)).upserts(!plan().key().isEmpty()))) {
      addTables(simulation);
      List<Expectation> expectations = new ArrayList<>();
      int seen = 0;
      for (int i = 0; i < test.steps().size(); i++) {
        TestStep step = test.steps().get(i);
        if (step instanceof TestStep.Expect expect) {
          Expectation now = expectation(expect, i, simulation, seen);
          if (!now.matching().missing().isEmpty() && waitsForLate(simulation)) {
            now = expectation(expect, i, simulation, seen);
          }
          expectations.add(now);
          if (expect.kind() != TestStep.Expect.Kind.EXPECT_TABLE) {
            seen = simulation.changes().size();
          }
        } else {
          move(simulation, i, step);
        }
      }
      return new CaseResult(
          file,
          test,
          expectations,
          simulation.lateDropped(),
          simulation.errors(),
          Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private Expectation expectation(
      TestStep.Expect expect, int number, QuerySimulation simulation, int seen) {
    List<Tuple> actual =
        expect.kind() == TestStep.Expect.Kind.EXPECT_TABLE
            ? simulation.table()
            : emitted(simulation.changes().subList(seen, simulation.changes().size()));
    return Expectation.of(
        expect,
        number,
        Panes.schema(simulation.plan()),
        expected.getOrDefault(number, List.of()),
        actual);
  }

  /** Lets the time of a late trigger go by, where rows are expected that it may still hold back. */
  private boolean waitsForLate(QuerySimulation simulation) {
    if (test.windowing().trigger().late() instanceof Windowing.Every late) {
      simulation.clock(late.period());
      return true;
    }
    return false;
  }

  private QueryPlan plan() {
    return Objects.requireNonNull(plans.get(file.query().value()));
  }

  private Query tested(Query query) {
    return TestPlans.tested(query, test);
  }

  /** A table that does not change with event time is there from the start, with all its rows. */
  private void addTables(QuerySimulation simulation) {
    Map<String, List<Tuple>> tables = new HashMap<>();
    for (int i = 0; i < test.steps().size(); i++) {
      if (test.steps().get(i) instanceof TestStep.Input input) {
        tables
            .computeIfAbsent(input.source().value(), s -> new ArrayList<>())
            .addAll(inputs.getOrDefault(i, List.of()));
      }
    }
    simulation
        .feeds()
        .forEach(
            (source, feed) -> {
              if (feed.table()) {
                simulation.addTable(source, tables.getOrDefault(source, List.of()));
              }
            });
    simulation.settle();
  }

  private void move(QuerySimulation simulation, int number, TestStep step) {
    if (step instanceof TestStep.Input input) {
      QuerySimulation.Feed feed = simulation.feeds().get(input.source().value());
      if (feed != null && !feed.table()) {
        simulation.add(input.source().value(), inputs.getOrDefault(number, List.of()));
      }
    } else if (step instanceof TestStep.Watermark watermark) {
      simulation.watermark(watermark.to().value());
    } else if (step instanceof TestStep.WatermarkOf watermarks) {
      watermarks
          .to()
          .forEach(
              (source, to) -> {
                QuerySimulation.Feed feed = simulation.feeds().get(source);
                if (feed != null && !feed.table()) {
                  simulation.watermark(source, to.value());
                }
              });
    } else if (step instanceof TestStep.ProcessingTime time) {
      simulation.clock(time.by());
    }
    simulation.settle();
  }

  private static List<Tuple> emitted(List<Change> changes) {
    return changes.stream().filter(change -> !change.withdrawn()).map(Change::row).toList();
  }
}
