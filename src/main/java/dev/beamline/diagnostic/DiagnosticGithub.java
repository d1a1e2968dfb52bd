package dev.beamline.diagnostic;

import java.io.PrintWriter;
import java.util.List;

/** Diagnostics as workflow commands of GitHub Actions, which it shows at their lines. */
public final class DiagnosticGithub {

  private DiagnosticGithub() {}

  /**
   * @param prefix what leads from the repository's root to the project, empty or ending in a slash
   */
  public static void write(List<Diagnostic> diagnostics, String prefix, PrintWriter out) {
    diagnostics.forEach(diagnostic -> out.println(command(diagnostic, prefix)));
  }

  private static String command(Diagnostic diagnostic, String prefix) {
    Place place = diagnostic.place();
    StringBuilder out = new StringBuilder();
    out.append(
        switch (diagnostic.severity()) {
          case ERROR -> "::error ";
          case WARNING -> "::warning ";
          case NOTE -> "::notice ";
        });
    out.append("file=").append(property(prefix + place.file()));
    if (place.line() > 0) {
      out.append(",line=").append(place.line());
      if (place.column() > 0) {
        out.append(",col=").append(place.column());
        out.append(",endColumn=").append(place.column() + place.length());
      }
    }
    out.append(",title=").append(diagnostic.code()).append("::");
    out.append(data(diagnostic.message()));
    if (diagnostic.hint() != null) {
      out.append(data("\n" + diagnostic.hint()));
    }
    return out.toString();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
