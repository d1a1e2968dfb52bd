package dev.beamline.diagnostic;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Diagnostics as JUnit XML: a file of the project is a test case, which fails with its errors. */
public final class DiagnosticJunit {

  private DiagnosticJunit() {}

  /**
   * @param files that were checked, the ones without diagnostics too
   */
  public static void write(List<Diagnostic> diagnostics, List<String> files, PrintWriter out) {
    Map<String, List<Diagnostic>> byFile = new LinkedHashMap<>();
    files.forEach(file -> byFile.put(file, new ArrayList<>()));
    diagnostics.forEach(
        d -> byFile.computeIfAbsent(d.place().file(), file -> new ArrayList<>()).add(d));
    long failures =
        byFile.values().stream()
            .filter(own -> own.stream().anyMatch(d -> d.severity() == Severity.ERROR))
            .count();
    String counts = "tests=\"" + byFile.size() + "\" failures=\"" + failures + "\" errors=\"0\"";
    out.println("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    out.println("<testsuites " + counts + ">");
    out.println("  <testsuite name=\"beamline validate\" " + counts + " skipped=\"0\" time=\"0\">");
    byFile.forEach((file, own) -> writeCase(file, own, out));
    out.println("  </testsuite>");
    out.println("</testsuites>");
  }

  private static void writeCase(String file, List<Diagnostic> diagnostics, PrintWriter out) {
    out.print(
        "    <testcase classname=\"beamline.validate\" name=\"" + xml(file) + "\" time=\"0\"");
    if (diagnostics.isEmpty()) {
      out.println("/>");
      return;
    }
    out.println(">");
    List<Diagnostic> errors =
        diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).toList();
    List<Diagnostic> others =
        diagnostics.stream().filter(d -> d.severity() != Severity.ERROR).toList();
    if (!errors.isEmpty()) {
      // A test case has one failure: some readers keep only the first.
      out.println(
          "      <failure type=\""
              + errors.get(0).code()
              + "\" message=\""
              + xml(errors.get(0).message())
              + "\">"
              + xml(text(errors))
              + "</failure>");
    }
    if (!others.isEmpty()) {
      out.println("      <system-out>" + xml(text(others)) + "</system-out>");
    }
    out.println("    </testcase>");
  }

  private static String text(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic d : diagnostics) {
      out.append(out.isEmpty() ? "" : "\n");
      out.append(d.place()).append(": ").append(d.code()).append(": ").append(d.message());
      if (d.hint() != null) {
        out.append(" (").append(d.hint()).append(')');
      }
    }
    return out.toString();
  }

  /** Text for XML 1.0, which cannot hold most control characters at all. */
  private static String xml(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\t' -> out.append("&#9;");
                default ->
                    out.appendCodePoint(
                        c < ' ' || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF
                            ? 0xFFFD
                            : c);
              }
            });
    return out.toString();
  }
}
