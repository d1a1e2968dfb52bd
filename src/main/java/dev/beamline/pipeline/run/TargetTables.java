package dev.beamline.pipeline.run;

import dev.beamline.io.bigquery.BigQueryReader;
import dev.beamline.io.bigquery.TableId;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Target;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The tables of BigQuery that a target's queries write into. */
public final class TargetTables {

  private final PipelineOptions options;
  private final String project;
  private final Map<String, TableId> results;

  private TargetTables(PipelineOptions options, String project, Map<String, TableId> results) {
    this.options = options;
    this.project = project;
    this.results = Collections.unmodifiableMap(results);
  }

  /** Of a target; it has none where it has a warehouse, or where no query goes to BigQuery. */
  public static TargetTables of(Project project, Target target) {
    PipelineOptions options = TargetOptions.of(target);
    @Nullable String cloud = TargetOptions.project(target, options);
    Map<String, TableId> results = new TreeMap<>();
    if (target.common().warehouse() == null) {
      for (Query query : project.queries().values()) {
        if (query.sink() instanceof Sink.BigQuery sink) {
          String in = sink.project() != null ? sink.project() : cloud;
          if (in != null) {
            results.put(query.name(), new TableId(in, sink.dataset(), sink.table()));
          }
        }
      }
    }
    String pays =
        cloud != null
            ? cloud
            : results.values().stream().map(TableId::project).findFirst().orElse("");
    return new TargetTables(options, pays, results);
  }

  /** By query, sorted. */
  public Map<String, TableId> results() {
    return results;
  }

  /** A table in the dataset where refused records are; null: there is no table at all. */
  public @Nullable TableId beside(String name) {
    return results.values().stream().findFirst().map(table -> table.beside(name)).orElse(null);
  }

  /** Reads them, with the target's credentials. */
  public BigQueryReader reader() {
    return new BigQueryReader(options, project);
  }
}
