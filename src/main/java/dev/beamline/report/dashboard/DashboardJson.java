package dev.beamline.report.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.function.CivilText;
import dev.beamline.io.format.ValueText;
import dev.beamline.io.format.ValueText.Numbers;
import dev.beamline.pipeline.run.RunLedger.QueryLine;
import dev.beamline.pipeline.run.RunReport;
import dev.beamline.project.Chart;
import dev.beamline.project.Located;
import dev.beamline.report.dashboard.MetricStore.Metric;
import dev.beamline.report.dashboard.MetricStore.Refused;
import dev.beamline.report.dashboard.MetricStore.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON that the page asks for. Numbers too long for JavaScript go as text. */
final class DashboardJson {

  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  private DashboardJson() {}

  static byte[] project(
      String project, List<Metric> metrics, List<Refused> refused, Optional<RunReport> run)
      throws IOException {
    return write(
        out -> {
          out.writeStartObject();
          out.writeStringField("project", project);
          out.writeArrayFieldStart("metrics");
          for (Metric metric : metrics) {
            metric(out, metric, run.map(r -> r.ledger().queries().get(metric.name())));
          }
          out.writeEndArray();
          out.writeArrayFieldStart("refused");
          for (Refused r : refused) {
            out.writeStartObject();
            out.writeStringField("table", r.table());
            out.writeStringField("origins", r.origins());
            out.writeNumberField("count", r.count());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeFieldName("run");
          if (run.isPresent()) {
            run(out, run.get());
          } else {
            out.writeNull();
          }
          out.writeEndObject();
        });
  }

  private static void metric(JsonGenerator out, Metric metric, Optional<QueryLine> line)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("name", metric.name());
    out.writeStringField("table", metric.table());
    out.writeStringField("description", metric.description());
    out.writeStringField("owner", metric.owner());
    out.writeFieldName("chart");
    chart(out, metric.chart());
    names(out, "key", metric.key());
    names(out, "additive", metric.additive().stream().sorted().toList());
    out.writeFieldName("windows");
    windows(out, metric.windows());
    out.writeBooleanField("appends", metric.appends());
    out.writeNumberField("rowCount", metric.counts().rows());
    out.writeNumberField("speculative", metric.counts().speculative());
    out.writeNumberField("corrected", metric.counts().late());
    Long newest = metric.counts().newest();
    out.writeStringField("newest", newest == null ? null : CivilText.formatIsoTimestamp(newest));
    out.writeObjectField("warnAfterSeconds", metric.warnAfterSeconds());
    out.writeObjectField("errorAfterSeconds", metric.errorAfterSeconds());
    out.writeObjectField("lateDropped", line.map(QueryLine::late).orElse(null));
    out.writeObjectField("lateCounted", line.map(QueryLine::corrected).orElse(null));
    out.writeObjectField("failed", line.map(QueryLine::failed).orElse(null));
    columns(out, metric.schema());
    out.writeEndObject();
  }

  private static void chart(JsonGenerator out, @Nullable Chart chart) throws IOException {
    if (chart == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    Chart.Type type = chart.type();
    out.writeStringField("type", type == null ? null : type.name().toLowerCase(Locale.ROOT));
    Located<String> x = chart.x();
    out.writeStringField("x", x == null ? null : x.value());
    names(out, "y", chart.y().stream().map(Located::value).toList());
    Located<String> by = chart.by();
    out.writeStringField("by", by == null ? null : by.value());
    out.writeBooleanField("stacked", chart.stacked());
    out.writeEndObject();
  }

  private static void windows(JsonGenerator out, @Nullable ResultWindows windows)
      throws IOException {
    if (windows == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    out.writeStringField("start", windows.start());
    out.writeStringField("end", windows.end());
    out.writeBooleanField("overlap", windows.overlap());
    out.writeBooleanField("sharedStart", windows.sharedStart());
    out.writeBooleanField("session", windows.session());
    out.writeEndObject();
  }

  private static void run(JsonGenerator out, RunReport run) throws IOException {
    out.writeStartObject();
    out.writeStringField("pipeline", run.pipeline());
    out.writeStringField("state", run.state().name().toLowerCase(Locale.ROOT));
    out.writeStringField("started", run.started().toString());
    out.writeStringField("updated", run.updated().toString());
    out.writeArrayFieldStart("sources");
    for (Map.Entry<String, dev.beamline.pipeline.run.RunLedger.SourceLine> source :
        new TreeMap<>(run.ledger().sources()).entrySet()) {
      out.writeStartObject();
      out.writeStringField("name", source.getKey());
      out.writeNumberField("read", source.getValue().read());
      out.writeNumberField("used", source.getValue().used());
      out.writeNumberField("refused", source.getValue().refused());
      out.writeNumberField("duplicates", source.getValue().duplicates());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static byte[] rows(Rows rows) throws IOException {
    return write(
        out -> {
          out.writeStartObject();
          columns(out, rows.schema());
          out.writeBooleanField("more", rows.more());
          out.writeArrayFieldStart("rows");
          for (Tuple row : rows.rows()) {
            out.writeStartArray();
            for (int i = 0; i < rows.schema().size(); i++) {
              ValueText.write(out, rows.schema().type(i), row.get(i), Numbers.SAFE);
            }
            out.writeEndArray();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  static byte[] text(String name, String value) throws IOException {
    return write(
        out -> {
          out.writeStartObject();
          out.writeStringField(name, value);
          out.writeEndObject();
        });
  }

  private static void names(JsonGenerator out, String field, Collection<String> names)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (String name : names) {
      out.writeString(name);
    }
    out.writeEndArray();
  }

  private static void columns(JsonGenerator out, Schema schema) throws IOException {
    out.writeArrayFieldStart("columns");
    for (Column column : schema.columns()) {
      out.writeStartObject();
      out.writeStringField("name", column.name());
      out.writeStringField("type", column.type().sql());
      out.writeStringField("description", column.description());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static byte[] write(Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      body.write(out);
    }
    return bytes.toByteArray();
  }

  private interface Body {
    void write(JsonGenerator out) throws IOException;
  }
}
