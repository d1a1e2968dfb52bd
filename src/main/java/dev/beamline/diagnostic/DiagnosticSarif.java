package dev.beamline.diagnostic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Diagnostics as SARIF 2.1.0, which code scanning services read. */
public final class DiagnosticSarif {

  private DiagnosticSarif() {}

  /**
   * @param version of Beamline
   * @param prefix what leads from the repository's root to the project, empty or ending in a slash
   */
  public static void write(
      List<Diagnostic> diagnostics, String version, String prefix, PrintWriter out) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      List<DiagnosticCode> rules =
          new ArrayList<>(new TreeSet<>(diagnostics.stream().map(Diagnostic::code).toList()));
      writeTool(json, version, rules);
      json.writeStringField("columnKind", "unicodeCodePoints");
      json.writeArrayFieldStart("results");
      for (Diagnostic diagnostic : diagnostics) {
        writeResult(json, diagnostic, rules.indexOf(diagnostic.code()), prefix);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(text);
  }

  private static void writeTool(JsonGenerator json, String version, List<DiagnosticCode> rules)
      throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "beamline");
    json.writeStringField("version", version);
    json.writeArrayFieldStart("rules");
    for (DiagnosticCode rule : rules) {
      json.writeStartObject();
      json.writeStringField("id", rule.name());
      json.writeObjectFieldStart("shortDescription");
      json.writeStringField("text", words(rule));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String words(DiagnosticCode code) {
    String words = code.name().replace('_', ' ').toLowerCase(Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static void writeResult(
      JsonGenerator json, Diagnostic diagnostic, int rule, String prefix) throws IOException {
    Place place = diagnostic.place();
    json.writeStartObject();
    json.writeStringField("ruleId", diagnostic.code().name());
    json.writeNumberField("ruleIndex", rule);
    json.writeStringField("level", diagnostic.severity().name().toLowerCase(Locale.ROOT));
    json.writeObjectFieldStart("message");
    json.writeStringField(
        "text",
        diagnostic.message() + (diagnostic.hint() == null ? "" : " (" + diagnostic.hint() + ")"));
    json.writeEndObject();
    json.writeArrayFieldStart("locations");
    json.writeStartObject();
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(prefix + place.file()));
    json.writeEndObject();
    if (place.line() > 0) {
      json.writeObjectFieldStart("region");
      json.writeNumberField("startLine", place.line());
      if (place.column() > 0) {
        json.writeNumberField("startColumn", place.column());
        json.writeNumberField("endColumn", place.column() + place.length());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String uri(String path) {
    try {
      return new URI(null, null, path, null).toASCIIString();
    } catch (URISyntaxException e) {
      return path;
    }
  }
}
