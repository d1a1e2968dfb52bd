package dev.beamline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Severity;
import dev.beamline.io.format.RowsText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Prints what became of statements. */
final class AnswerPrinter {

  private static final JsonFactory JSON = new JsonFactory();

  private final RowFormat format;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ProblemPrinter problems;
  private boolean printed;

  AnswerPrinter(RowFormat format, PrintWriter out, PrintWriter err, ProblemPrinter problems) {
    this.format = format;
    this.out = out;
    this.err = err;
    this.problems = problems;
  }

  void print(int statement, Answer answer) throws IOException {
    if (format == RowFormat.JSON) {
      out.println(json(statement, answer));
      if (answer instanceof Answer.Fault fault && fault.cause() != null) {
        fault.cause().printStackTrace(err);
      }
    } else if (answer instanceof Answer.Rows rows) {
      if (printed) {
        out.println();
      }
      printed = true;
      if (format == RowFormat.CSV) {
        out.print(RowsText.csv(rows.schema(), rows.rows()));
      } else {
        out.print(RowsText.table(rows.schema(), rows.rows(), Terminal.width()));
        out.println("(" + rows.rows().size() + (rows.rows().size() == 1 ? " row)" : " rows)"));
      }
    } else if (answer instanceof Answer.Wrong wrong) {
      problems.print(wrong.diagnostics(), err);
    } else if (answer instanceof Answer.Fault fault) {
      err.println("beamline: " + fault.message());
      if (fault.cause() != null) {
        fault.cause().printStackTrace(err);
      }
    }
    out.flush();
    err.flush();
  }

  private static String json(int statement, Answer answer) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("statement", statement);
      if (answer instanceof Answer.Rows rows) {
        writeColumns(json, rows.schema());
        json.writeFieldName("rows");
        json.writeRawValue(RowsText.jsonRows(rows.schema(), rows.rows()));
      } else if (answer instanceof Answer.Wrong wrong) {
        Diagnostic first = first(wrong.diagnostics());
        writeError(json, first.code().name(), first.message(), first.place());
      } else if (answer instanceof Answer.Fault fault) {
        writeError(json, "FAULT", fault.message(), Place.ofFile(""));
      } else {
        writeColumns(json, new Schema(List.of()));
        json.writeArrayFieldStart("rows");
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static Diagnostic first(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(d -> d.severity() == Severity.ERROR)
        .findFirst()
        .orElseGet(() -> diagnostics.get(0));
  }

  private static void writeColumns(JsonGenerator json, Schema schema) throws IOException {
    json.writeArrayFieldStart("columns");
    for (Column column : schema.columns()) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type().sql());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeError(JsonGenerator json, String code, String message, Place place)
      throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("code", code);
    json.writeStringField("message", message);
    if (place.line() == 0) {
      json.writeNullField("line");
      json.writeNullField("column");
    } else {
      json.writeNumberField("line", place.line());
      json.writeNumberField("column", place.column());
    }
    json.writeEndObject();
  }
}
