package dev.beamline.testing;

import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.ParameterValue;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.project.Windowing.WindowChoice;
import dev.beamline.sql.ProjectCompiler;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The plans of the queries under test, each compiled once for all tests that it serves. */
final class TestPlans {

  private final Project project;
  private final Problems problems;
  private final Map<String, QueryPlan> plans = new HashMap<>();
  private final Map<String, QueryPlan> batch = new HashMap<>();
  private final Map<Own, Map<String, QueryPlan>> own = new HashMap<>();

  /** What makes a test's plan differ from its query's. */
  private record Own(String query, @Nullable WindowChoice window, Map<String, Object> parameters) {}

  TestPlans(Project project, List<TestFile> files, Problems problems) {
    this.project = project;
    this.problems = problems;
    Set<String> queries = new TreeSet<>();
    files.forEach(file -> queries.add(file.query().value()));
    Set<String> streamed = new TreeSet<>();
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      if (pipeline.mode() == PipelineDefinition.Mode.STREAMING) {
        streamed.addAll(pipeline.queries());
      }
    }
    streamed.retainAll(queries);
    plans.putAll(ProjectCompiler.compile(project, streamed, true, problems).plans());
    queries.removeAll(streamed);
    // What no pipeline streams is tried as a stream all the same, and else in batch.
    plans.putAll(ProjectCompiler.compile(project, queries, true, new Problems()).plans());
    queries.removeAll(plans.keySet());
    batch.putAll(ProjectCompiler.compile(project, queries, false, problems).plans());
  }

  /** Whether a query can only be computed in batch, and no pipeline streams it. */
  boolean inBatch(String query) {
    return !plans.containsKey(query) && batch.containsKey(query);
  }

  /** Empty where the query does not compile, which has been reported. */
  Map<String, QueryPlan> of(TestFile file, TestCase test) {
    Query query = project.query(file.query().value());
    boolean streams = !inBatch(query.name());
    Own key = new Own(query.name(), test.windowing().window(), values(test.parameters()));
    boolean usual =
        Objects.equals(query.windowing().window(), test.windowing().window())
            && query.windowing().inherited() == test.windowing().inherited()
            && values(query.parameters()).equals(values(test.parameters()));
    Map<String, QueryPlan> found =
        usual
            ? streams ? plans : batch
            : own.computeIfAbsent(key, k -> compile(tested(query, test), streams));
    return found.containsKey(query.name()) ? found : Map.of();
  }

  private Map<String, QueryPlan> compile(Query query, boolean streams) {
    Map<String, Query> queries = new LinkedHashMap<>(project.queries());
    queries.put(query.name(), query);
    Project changed =
        new Project(
            project.folder(),
            project.name(),
            project.sources(),
            queries,
            project.functionFiles(),
            project.pipelines(),
            project.targets(),
            List.of(),
            project.broken());
    return ProjectCompiler.compile(changed, List.of(query.name()), streams, problems).plans();
  }

  private static Map<String, Object> values(Map<String, ParameterValue> parameters) {
    Map<String, Object> values = new TreeMap<>();
    parameters.forEach((name, p) -> values.put(name, List.of(p.type() + "", p.value() + "")));
    return values;
  }

  /** The query with what a test overrides. */
  static Query tested(Query query, TestCase test) {
    return query.with(test.windowing(), test.parameters());
  }
}
