package dev.beamline.sql;

import dev.beamline.catalog.Table;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Expression;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.ParameterValue;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.QueryFile;
import dev.beamline.project.Source;
import dev.beamline.project.SourceTables;
import dev.beamline.project.TestFile;
import dev.beamline.project.Windowing;
import dev.beamline.project.Windowing.WindowChoice;
import dev.beamline.sql.analyzer.SqlContext;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.parser.ParsedFile;
import dev.beamline.sql.parser.SqlParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the queries of a project, each after those it reads, as many at once as the machine has
 * processors.
 */
public final class ProjectCompiler {

  private final Project project;
  private final Map<String, Table> tables;
  private final List<SqlStatement.CreateFunction> sharedFunctions;
  private final Map<String, ParsedFile> parsed = new LinkedHashMap<>();
  private final Map<String, Map<String, Place>> references = new HashMap<>();
  private final Map<String, Set<String>> reads = new LinkedHashMap<>();
  private final Problems problems;

  private ProjectCompiler(Project project, Problems problems) {
    this.project = project;
    this.problems = problems;
    this.tables = SourceTables.of(project.sources().values(), problems);
    this.sharedFunctions = sharedFunctions(project, problems);
    parse();
  }

  /**
   * Compiles the queries of a pipeline, and those they read.
   *
   * @param problems gets all that is wrong with them and with what they write
   */
  public static CompiledProject compile(
      Project project, PipelineDefinition pipeline, Problems problems) {
    return compileToWrite(
        project,
        pipeline.queries(),
        pipeline.mode() == PipelineDefinition.Mode.STREAMING,
        problems);
  }

  /**
   * Compiles queries, and those they read.
   *
   * @param streaming whether they run over streams, where what needs all rows is refused
   * @param problems gets all that is wrong with them
   */
  public static CompiledProject compile(
      Project project, Collection<String> queries, boolean streaming, Problems problems) {
    ProjectCompiler compiler = new ProjectCompiler(project, problems);
    return compiler.compile(queries, streaming);
  }

  /**
   * Compiles queries whose results are written, and those they read.
   *
   * @param streaming whether they run over streams, where what needs all rows is refused
   * @param problems gets all that is wrong with them and with what they write
   */
  public static CompiledProject compileToWrite(
      Project project, Collection<String> queries, boolean streaming, Problems problems) {
    ProjectCompiler compiler = new ProjectCompiler(project, problems);
    CompiledProject compiled = compiler.compile(queries, streaming);
    for (String name : queries) {
      QueryPlan plan = compiled.plans().get(name);
      if (plan != null) {
        compiler.checkOutput(name, plan, streaming);
      }
    }
    return compiled;
  }

  private void checkOutput(String name, QueryPlan plan, boolean streaming) {
    Query query = project.query(name);
    OutputPlaces places =
        OutputPlaces.of(
            parsed.getOrDefault(name, new ParsedFile(List.of())).statements(), query.place());
    OutputChecks.check(query, plan, places, streaming, problems);
  }

