package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.project.TestStep;
import dev.beamline.transform.Panes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The event-time tests of a project, read and compiled, ready to run at once. */
public final class TestSuite {

  private final List<PreparedCase> cases = new ArrayList<>();

  /**
   * Compiles the queries under test and reads the rows of tests.
   *
   * @param files whose tests are meant
   * @param chosen which of their tests
   * @param problems gets all that is wrong with them; then nothing can run
   */
  public TestSuite(
      Project project, List<TestFile> files, Predicate<TestCase> chosen, Problems problems) {
    List<TestFile> meant =
        files.stream().filter(file -> file.tests().stream().anyMatch(chosen)).toList();
    TestPlans plans = new TestPlans(project, meant, problems);
    TestRowsReader reader = new TestRowsReader(project, problems);
    for (TestFile file : meant) {
      for (TestCase test : file.tests()) {
        if (chosen.test(test)) {
          Map<String, QueryPlan> own = plans.of(file, test);
          boolean inBatch = plans.inBatch(file.query().value());
          cases.add(prepare(project, file, test, own, inBatch, reader));
        }
      }
    }
  }

  /**
   * Checks the values in tests' rows against the columns they are for.
   *
   * @param plans of queries that compile
   */
  public static void check(Project project, Map<String, QueryPlan> plans, Problems problems) {
    TestRowsReader reader = new TestRowsReader(project, problems);
    for (TestFile file : project.tests()) {
      for (TestCase test : file.tests()) {
        prepare(project, file, test, plans, false, reader);
      }
    }
  }

  private static PreparedCase prepare(
      Project project,
      TestFile file,
      TestCase test,
      Map<String, QueryPlan> plans,
      boolean inBatch,
      TestRowsReader reader) {
    Map<Integer, List<Tuple>> inputs = new HashMap<>();
    Map<Integer, List<ExpectedRow>> expected = new HashMap<>();
    for (int i = 0; i < test.steps().size(); i++) {
      TestStep step = test.steps().get(i);
      if (step instanceof TestStep.Input input) {
        Source source = project.sources().get(input.source().value());
        if (source != null) {
          inputs.put(i, reader.input(QuerySimulation.Feed.of(source), input.rows()));
        }
      } else if (step instanceof TestStep.Expect expect) {
        QueryPlan plan = plans.get(file.query().value());
        if (plan != null) {
          expected.put(i, reader.expected(plan.name(), Panes.schema(plan), expect.rows()));
        }
      }
    }
    return new PreparedCase(project, file, test, plans, inBatch, inputs, expected);
  }

  public int size() {
    return cases.size();
  }

  /**
   * Runs all tests, several at a time.
   *
   * @return in the order of files and tests
   * @throws InvalidProjectException where a query cannot run as a test has it
   */
  public List<CaseResult> run() throws InterruptedException {
    List<Callable<Outcome>> tasks = new ArrayList<>();
    cases.forEach(test -> tasks.add(() -> outcome(test)));
    List<CaseResult> results = new ArrayList<>();
    Problems problems = new Problems();
    try (Workers workers = new Workers()) {
      for (Outcome outcome : workers.run(tasks)) {
        problems.addAll(outcome.problems());
        if (outcome.result() != null) {
          results.add(outcome.result());
        }
      }
    }
    problems.throwIfErrors();
    return results;
  }

  /**
   * What came of a test.
   *
   * @param result null: it could not run
   * @param problems why not
   */
  private record Outcome(@Nullable CaseResult result, List<Diagnostic> problems) {}

  private static Outcome outcome(PreparedCase test) {
    try {
      return new Outcome(test.run(), List.of());
    } catch (InvalidProjectException e) {
      return new Outcome(null, e.diagnostics());
    }
  }
}
