package dev.beamline.deploy.manifest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline, as far as a deployment of it can differ from another.
 *
 * @param format of this record; {@value #FORMAT}
 * @param project the project's name
 * @param target where it is deployed
 * @param mode {@code streaming} or {@code batch}
 * @param beamline the version that compiled it
 * @param stateFormat the version of the coders of state; state of another one cannot be read
 * @param settings of the target that a job is started with
 * @param queries by name: those that are written and those that they read
 * @param sources by name
 * @param hash of all of the above, in hexadecimal
 * @param commit of the project's version control; null: not known
 * @param created when it was compiled, RFC 3339
 * @param since since when a pipeline of this name has run, RFC 3339; null: not yet
 * @param history what the tables hold, by query: the earliest window's start and the last one's end
 */
public record Manifest(
    int format,
    String project,
    String pipeline,
    String target,
    String mode,
    String beamline,
    int stateFormat,
    Map<String, String> settings,
    Map<String, QueryManifest> queries,
    Map<String, SourceManifest> sources,
    String hash,
    @Nullable String commit,
    String created,
    @Nullable String since,
    Map<String, TimeRange> history) {

  public static final int FORMAT = 1;

  public Manifest {
    settings = sorted(settings);
    queries = sorted(queries);
    sources = sorted(sources);
    history = sorted(history);
  }

  public boolean streaming() {
    return mode.equals("streaming");
  }

  /** As labels have it: the first 16 digits of the hash. */
  public String shortHash() {
    return hash.substring(0, 16);
  }

  public Manifest withSince(@Nullable String newSince) {
    return with(queries, newSince, history);
  }

  public Manifest withHistory(Map<String, TimeRange> newHistory) {
    return with(queries, since, newHistory);
  }

  /** The same with these queries alone, under the hash of all. */
  public Manifest withQueries(Map<String, QueryManifest> newQueries) {
    return with(newQueries, since, history);
  }

  private Manifest with(
      Map<String, QueryManifest> newQueries,
      @Nullable String newSince,
      Map<String, TimeRange> newHistory) {
    return new Manifest(
        format,
        project,
        pipeline,
        target,
        mode,
        beamline,
        stateFormat,
        settings,
        newQueries,
        sources,
        hash,
        commit,
        created,
        newSince,
        newHistory);
  }

  private static <V> Map<String, V> sorted(@Nullable Map<String, V> map) {
    return Collections.unmodifiableMap(map == null ? new TreeMap<>() : new TreeMap<>(map));
  }
}