  /**
   * Checks every query in the way in which the project's pipelines run it: as a stream, in batch or
   * both. A query of no pipeline is checked in batch.
   *
   * @param problems gets all that is wrong
   * @return each query as its first pipeline runs it
   */
  public static CompiledProject check(Project project, Problems problems) {
    ProjectCompiler compiler = new ProjectCompiler(project, problems);
    Set<String> streaming = new LinkedHashSet<>();
    Set<String> batch = new LinkedHashSet<>(project.queries().keySet());
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      if (pipeline.mode() == PipelineDefinition.Mode.STREAMING) {
        streaming.addAll(pipeline.queries());
      }
    }
    batch.removeAll(streaming);
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      if (pipeline.mode() == PipelineDefinition.Mode.BATCH) {
        batch.addAll(pipeline.queries());
      }
    }
    CompiledProject streams = compiler.compile(streaming, true);
    CompiledProject batches = compiler.compile(batch, false);
    Map<String, QueryPlan> plans = new LinkedHashMap<>(streams.plans());
    batches.plans().forEach(plans::putIfAbsent);
    plans.forEach(
        (name, plan) -> compiler.checkOutput(name, plan, streams.plans().containsKey(name)));
    for (TestFile test : project.tests()) {
      QueryPlan plan = plans.get(test.query().value());
      if (plan != null) {
        TestChecks.check(test, plan, problems);
      }
    }
    return new CompiledProject(project, compiler.tables, plans, compiler.reads);
  }

  /**
   * Parses every query and no more: what they read is not known, since pipelines.yaml is broken.
   *
   * @param problems gets the mistakes in syntax
   */
  public static CompiledProject parse(Project project, Problems problems) {
    ProjectCompiler compiler = new ProjectCompiler(project, problems);
    return new CompiledProject(project, compiler.tables, Map.of(), compiler.reads);
  }

  /** The functions of queries/lib; what is wrong with the files is reported. */
  public static List<SqlStatement.CreateFunction> sharedFunctions(
      Project project, Problems problems) {
    List<SqlStatement.CreateFunction> functions = new ArrayList<>();
    for (QueryFile file : project.functionFiles()) {
      for (SqlStatement statement :
          SqlParser.parse(file.path(), file.text(), problems).statements()) {
        if (statement instanceof SqlStatement.CreateFunction function) {
          functions.add(function);
        } else {
          problems.add(
              Diagnostic.error(
                  DiagnosticCode.SQL_INVALID,
                  statement.place(),
                  "a file of queries/lib holds CREATE FUNCTION alone",
                  "a query is a file of its own in queries/"));
        }
      }
    }
    return functions;
  }

  /** Parses all files at once and finds which query reads which. */
  private void parse() {
    Map<String, Problems> found = new ConcurrentHashMap<>();
    Map<String, ParsedFile> files = new ConcurrentHashMap<>();
    project.queries().values().parallelStream()
        .forEach(
            query -> {
              Problems own = new Problems();
              files.put(
                  query.name(), SqlParser.parse(query.file().path(), query.file().text(), own));
              found.put(query.name(), own);
            });
    for (String name : project.queries().keySet()) {
      ParsedFile file = files.getOrDefault(name, new ParsedFile(List.of()));
      parsed.put(name, file);
      problems.addAll(found.getOrDefault(name, new Problems()).sorted());
      Map<String, Place> named = TableReferences.of(file.statements());
      references.put(name, named);
      Set<String> queries = new LinkedHashSet<>(named.keySet());
      queries.retainAll(project.queries().keySet());
      reads.put(name, queries);
    }
  }

  private CompiledProject compile(Collection<String> queries, boolean streaming) {
    Set<String> broken = new LinkedHashSet<>(project.broken());
    List<String> order = order(queries, broken);
    Map<String, CompletableFuture<Optional<QueryPlan>>> futures = new LinkedHashMap<>();
    Map<String, Problems> found = new ConcurrentHashMap<>();
    for (String name : order) {
      List<CompletableFuture<Optional<QueryPlan>>> needed =
          reads.getOrDefault(name, Set.of()).stream()
              .map(
                  other ->
                      futures.getOrDefault(
                          other, CompletableFuture.completedFuture(Optional.empty())))
              .toList();
      futures.put(
          name,
          CompletableFuture.allOf(needed.toArray(CompletableFuture[]::new))
              .thenApplyAsync(
                  done -> {
                    Problems own = new Problems();
                    found.put(name, own);
                    Map<String, QueryPlan> inputs = new HashMap<>();
                    for (CompletableFuture<Optional<QueryPlan>> input : needed) {
                      input.join().ifPresent(plan -> inputs.put(plan.name(), plan));
                    }
                    // What is wrong with another query or source is said there, not again here.
                    boolean ready =
                        inputs.size() == needed.size()
                            && references.getOrDefault(name, Map.of()).keySet().stream()
                                .noneMatch(broken::contains);
                    return ready
                        ? compile(project.query(name), inputs, streaming, own)
                        : Optional.<QueryPlan>empty();
                  }));
    }
    Map<String, QueryPlan> plans = new LinkedHashMap<>();
    for (String name : order) {
      CompletableFuture<Optional<QueryPlan>> future = futures.get(name);
      if (future != null) {
        future.join().ifPresent(plan -> plans.put(name, plan));
        problems.addAll(found.getOrDefault(name, new Problems()).sorted());
      }
    }
    return new CompiledProject(project, tables, plans, reads);
  }

  private Optional<QueryPlan> compile(
      Query query, Map<String, QueryPlan> inputs, boolean streaming, Problems own) {
    SqlContext context =
        SqlContext.of(streaming ? streams() : tables)
            .withQueries(inputs)
            .withFunctions(sharedFunctions)
            .withParameters(parameters(query, own))
            .withStreaming(streaming);
    Problems found = new Problems();
    WindowChoice choice = query.windowing().window();
    Optional<QueryPlan> plan;
    if (choice == null) {
      plan = compile(query, context, found);
    } else {
      plan = compile(query, context.withWindowing(window(choice), choice.place()), found);
      if (query.windowing().inherited() && hasConflict(found)) {
        // A window of the defaults is for queries that name none.
        found = new Problems();
        plan = compile(query, context, found);
      }
    }
    found.sorted().forEach(diagnostic -> own.add(withTables(query.name(), diagnostic)));
    return own.hasErrors() ? Optional.empty() : plan;
  }

  /** The tables as a streaming pipeline reads them: what has an event time is a stream. */
  private Map<String, Table> streams() {
    Map<String, Table> streams = new LinkedHashMap<>(tables);
    for (Source source : project.sources().values()) {
      if (source.streams()) {
        streams.computeIfPresent(
            source.name(),
            (name, table) ->
                new Table(name, table.schema(), table.eventTime(), /* bounded= */ false));
      }
    }
    return streams;
  }

  private static Optional<QueryPlan> compile(Query query, SqlContext context, Problems found) {
    return SqlCompiler.compile(
        query.name(), query.file().path(), query.file().text(), context, found);
  }

  private static boolean hasConflict(Problems found) {
    return found.sorted().stream().anyMatch(d -> d.code() == DiagnosticCode.WINDOW_CONFLICT);
  }

  /** The nearest name among all tables and queries, not only those that the query reads. */
  private Diagnostic withTables(String query, Diagnostic diagnostic) {
    if (diagnostic.code() != DiagnosticCode.SQL_UNKNOWN_TABLE) {
      return diagnostic;
    }
    Set<String> known = new TreeSet<>(tables.keySet());
    known.addAll(project.queries().keySet());
    known.remove(query);
    return references.getOrDefault(query, Map.of()).entrySet().stream()
        .filter(reference -> reference.getValue().equals(diagnostic.place()))
        .findFirst()
        .flatMap(reference -> NearestName.of(reference.getKey(), known))
        .map(
            near ->
                Diagnostic.error(
                    diagnostic.code(),
                    diagnostic.place(),
                    diagnostic.message(),
                    "did you mean " + near + "?"))
        .orElse(diagnostic);
  }

  private Map<String, Expression.Literal> parameters(Query query, Problems own) {
    return literals(query.parameters().values(), own);
  }

  /** The values of parameters, by name; what is wrong with them is reported. */
  public static Map<String, Expression.Literal> literals(
      Collection<ParameterValue> parameters, Problems problems) {
    Map<String, Expression.Literal> literals = new LinkedHashMap<>();
    for (ParameterValue parameter : parameters) {
      Expression.Literal literal = ParameterLiterals.of(parameter, problems);
      if (literal != null) {
        literals.put(parameter.name().toLowerCase(java.util.Locale.ROOT), literal);
      }
    }
    return literals;
  }

  /** The window that YAML names, as plans know it. */
  public static WindowSpec window(WindowChoice choice) {
    if (choice instanceof Windowing.Fixed fixed) {
      return new WindowSpec.Tumble(micros(fixed.size()), micros(fixed.offset()));
    }
    if (choice instanceof Windowing.Sliding sliding) {
      return new WindowSpec.Hop(
          micros(sliding.period()), micros(sliding.size()), micros(sliding.offset()));
    }
    if (choice instanceof Windowing.Sessions sessions) {
      return new WindowSpec.Session(micros(sessions.gap()));
    }
    return new WindowSpec.Global();
  }

  private static long micros(Duration duration) {
    return Math.multiplyExact(duration.toMillis(), 1000L);
  }

  /**
   * The queries and those they read, each after its inputs.
   *
   * @param broken gets those that read themselves, which is reported
   */
  private List<String> order(Collection<String> queries, Set<String> broken) {
    Set<String> done = new LinkedHashSet<>();
    for (String query : queries) {
      visit(query, new ArrayList<>(), done, broken);
    }
    done.removeAll(broken);
    return List.copyOf(done);
  }

  private void visit(String query, List<String> path, Set<String> done, Set<String> broken) {
    if (done.contains(query) || !reads.containsKey(query)) {
      return;
    }
    int start = path.indexOf(query);
    if (start >= 0) {
      List<String> cycle = path.subList(start, path.size());
      reportCycle(cycle);
      broken.addAll(cycle);
      return;
    }
    path.add(query);
    for (String input : reads.getOrDefault(query, Set.of())) {
      visit(input, path, done, broken);
    }
    path.remove(path.size() - 1);
    done.add(query);
  }

  /** Says it once, in the query that is first by name, whichever was visited first. */
  private void reportCycle(List<String> cycle) {
    int first = cycle.indexOf(cycle.stream().sorted().findFirst().orElseThrow());
    List<String> turned = new ArrayList<>(cycle.subList(first, cycle.size()));
    turned.addAll(cycle.subList(0, first));
    String query = turned.get(0);
    String next = turned.get(1 % turned.size());
    @Nullable Place place = references.getOrDefault(query, Map.of()).get(next);
    String shown = turned.stream().collect(Collectors.joining(" reads ")) + " reads " + query;
    problems.add(
        Diagnostic.error(
            DiagnosticCode.QUERY_CYCLE,
            place != null ? place : project.query(query).place(),
            turned.size() == 1
                ? "the query " + query + " reads itself"
                : "queries cannot read each other in a circle: " + shown,
            "read the source in one of them"));
  }
}
