package dev.beamline.deploy.monitoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.io.Ledger;
import dev.beamline.project.Durations;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.transform.QueryCounters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A dashboard and alert policies of Cloud Monitoring for the pipelines of a project on Dataflow:
 * the same counters as in a run's ledger, which Dataflow exports as {@code user_counter}, and the
 * service's own lag.
 */
public final class MonitoringFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WIDTH = 12;
  private static final int TILE_WIDTH = 6;
  private static final int TILE_HEIGHT = 4;
  private static final String LAG = "dataflow.googleapis.com/job/data_watermark_age";
  private static final String COUNTER = "dataflow.googleapis.com/job/user_counter";
  private static final String FAILED = "dataflow.googleapis.com/job/is_failed";

  private final Project project;
  private int tiles;

  private MonitoringFiles(Project project) {
    this.project = project;
  }

  /** The files by name: one dashboard, and an alert for each promise of each streaming pipeline. */
  public static Map<String, String> of(Project project) {
    MonitoringFiles files = new MonitoringFiles(project);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("dashboard.json", files.dashboard().toPrettyString() + "\n");
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      if (pipeline.mode() != PipelineDefinition.Mode.STREAMING) {
        continue;
      }
      all.put(
          "alert-" + pipeline.name() + "-failed.json",
          files.failed(pipeline).toPrettyString() + "\n");
      for (String name : pipeline.queries()) {
        Query query = project.query(name);
        Query.Freshness promised = query.freshness();
        if (promised != null) {
          alert(all, files, pipeline, query, "warn", promised.warnAfter());
          alert(all, files, pipeline, query, "error", promised.errorAfter());
        }
      }
    }
    return all;
  }

  private static void alert(
      Map<String, String> all,
      MonitoringFiles files,
      PipelineDefinition pipeline,
      Query query,
      String level,
      @org.jspecify.annotations.Nullable Duration after) {
    if (after != null) {
      all.put(
          "alert-" + pipeline.name() + "-" + query.name() + "-" + level + ".json",
          files.freshness(pipeline, query, level, after).toPrettyString() + "\n");
    }
  }

  private ObjectNode dashboard() {
    ObjectNode dashboard = JSON.createObjectNode();
    dashboard.put("displayName", "Beamline: " + project.name());
    ObjectNode mosaic = dashboard.putObject("mosaicLayout");
    mosaic.put("columns", WIDTH);
    ArrayNode list = mosaic.putArray("tiles");
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      chart(list, pipeline.name() + ": lag (seconds)", gauge(pipeline, LAG));
      for (String query : pipeline.queries()) {
        String title = pipeline.name() + ": " + query + ", rows a second";
        chart(
            list,
            title,
            counter(pipeline, "in", QueryCounters.ROWS, query),
            counter(pipeline, "out", QueryCounters.EMITTED, query),
            counter(pipeline, "late", QueryCounters.LATE_DROPPED, query),
            counter(pipeline, "refused", QueryCounters.FAILED, query));
      }
    }
    for (String source : project.sources().keySet()) {
      chart(
          list,
          "source " + source + ", records a second",
          counter(null, "read", Ledger.READ, source),
          counter(null, "refused", Ledger.REFUSED, source));
    }
    return dashboard;
  }

  private void chart(ArrayNode list, String title, ObjectNode... sets) {
    ObjectNode tile = list.addObject();
    tile.put("xPos", tiles % 2 * TILE_WIDTH).put("yPos", tiles / 2 * TILE_HEIGHT);
    tile.put("width", TILE_WIDTH).put("height", TILE_HEIGHT);
    tiles++;
    ObjectNode widget = tile.putObject("widget");
    widget.put("title", title);
    ArrayNode data = widget.putObject("xyChart").putArray("dataSets");
    for (ObjectNode set : sets) {
      data.add(set);
    }
  }

  private ObjectNode gauge(PipelineDefinition pipeline, String metric) {
    return set("lag", filter(pipeline, metric), "ALIGN_MAX", "REDUCE_MAX");
  }

  private ObjectNode counter(
      @org.jspecify.annotations.Nullable PipelineDefinition pipeline,
      String legend,
      String kind,
      String name) {
    return set(
        legend,
        filter(pipeline, COUNTER) + " metric.label.\"metric_name\"=\"" + kind + ":" + name + "\"",
        "ALIGN_RATE",
        "REDUCE_SUM");
  }

  private static ObjectNode set(String legend, String filter, String aligner, String reducer) {
    ObjectNode set = JSON.createObjectNode();
    set.put("legendTemplate", legend).put("plotType", "LINE");
    ObjectNode series = set.putObject("timeSeriesQuery").putObject("timeSeriesFilter");
    series.put("filter", filter);
    series
        .putObject("aggregation")
        .put("alignmentPeriod", "60s")
        .put("perSeriesAligner", aligner)
        .put("crossSeriesReducer", reducer);
    return set;
  }

  private String filter(
      @org.jspecify.annotations.Nullable PipelineDefinition pipeline, String metric) {
    return "resource.type=\"dataflow_job\" metric.type=\""
        + metric
        + "\""
        + (pipeline == null
            ? ""
            : " resource.label.\"job_name\"=\"" + jobName(pipeline.name()) + "\"");
  }

  private String jobName(String pipeline) {
    return ("beamline-" + project.name() + "-" + pipeline)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("-$", "");
  }

  private ObjectNode freshness(
      PipelineDefinition pipeline, Query query, String level, Duration after) {
    return policy(
        project.name() + ": " + query.name() + " is older than " + Durations.format(after),
        level.equals("error") ? "ERROR" : "WARNING",
        "The contract of query "
            + query.name()
            + " in pipelines.yaml (freshness."
            + level
            + "_after) is broken: events older than "
            + Durations.format(after)
            + " are not in its table yet."
            + (query.owner() == null ? "" : " Owner: " + query.owner() + ".")
            + " `beamline status` tells more.",
        filter(pipeline, LAG),
        after.toSeconds());
  }

  private ObjectNode failed(PipelineDefinition pipeline) {
    return policy(
        project.name() + ": pipeline " + pipeline.name() + " has failed",
        "CRITICAL",
        "The Dataflow job of pipeline "
            + pipeline.name()
            + " has failed. `beamline deploy` launches it again; `beamline plan` tells what it would do.",
        filter(pipeline, FAILED),
        0);
  }

  private static ObjectNode policy(
      String name, String severity, String text, String filter, long threshold) {
    ObjectNode policy = JSON.createObjectNode();
    policy.put("displayName", name).put("combiner", "OR").put("severity", severity);
    policy.putObject("documentation").put("content", text).put("mimeType", "text/markdown");
    ObjectNode condition = policy.putArray("conditions").addObject();
    condition.put("displayName", name);
    ObjectNode limit = condition.putObject("conditionThreshold");
    limit.put("filter", filter).put("comparison", "COMPARISON_GT").put("thresholdValue", threshold);
    limit.put("duration", "60s");
    limit
        .putArray("aggregations")
        .addObject()
        .put("alignmentPeriod", "60s")
        .put("perSeriesAligner", "ALIGN_MAX")
        .put("crossSeriesReducer", "REDUCE_MAX");
    limit.putObject("trigger").put("count", 1);
    policy.putObject("alertStrategy").put("autoClose", "3600s");
    return policy;
  }
}
