package dev.beamline.io.format;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * CSV with a header. NULL is an empty field, an empty STRING is one in quotes; lines end with LF,
 * so that every tool that reads lines can read them.
 */
final class CsvWriter implements RecordWriter {

  private final Schema schema;
  private final Writer out;

  CsvWriter(Schema schema, OutputStream out) throws IOException {
    this.schema = schema;
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
    for (int i = 0; i < schema.size(); i++) {
      if (i > 0) {
        this.out.write(',');
      }
      this.out.write(quoted(schema.name(i)));
    }
    this.out.write('\n');
  }

  @Override
  public void write(Tuple row) throws IOException {
    for (int i = 0; i < schema.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      Object value = row.get(i);
      if (value != null) {
        out.write(quoted(ValueText.text(schema.type(i), value)));
      }
    }
    out.write('\n');
  }

  /** In quotes where RFC 4180 or a careless reader needs them. */
  static String quoted(String text) {
    if (!text.isEmpty() && !needsQuotes(text)) {
      return text;
    }
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static boolean needsQuotes(String text) {
    if (text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ') {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r' || c == '\t') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
