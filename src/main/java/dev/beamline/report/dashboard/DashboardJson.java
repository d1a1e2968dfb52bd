package dev.beamline.report.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.report.dashboard.MetricStore.Metric;
import dev.beamline.report.dashboard.MetricStore.Refused;
import dev.beamline.report.dashboard.MetricStore.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON that the page asks for. Numbers too long for JavaScript go as text. */
final class DashboardJson {

  private static final long MAX_SAFE_INTEGER = 9_007_199_254_740_991L;

  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  private DashboardJson() {}

  static byte[] project(String project, List<Metric> metrics, List<Refused> refused)
      throws IOException {
    return write(
        out -> {
          out.writeStartObject();
          out.writeStringField("project", project);
          out.writeArrayFieldStart("metrics");
          for (Metric metric : metrics) {
            out.writeStartObject();
            out.writeStringField("name", metric.name());
            out.writeStringField("description", metric.description());
            out.writeStringField("owner", metric.owner());
            out.writeStringField("chart", metric.chart());
            out.writeNumberField("rowCount", metric.rowCount());
            out.writeObjectField("warnAfterSeconds", metric.warnAfterSeconds());
            out.writeObjectField("errorAfterSeconds", metric.errorAfterSeconds());
            columns(out, metric.schema());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeArrayFieldStart("refused");
          for (Refused r : refused) {
            out.writeStartObject();
            out.writeStringField("origin", r.origin());
            out.writeNumberField("count", r.count());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
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
              value(out, rows.schema().type(i), row.get(i));
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

  private static void value(JsonGenerator out, Type type, @Nullable Object value)
      throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (type instanceof ArrayType array) {
      out.writeStartArray();
      for (Object element : (List<?>) value) {
        value(out, array.element(), element);
      }
      out.writeEndArray();
    } else if (type instanceof StructType struct) {
      out.writeStartObject();
      for (int i = 0; i < struct.fields().size(); i++) {
        out.writeFieldName(struct.fields().get(i).name());
        value(out, struct.fields().get(i).type(), ((Tuple) value).get(i));
      }
      out.writeEndObject();
    } else {
      scalar(out, (ScalarType) type, value);
    }
  }

  private static void scalar(JsonGenerator out, ScalarType type, Object value) throws IOException {
    switch (type) {
      case INT64 -> {
        long number = (Long) value;
        if (Math.abs(number) <= MAX_SAFE_INTEGER) {
          out.writeNumber(number);
        } else {
          out.writeString(Long.toString(number));
        }
      }
      case FLOAT64 -> {
        double number = (Double) value;
        if (Double.isFinite(number)) {
          out.writeNumber(number);
        } else {
          out.writeString(Double.toString(number));
        }
      }
      case NUMERIC, BIGNUMERIC -> {
        BigDecimal number = (BigDecimal) value;
        if (number.precision() <= 15) {
          out.writeNumber(number);
        } else {
          out.writeString(number.toPlainString());
        }
      }
      case BOOL -> out.writeBoolean((Boolean) value);
      case TIMESTAMP ->
          out.writeString(Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS).toString());
      case DATETIME ->
          out.writeString(
              LocalDateTime.ofInstant(
                      Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS), ZoneOffset.UTC)
                  .toString());
      case DATE -> out.writeString(LocalDate.ofEpochDay((Long) value).toString());
      case TIME -> out.writeString(LocalTime.ofNanoOfDay((Long) value * 1000).toString());
      case BYTES ->
          out.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case JSON -> out.writeTree((JsonNode) value);
      case STRING, INTERVAL -> out.writeString(value.toString());
    }
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
