package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.NamedShape.NameRule;
import dev.beamline.project.NamedShape.Named;
import dev.beamline.project.Query.Freshness;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file pipelines.yaml as it is written, before queries meet their defaults.
 *
 * @param name of the project; null: its folder's
 */
record PipelinesFile(
    @Nullable String name,
    Defaults defaults,
    Named<Source> sources,
    Named<QueryEntry> queries,
    Named<Pipeline> pipelines,
    Named<Target> targets) {

  /** What every query gets that does not say otherwise. */
  record Defaults(
      @Nullable YamlNode sink,
      @Nullable YamlNode windowing,
      @Nullable String owner,
      @Nullable Freshness freshness,
      Map<String, ParameterValue> parameters) {
    static final Defaults NONE = new Defaults(null, null, null, null, Map.of());
  }

  /** What is said of one query. */
  record QueryEntry(
      @Nullable String description,
      @Nullable String owner,
      @Nullable YamlNode windowing,
      @Nullable YamlNode sink,
      @Nullable Freshness freshness,
      @Nullable Chart chart,
      Map<String, Located<String>> columns,
      Map<String, ParameterValue> parameters) {}

  /** A pipeline, its patterns not yet matched. */
  record Pipeline(
      Located<String> name,
      @Nullable String description,
      PipelineDefinition.@Nullable Mode mode,
      List<Located<String>> queries,
      boolean isDefault) {}

  private static final Key<YamlNode> SINK =
      Key.of("sink", Shapes.deferred(SinkShapes.SINK), "Where the rows go.");
  private static final Key<YamlNode> WINDOWING =
      Key.of(
          "windowing",
          Shapes.deferred(WindowingShapes.WINDOWING),
          "Lateness, triggers, and the window where the SQL names none.");
  private static final Key<String> OWNER = Key.of("owner", Shapes.text(), "Whom to ask.");
  private static final Key<String> DESCRIPTION =
      Key.of("description", Shapes.anyText(), "What it means.");
  private static final Key<Map<String, ParameterValue>> PARAMETERS =
      Key.of("parameters", ParameterShapes.PARAMETERS, "Values of @name in the SQL.");

  private static final Key<Duration> WARN_AFTER =
      Key.of("warn_after", Shapes.positiveDuration(), "Warn when the newest window is older.");
  private static final Key<Duration> ERROR_AFTER =
      Key.of("error_after", Shapes.positiveDuration(), "Fail when the newest window is older.");
  private static final Key<Freshness> FRESHNESS =
      Key.of(
          "freshness",
          new ObjectShape<>(
              "freshness",
              "How old the newest window may be.",
              List.of(WARN_AFTER, ERROR_AFTER),
              PipelinesFile::freshness),
          "How old the newest window may be.");

  private static final Key<Chart> CHART =
      Key.of("chart", ChartShapes.CHART, "How the dashboard draws it. Default: by the columns.");
  private static final Key<Named<String>> COLUMNS =
      Key.of(
          "columns",
          new NamedShape<>("column", NameRule.ANY, Shapes.text()),
          "What the result's columns mean, by their names.");

  private static final ObjectShape<Defaults> DEFAULTS_SHAPE =
      new ObjectShape<>(
          "defaults",
          "What every query gets that does not say otherwise.",
          List.of(SINK, WINDOWING, OWNER, FRESHNESS, PARAMETERS),
          f ->
              new Defaults(
                  f.get(SINK),
                  f.get(WINDOWING),
                  f.get(OWNER),
                  f.get(FRESHNESS),
                  f.or(PARAMETERS, Map.of())));

  private static final ObjectShape<QueryEntry> QUERY_SHAPE =
      new ObjectShape<>(
          "a query",
          "What is different for one query.",
          List.of(DESCRIPTION, OWNER, WINDOWING, SINK, FRESHNESS, CHART, COLUMNS, PARAMETERS),
          f ->
              new QueryEntry(
                  f.get(DESCRIPTION),
                  f.get(OWNER),
                  f.get(WINDOWING),
                  f.get(SINK),
                  f.get(FRESHNESS),
                  f.get(CHART),
                  described(f.or(COLUMNS, Named.none())),
                  f.or(PARAMETERS, Map.of())));

  private static final Key<PipelineDefinition.Mode> MODE =
      Key.of(
          "mode",
          Shapes.oneOf(PipelineDefinition.Mode.class),
          "Default: streaming where a source is a stream, else batch.");
  private static final Key<List<Located<String>>> PATTERNS =
      Key.required(
          "queries",
          Shapes.someOf(Shapes.locatedText()),
          "Names of queries; * stands for any letters and ? for one.");
  private static final Key<Boolean> DEFAULT =
      Key.of("default", Shapes.bool(), "Whether run takes it when none is named.");
  private static final ObjectShape<Pipeline> PIPELINE_SHAPE =
      new ObjectShape<>(
          "a pipeline",
          "Queries that run as one job.",
          List.of(DESCRIPTION, MODE, PATTERNS, DEFAULT),
          f ->
              new Pipeline(
                  f.owner(),
                  f.get(DESCRIPTION),
                  f.get(MODE),
                  f.need(PATTERNS),
                  f.or(DEFAULT, false)));

  private static final Key<Located<Long>> VERSION =
      Key.of("version", Shapes.locatedLong(1, 1), "The version of this format: 1.");
  private static final Key<Located<String>> PROJECT =
      Key.of(
          "project",
          Shapes.matching(
              NameRule.JOB.pattern(), "a name for a project", "allowed: " + NameRule.JOB.allowed()),
          "The project's name. Default: the folder's.");
  private static final Key<Defaults> DEFAULTS =
      Key.of("defaults", DEFAULTS_SHAPE, "What every query gets that does not say otherwise.");
  private static final Key<Named<Source>> SOURCES =
      Key.of(
          "sources",
          new NamedShape<>("source", NameRule.TABLE, SourceShapes.SOURCE),
          "Where events come from, by the name that SQL uses.");
  private static final Key<Named<QueryEntry>> QUERIES =
      Key.of(
          "queries",
          new NamedShape<>("query", NameRule.TABLE, QUERY_SHAPE),
          "Overrides for queries; a query without any needs no entry.");
  private static final Key<Named<Pipeline>> PIPELINES =
      Key.of(
          "pipelines",
          new NamedShape<>("pipeline", NameRule.JOB, PIPELINE_SHAPE),
          "Sets of queries that run as one job. Default: one with all queries.");
  private static final Key<Named<Target>> TARGETS =
      Key.of(
          "targets",
          new NamedShape<>("target", NameRule.JOB, TargetShapes.TARGET),
          "Where pipelines run. Default: local, in this process.");

  static final ObjectShape<PipelinesFile> SHAPE =
      new ObjectShape<>(
          "pipelines.yaml",
          "A Beamline project: sources, defaults, pipelines and targets.",
          List.of(VERSION, PROJECT, DEFAULTS, SOURCES, QUERIES, PIPELINES, TARGETS),
          PipelinesFile::of);

  static PipelinesFile empty() {
    return new PipelinesFile(
        null, Defaults.NONE, Named.none(), Named.none(), Named.none(), Named.none());
  }

  private static PipelinesFile of(Fields f) {
    Located<String> project = f.get(PROJECT);
    return new PipelinesFile(
        project == null ? null : project.value(),
        f.or(DEFAULTS, Defaults.NONE),
        f.or(SOURCES, Named.none()),
        f.or(QUERIES, Named.none()),
        f.or(PIPELINES, Named.none()),
        f.or(TARGETS, Named.none()));
  }

  /** What is said of each column, with the place of the column's name. */
  private static Map<String, Located<String>> described(Named<String> columns) {
    Map<String, Located<String>> described = new LinkedHashMap<>();
    columns
        .values()
        .forEach(
            (name, text) -> {
              Located<String> key = columns.keys().get(name);
              if (key != null) {
                described.put(name, new Located<>(text, key.place()));
              }
            });
    return described;
  }

  private static Freshness freshness(Fields f) {
    Duration warn = f.get(WARN_AFTER);
    Duration error = f.get(ERROR_AFTER);
    if (warn != null && error != null && warn.compareTo(error) > 0) {
      f.error(
          DiagnosticCode.CONFLICTING_SETTINGS,
          f.placeOf(WARN_AFTER),
          "\"warn_after\" ("
              + Durations.format(warn)
              + ") is longer than \"error_after\" ("
              + Durations.format(error)
              + ")",
          "warn before it is an error");
    }
    return new Freshness(warn, error);
  }
}
