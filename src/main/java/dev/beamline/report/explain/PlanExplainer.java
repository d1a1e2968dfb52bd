package dev.beamline.report.explain;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.pipeline.run.CopyMemory;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.ExpressionText;
import dev.beamline.plan.Lineage;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Durations;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.project.Windowing;
import dev.beamline.report.explain.Explanation.Estimate;
import dev.beamline.report.explain.Explanation.Fact;
import dev.beamline.report.explain.Explanation.Output;
import dev.beamline.report.explain.Explanation.Step;
import dev.beamline.report.explain.Explanation.Totals;
import dev.beamline.sql.CompiledProject;
import dev.beamline.transform.window.TimeGrid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains how a query of a project is computed, and measures it on the samples. */
public final class PlanExplainer {

  private final CompiledProject compiled;
  private final Project project;
  private final Query query;
  private final QueryPlan plan;
  private final boolean streaming;
  private final Windowing windowing;
  private final @Nullable SampleStatistics statistics;
  private final @Nullable Double days;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Plan, Integer> done = new HashMap<>();
  private final Map<String, List<Plan.Scan>> scans = new LinkedHashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();
  private final ExplainWarnings warnings;

  private PlanExplainer(
      CompiledProject compiled, Query query, QueryPlan plan, @Nullable SourceRows samples) {
    this.compiled = compiled;
    this.project = compiled.project();
    this.query = query;
    this.plan = plan;
    this.windowing = query.windowing();
    this.streaming =
        pipelines().stream().anyMatch(pipeline -> pipeline.mode() == Mode.STREAMING)
            && !PlanTraits.of(plan.plan()).bounded();
    SampleStatistics measured = samples == null ? null : new SampleStatistics(samples);
    Double length = null;
    if (measured != null) {
      try {
        length = measured.days(plan.plan()).orElse(null);
      } catch (InvalidProjectException e) {
        // A source has no sample: the plan is explained without estimates.
        measured = null;
      }
    }
    statistics = measured;
    days = length;
    warnings = new ExplainWarnings(query, streaming);
  }

  /**
   * Explains.
   *
   * @param samples rows of the sources, to estimate by; null: no estimates
   */
  public static Explanation explain(
      CompiledProject compiled, String query, @Nullable SourceRows samples) {
    QueryPlan plan = compiled.plan(query);
    return new PlanExplainer(compiled, compiled.project().query(query), plan, samples).explain();
  }

  private Explanation explain() {
    Plans.forEach(
        plan.plan(),
        node -> {
          if (node instanceof Plan.Scan scan) {
            scans.computeIfAbsent(scan.source(), name -> new ArrayList<>()).add(scan);
          }
        });
    step(plan.plan());
    Output output = output();
    Totals totals = totals();
    if (totals != null) {
      warnings.ofTotals(totals);
    }
    return new Explanation(
        query.name(),
        query.description(),
        query.owner(),
        streaming ? "streaming" : "batch",
        pipelines().stream()
            .map(p -> p.name() + " (" + p.mode().name().toLowerCase(Locale.ROOT) + ")")
            .toList(),
        readers(),
        steps,
        output,
        statistics != null,
        totals,
        warnings.found());
  }

  private List<PipelineDefinition> pipelines() {
    return project.pipelines().values().stream()
        .filter(pipeline -> pipeline.queries().contains(query.name()))
        .toList();
  }

