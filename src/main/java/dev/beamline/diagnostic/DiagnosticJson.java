package dev.beamline.diagnostic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * Diagnostics for programs, one line of JSON each: {@code
 * {"code","severity","file","line","column","message","hint"}}. Line and column are null where the
 * whole file or line is meant.
 */
public final class DiagnosticJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private DiagnosticJson() {}

  public static void write(List<Diagnostic> diagnostics, PrintWriter out) {
    diagnostics.forEach(diagnostic -> out.println(line(diagnostic)));
  }

  private static String line(Diagnostic diagnostic) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      Place place = diagnostic.place();
      json.writeStartObject();
      json.writeStringField("code", diagnostic.code().name());
      json.writeStringField("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
      json.writeStringField("file", place.file());
      writePosition(json, "line", place.line());
      writePosition(json, "column", place.column());
      json.writeStringField("message", diagnostic.message());
      json.writeStringField("hint", diagnostic.hint());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void writePosition(JsonGenerator json, String name, int value) throws IOException {
    if (value == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }
}
