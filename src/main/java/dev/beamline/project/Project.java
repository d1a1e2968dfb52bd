package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A project as its user wrote it. Maps keep the order of the file; queries are by name.
 *
 * @param folder absolute; paths of records are relative to it
 * @param broken names of sources and queries that are there but could not be read: their mistakes
 *     are reported, and what depends on them is not worth checking
 * @param targets always has {@code local}
 */
public record Project(
    Path folder,
    String name,
    Map<String, Source> sources,
    Map<String, Query> queries,
    List<QueryFile> functionFiles,
    Map<String, PipelineDefinition> pipelines,
    Map<String, Target> targets,
    List<TestFile> tests,
    java.util.Set<String> broken) {

  /** The file that makes a folder a project. */
  public static final String FILE = "pipelines.yaml";

  /** The target that is taken when none is named. */
  public static final String LOCAL = "local";

  public Project {
    sources = ordered(sources);
    queries = ordered(queries);
    functionFiles = List.copyOf(functionFiles);
    pipelines = ordered(pipelines);
    targets = ordered(targets);
    tests = List.copyOf(tests);
    broken = java.util.Set.copyOf(broken);
  }

  /** The same with other sources. */
  public Project withSources(Map<String, Source> others) {
    return new Project(
        folder, name, others, queries, functionFiles, pipelines, targets, tests, broken);
  }

  /** The same with other queries. */
  public Project withQueries(Map<String, Query> others) {
    return new Project(
        folder, name, sources, others, functionFiles, pipelines, targets, tests, broken);
  }

  /**
   * @param name null: {@code local}
   * @throws InvalidProjectException where there is none of that name
   */
  public Target target(@Nullable String name) {
    String wanted = name == null ? LOCAL : name;
    Target target = targets.get(wanted);
    if (target == null) {
      throw unknown(DiagnosticCode.UNKNOWN_TARGET, "target", wanted, targets);
    }
    return target;
  }

  /**
   * @param name null: the one with {@code default: true}, else the first
   * @throws InvalidProjectException where there is none of that name
   */
  public PipelineDefinition pipeline(@Nullable String name) {
    if (name == null) {
      return pipelines.values().stream()
          .filter(PipelineDefinition::isDefault)
          .findFirst()
          .orElseGet(() -> pipelines.values().iterator().next());
    }
    PipelineDefinition pipeline = pipelines.get(name);
    if (pipeline == null) {
      throw unknown(DiagnosticCode.UNKNOWN_PIPELINE, "pipeline", name, pipelines);
    }
    return pipeline;
  }

  /**
   * @throws InvalidProjectException where there is none of that name
   */
  public Query query(String name) {
    Query query = queries.get(name);
    if (query == null) {
      throw unknown(DiagnosticCode.UNKNOWN_QUERY, "query", name, queries);
    }
    return query;
  }

  /** A path of a record on this machine's disk. */
  public Path resolve(String path) {
    return folder.resolve(path).normalize();
  }

  /** Whether a path names another system, such as {@code gs://bucket/object}. */
  public static boolean isRemote(String path) {
    return path.contains("://");
  }

  private static InvalidProjectException unknown(
      DiagnosticCode code, String kind, String name, Map<String, ?> known) {
    return new InvalidProjectException(
        Diagnostic.error(
            code,
            Place.ofFile(FILE),
            "there is no " + kind + " \"" + name + "\"",
            Hints.allowed(NearestName.of(name, known.keySet()).orElse(null), known.keySet())));
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