  private List<String> readers() {
    return compiled.reads().entrySet().stream()
        .filter(entry -> entry.getValue().contains(query.name()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private @Nullable Totals totals() {
    if (statistics == null || days == null) {
      return null;
    }
    double read = 0;
    double shuffled = 0;
    double state = 0;
    for (Step step : steps) {
      Estimate estimate = step.estimate();
      if (estimate != null) {
        boolean input = step.kind().equals("read") || step.kind().equals("result");
        read += input && estimate.perDay() ? estimate.rows() : 0;
        shuffled += estimate.shuffleBytes();
        state += estimate.stateBytes();
      }
    }
    Estimate last = steps.get(steps.size() - 1).estimate();
    return new Totals(read, last == null ? 0 : last.rows(), shuffled, state);
  }

  /** The step of an operator, made once. */
  private int step(Plan node) {
    Integer known = done.get(node);
    if (known != null) {
      return known;
    }
    int id = make(node);
    done.put(node, id);
    return id;
  }

  private int make(Plan node) {
    if (node instanceof Plan.Scan scan) {
      return scan(scan);
    } else if (node instanceof Plan.QueryResult result) {
      return add(
          List.of(),
          "result",
          "of the query " + result.query(),
          List.of(
              new Fact("shared", "computed once in a pipeline, for all its readers"),
              new Fact("more", "beamline explain " + result.query())),
          rowsOf(result));
    } else if (node instanceof Plan.Calc calc) {
      return calc(calc);
    } else if (node instanceof Plan.AssignWindows assign) {
      return window(assign);
    } else if (node instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (node instanceof Plan.Join join) {
      return join(join);
    } else if (node instanceof Plan.Limit limit) {
      return collected(limit, "top", ColumnNames.line(limit).substring("Limit ".length()));
    } else if (node instanceof Plan.Analytic analytic) {
      return collected(
          analytic, "over", ColumnNames.line(analytic).substring("Analytic ".length()));
    } else if (node instanceof Plan.SetOperation set) {
      return collected(set, set.except() ? "except" : "intersect", "rows of both inputs, whole");
    } else if (node instanceof Plan.Union union) {
      return add(inputs(union), "union", "all rows of the inputs", List.of(), rowsOf(union));
    } else if (node instanceof Plan.Unnest unnest) {
      return add(
          inputs(unnest),
          "unnest",
          ColumnNames.line(unnest).substring("Unnest ".length()),
          List.of(new Fact("where", "within the row, before anything is sent")),
          rowsOf(unnest));
    } else if (node instanceof Plan.Sort sort) {
      return step(sort.input());
    } else if (node instanceof Plan.ConstantRows rows) {
      return add(List.of(), "values", rows.rows().size() + " constant rows", List.of(), null);
    }
    return add(
        inputs(node), "value", "of a subquery, at hand for each row", List.of(), rowsOf(node));
  }

  private int add(
      List<Integer> inputs,
      String kind,
      String what,
      List<Fact> facts,
      @Nullable Estimate estimate) {
    int id = steps.size() + 1;
    steps.add(new Step(id, inputs, kind, what, facts, estimate));
    return id;
  }

  private List<Integer> inputs(Plan node) {
    return node.inputs().stream().map(this::step).toList();
  }

  /**
   * A source is read once, whoever reads it; where its readers filter differently, each for itself.
   */
  private int scan(Plan.Scan scan) {
    List<Plan.Scan> all = scans.getOrDefault(scan.source(), List.of(scan));
    boolean same =
        all.stream()
            .allMatch(
                other ->
                    Objects.equals(other.filter(), scan.filter())
                        && other.schema().equals(scan.schema()));
    Integer read = reads.get(scan.source());
    if (read == null) {
      read = read(scan, all, same);
      reads.put(scan.source(), read);
    }
    Expression filter = scan.filter();
    return same || filter == null
        ? read
        : add(
            List.of(read),
            "filter",
            ExpressionText.of(filter, scan.schema()),
            List.of(new Fact("where", "while decoding, before anything is sent")),
            rowsOf(scan));
  }

  private int read(Plan.Scan scan, List<Plan.Scan> all, boolean same) {
    List<Fact> facts = new ArrayList<>();
    Source source = project.sources().get(scan.source());
    Set<String> shared = sharedWith(scan.source());
    facts.add(
        new Fact(
            "shared",
            shared.isEmpty()
                ? "read and decoded for this query alone"
                : "read and decoded once, also for " + some(shared)));
    Set<String> columns = new TreeSet<>();
    all.forEach(one -> columns.addAll(one.schema().names()));
    facts.add(
        new Fact(
            "decoded",
            (columns.isEmpty() ? "none, rows are only counted" : String.join(", ", columns))
                + (source == null
                    ? ""
                    : " (" + columns.size() + " of " + source.columns().size() + " columns)")));
    Expression filter = scan.filter();
    if (filter != null && same) {
      facts.add(new Fact("only if", ExpressionText.of(filter, scan.schema())));
      facts.add(new Fact("", "checked while decoding, before anything else"));
    }
    String what = scan.source();
    if (source != null) {
      what += ", " + source.system().type();
      if (source.refresh() != null) {
        facts.add(new Fact("read again", "every " + Durations.format(source.refresh())));
      }
      if (source.deduplicate() != null) {
        facts.add(
            new Fact(
                "copies",
                "dropped by "
                    + source.deduplicate().by().stream()
                        .map(Located::value)
                        .collect(Collectors.joining(", "))
                    + " within "
                    + Durations.format(source.deduplicate().within())));
        if (streaming && !source.bounded()) {
          Duration memory = CopyMemory.of(List.of(plan), List.of(query));
          facts.add(
              new Fact(
                  "",
                  "each is remembered for "
                      + Words.parts(memory.plus(source.deduplicate().within()))
                      + ", as long as a copy could count here"));
        }
      }
      if (source.eventTime() != null && streaming && !source.bounded()) {
        facts.add(
            new Fact(
                "watermark",
                "stays "
                    + Durations.format(source.watermark().maxOutOfOrderness())
                    + " behind the newest "
                    + source.eventTime().value()));
      }
      facts.add(new Fact("refused", "records go whole to " + source.errorTable()));
    }
    Plan.Scan whole =
        new Plan.Scan(scan.source(), scan.schema(), scan.eventTime(), scan.bounded(), null);
    return add(List.of(), "read", what, facts, rowsOf(same ? scan : whole));
  }

  /** Queries of the same pipelines that read the source themselves. */
  private Set<String> sharedWith(String source) {
    Set<String> shared = new TreeSet<>();
    for (PipelineDefinition pipeline : pipelines()) {
      for (String other : pipeline.queries()) {
        QueryPlan its = compiled.plans().get(other);
        if (its != null && !other.equals(query.name()) && scans(its.plan(), source)) {
          shared.add(other);
        }
      }
    }
    return shared;
  }

  private static boolean scans(Plan node, String source) {
    return node instanceof Plan.Scan scan
        ? scan.source().equals(source)
        : !(node instanceof Plan.QueryResult)
            && node.inputs().stream().anyMatch(input -> scans(input, source));
  }

  private static String some(Set<String> names) {
    return names.size() <= 4
        ? String.join(", ", names)
        : names.stream().limit(3).collect(Collectors.joining(", "))
            + " and "
            + (names.size() - 3)
            + " more";
  }

  private int calc(Plan.Calc calc) {
    Schema row = ColumnNames.of(calc.input());
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < calc.projections().size(); i++) {
      if (!(calc.projections().get(i) instanceof Expression.InputColumn)) {
        String name = calc.schema().name(i);
        facts.add(
            new Fact(
                name.isEmpty() ? "_" : name, ExpressionText.of(calc.projections().get(i), row)));
      }
    }
    Expression condition = calc.condition();
    int input = step(calc.input());
    if (condition == null && facts.isEmpty()) {
      return input;
    }
    return add(
        List.of(input),
        condition == null ? "compute" : "filter",
        condition == null
            ? facts.stream().map(Fact::name).collect(Collectors.joining(", "))
            : ExpressionText.of(condition, row),
        facts,
        rowsOf(calc));
  }

  private int window(Plan.AssignWindows assign) {
    Schema row = ColumnNames.of(assign.input());
    long fanOut = SampleStatistics.fanOut(assign.window());
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            "fan-out",
            assign.window() instanceof WindowSpec.Session
                ? "each row in one session"
                : "each row in "
                    + (assign.window() instanceof WindowSpec.Cumulate ? "up to " : "")
                    + Words.count(fanOut, "window")));
    warnings.ofWindow(assign.window(), fanOut, windowing);
    return add(
        List.of(step(assign.input())),
        "window",
        PlanText.window(assign.window(), name(assign.timeColumn(), row)),
        facts,
        null);
  }

  private int aggregate(Plan.Aggregate aggregate) {
    List<Fact> facts = new ArrayList<>();
    Schema row = ColumnNames.of(aggregate.input());
    Plan.AssignWindows assign = assigned(aggregate.input());
    boolean open = !PlanTraits.of(aggregate).bounded() && streaming;
    PlanTraits traits = PlanTraits.of(aggregate.input());
    List<String> keys =
        aggregate.keys().stream()
            .filter(k -> !traits.starts().contains(k) && !traits.ends().contains(k))
            .map(k -> name(k, row))
            .toList();
    for (AggregateCall call : aggregate.calls()) {
      String grows = Accumulators.grows(call);
      facts.add(
          new Fact("computes", PlanText.call(call, row) + (grows == null ? "" : "  " + grows)));
      warnings.ofCall(call, open);
    }
    if (aggregate.groupingSets().size() > 1) {
      facts.add(new Fact("sets", aggregate.groupingSets().size() + " grouping sets in one pass"));
    }
    boolean second = assign == null && traits.windowed() && !traits.assigned();
    if (assign != null && !(assign.window() instanceof WindowSpec.Global)) {
      facts.add(new Fact("sent as", sent(assign.window(), keys)));
    } else if (second) {
      facts.add(
          new Fact(
              "sent as",
              "rows of the inner result; of each inner key and window the newest"
                  + " counts, in place of the older"));
    } else {
      facts.add(new Fact("sent as", "sums by " + listed(keys) + ", made before sending"));
    }
    WindowSpec window = traits.window();
    if (open) {
      facts.add(new Fact("kept", kept(window)));
    }
    int input = step(aggregate.input());
    Estimate estimate = estimate(aggregate, assign, window, open);
    String windowed = traits.windowed() ? (keys.isEmpty() ? "window" : " and window") : "";
    String by = (keys.isEmpty() ? "" : String.join(", ", keys)) + windowed;
    return add(
        List.of(input), "group", by.isEmpty() ? "all rows together" : "by " + by, facts, estimate);
  }

  private static String sent(WindowSpec window, List<String> keys) {
    if (window instanceof WindowSpec.Session) {
      return "sums by " + listed(keys) + " of rows that are close, made before sending";
    }
    TimeGrid grid = TimeGrid.of(window);
    String slice = Words.duration(grid.slice());
    return "sums by "
        + (keys.isEmpty() ? "" : String.join(", ", keys) + " and ")
        + (grid.slicesAreWindows()
            ? "window"
            : "slice of " + slice + ", put into windows after they arrive")
        + ", made before sending";
  }

  private static String listed(List<String> keys) {
    return keys.isEmpty() ? "nothing" : String.join(", ", keys);
  }

  private static Plan.@Nullable AssignWindows assigned(Plan input) {
    if (input instanceof Plan.AssignWindows assign) {
      return assign;
    }
    return null;
  }

  private String kept(@Nullable WindowSpec window) {
    if (window == null || window instanceof WindowSpec.Global) {
      return "for ever: one window for all time";
    }
    String length =
        window instanceof WindowSpec.Session session
            ? Words.duration(session.gap()) + " after a session's last row"
            : "until a window of " + Words.duration(window.length()) + " ends";
    Duration late = windowing.allowedLateness();
    return late.isZero()
        ? length + ", no late rows"
        : length + ", and " + Durations.format(late) + " longer for late rows";
  }

  /** How long a sum is kept in a stream, in days; -1: for ever. */
  private double keptDays(@Nullable WindowSpec window) {
    return window == null || window instanceof WindowSpec.Global
        ? -1
        : (window.length() + windowing.allowedLateness().toNanos() / 1000.0) / 86_400e6;
  }

  private @Nullable Estimate estimate(
      Plan.Aggregate aggregate,
      Plan.@Nullable AssignWindows assign,
      @Nullable WindowSpec window,
      boolean open) {
    if (statistics == null) {
      return null;
    }
    Plan input = assign == null ? aggregate.input() : assign.input();
    Optional<List<Tuple>> rows = statistics.rows(input);
    if (rows.isEmpty()) {
      return null;
    }
    SampleStatistics.Sums sums =
        assign == null
            ? statistics.grouped(aggregate, rows.get())
            : statistics.sliced(aggregate, assign, rows.get());
    warnings.ofKeys(sums, aggregate);
    double scale = days == null ? 1 : 1 / days;
    double sent = open || assign == null ? sums.partials() : sums.groups();
    double bytes = open || assign == null ? sums.partialBytes() : sums.groupBytes();
    double keptFor = keptDays(window);
    boolean grows = open && keptFor < 0;
    double state =
        !open ? 0 : grows ? sums.groupBytes() * scale : sums.groupBytes() * scale * keptFor;
    return new Estimate(
        statistics.rows(aggregate).map(all -> (double) all.size()).orElse(sums.results()) * scale,
        days != null,
        sent * scale,
        bytes * scale,
        state,
        grows);
  }

  private int join(Plan.Join join) {
    boolean left = PlanTraits.of(join.left()).bounded();
    boolean right = PlanTraits.of(join.right()).bounded();
    List<Fact> facts = new ArrayList<>();
    boolean lookup = streaming && left != right;
    if (lookup) {
      facts.add(
          new Fact(
              "how", "the bounded side is at hand for each row of the stream: nothing is sent"));
    } else {
      facts.add(new Fact("sent as", "rows of both sides, to where their keys meet"));
      if (streaming && !left) {
        facts.add(new Fact("kept", kept(PlanTraits.of(join.left()).window())));
      }
    }
    if (join.leftKeys().isEmpty()) {
      warnings.crossJoin();
    }
    List<Integer> inputs = inputs(join);
    Estimate estimate = rowsOf(join);
    if (estimate != null && !lookup) {
      estimate = sentRows(estimate, join, List.of(join.left(), join.right()));
    }
    return add(
        inputs,
        "join",
        join.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + " "
            + ColumnNames.line(join).replaceFirst("^Join \\S+ ", ""),
        facts,
        estimate);
  }

  /** An operator whose rows go to where their partition is. */
  private int collected(Plan node, String kind, String what) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("sent as", "rows"));
    PlanTraits traits = PlanTraits.of(node);
    if (streaming && !traits.bounded()) {
      facts.add(new Fact("kept", kept(traits.window())));
    }
    List<Integer> inputs = inputs(node);
    Estimate estimate = rowsOf(node);
    return add(
        inputs,
        kind,
        what,
        facts,
        estimate == null ? null : sentRows(estimate, node, node.inputs()));
  }

  private Estimate sentRows(Estimate estimate, Plan node, List<Plan> inputs) {
    SampleStatistics measured = Objects.requireNonNull(statistics);
    double scale = days == null ? 1 : 1 / days;
    double count = 0;
    double bytes = 0;
    for (Plan input : inputs) {
      List<Tuple> rows = measured.rows(input).orElse(List.of());
      count += rows.size();
      bytes += SampleStatistics.bytes(input.schema(), rows);
    }
    PlanTraits traits = PlanTraits.of(node);
    boolean open = streaming && !traits.bounded();
    double keptFor = keptDays(traits.window());
    return new Estimate(
        estimate.rows(),
        estimate.perDay(),
        count * scale,
        bytes * scale,
        !open ? 0 : bytes * scale * Math.abs(keptFor),
        open && keptFor < 0);
  }

  private @Nullable Estimate rowsOf(Plan node) {
    if (statistics == null) {
      return null;
    }
    Optional<List<Tuple>> rows = statistics.rows(node);
    if (rows.isEmpty()) {
      return null;
    }
    boolean perDay = days != null && timed(node);
    return new Estimate(
        perDay && days != null ? rows.get().size() / days : rows.get().size(),
        perDay,
        0,
        0,
        0,
        false);
  }

  /** Whether its rows come with time: a table without an event time stays as it is. */
  private static boolean timed(Plan node) {
    return node instanceof Plan.Scan scan
        ? scan.eventTime() >= 0 || !scan.bounded()
        : node.inputs().stream().anyMatch(PlanExplainer::timed);
  }

  private Output output() {
    Sink sink = query.sink();
    boolean upsert = query.upserts(!plan.key().isEmpty());
    List<Fact> facts = new ArrayList<>();
    if (plan.window() != null && streaming) {
      facts.add(new Fact("panes", Words.panes(windowing)));
    }
    facts.add(
        new Fact(
            "columns",
            Lineage.used(plan.plan()).size() + " columns of sources make " + plan.schema().size()));
    warnings.ofWindowing(plan, windowing, streaming ? lateBy() : null);
    return new Output(
        sink.type(),
        sink instanceof Sink.BigQuery table ? table.qualifiedName() : sink.table(),
        upsert ? "upsert" : "append",
        upsert ? plan.key().stream().map(i -> plan.schema().name(i)).toList() : List.of(),
        facts);
  }

  /** The longest out-of-orderness of the sources. */
  private Duration lateBy() {
    return project.sources().values().stream()
        .filter(source -> scans(plan.plan(), source.name()))
        .map(source -> source.watermark().maxOutOfOrderness())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static String name(int column, Schema row) {
    return ExpressionText.of(new Expression.InputColumn(column, row.type(column)), row);
  }
}
