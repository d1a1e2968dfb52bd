package dev.beamline.diagnostic;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Diagnostics for people: the place, what is wrong, the line with a caret under the place, and the
 * hint.
 *
 * <pre>
 * pipelines.yaml:12:5: error UNKNOWN_KEY: "widnowing" is not a key of a query
 *   12 |     widnowing: {type: fixed}
 *      |     ^^^^^^^^^
 *   did you mean "windowing"?
 * </pre>
 */
public final class DiagnosticText {

  private static final int TAB = 4;
  private static final int WIDEST = 120;
  private static final String BOLD = "1";
  private static final String RED = "1;31";
  private static final String YELLOW = "1;33";
  private static final String BLUE = "34";
  private static final String CYAN = "36";

  private final Function<String, @Nullable String> texts;
  private final boolean colors;
  private final Map<String, String[]> lines = new HashMap<>();

  /**
   * @param texts the text of a file by its name; null where it is not to be had
   */
  public DiagnosticText(Function<String, @Nullable String> texts, boolean colors) {
    this.texts = texts;
    this.colors = colors;
  }

  public void write(List<Diagnostic> diagnostics, PrintWriter out) {
    for (Diagnostic diagnostic : diagnostics) {
      write(diagnostic, out);
    }
  }

  /** {@code 2 errors, 1 warning}. */
  public static String count(List<Diagnostic> diagnostics) {
    long errors = diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).count();
    long warnings = diagnostics.stream().filter(d -> d.severity() == Severity.WARNING).count();
    String text = errors + (errors == 1 ? " error" : " errors");
    return warnings == 0
        ? text
        : text + ", " + warnings + (warnings == 1 ? " warning" : " warnings");
  }

  private void write(Diagnostic diagnostic, PrintWriter out) {
    Place place = diagnostic.place();
    String color = color(diagnostic.severity());
    out.println(
        paint(BOLD, DisplayWidth.printable(place.toString()) + ":")
            + " "
            + paint(color, diagnostic.severity().name().toLowerCase(java.util.Locale.ROOT))
            + " "
            + diagnostic.code()
            + ": "
            + paint(BOLD, DisplayWidth.printable(diagnostic.message())));
    String line = line(place);
    if (line != null) {
      excerpt(place, line, color, out);
    }
    if (diagnostic.hint() != null) {
      out.println("  " + paint(CYAN, DisplayWidth.printable(diagnostic.hint())));
    }
  }

  private void excerpt(Place place, String line, String color, PrintWriter out) {
    String number = String.valueOf(place.line());
    int[] points = line.codePoints().toArray();
    int start = Math.min(Math.max(place.column() - 1, 0), points.length);
    int end = Math.min(Math.max(start + place.length(), start), points.length);

    // A line may be far wider than a screen: only what is around the place is shown.
    int from = 0;
    int to = points.length;
    if (points.length > WIDEST) {
      from = Math.max(0, Math.min(start - WIDEST / 3, points.length - WIDEST));
      to = Math.min(points.length, from + WIDEST);
      end = Math.min(end, to);
    }
    StringBuilder shown = new StringBuilder(from > 0 ? "..." : "");
    StringBuilder blanks = new StringBuilder(from > 0 ? "   " : "");
    StringBuilder carets = new StringBuilder();
    int cell = 0;
    for (int i = from; i < to; i++) {
      int width = points[i] == '\t' ? TAB - cell % TAB : DisplayWidth.of(points[i]);
      if (points[i] == '\t') {
        shown.append(" ".repeat(width));
      } else if (DisplayWidth.isControl(points[i])) {
        width = 1;
        shown.append('\uFFFD');
      } else {
        shown.appendCodePoint(points[i]);
      }
      cell += width;
      if (i < start) {
        blanks.append(" ".repeat(width));
      } else if (i < end) {
        carets.append("^".repeat(width));
      }
    }
    shown.append(to < points.length ? "..." : "");
    String margin = " ".repeat(number.length());
    out.println(("  " + paint(BLUE, number + " |") + " " + shown).stripTrailing());
    if (place.column() > 0) {
      out.println(
          "  "
              + paint(BLUE, margin + " |")
              + " "
              + blanks
              + paint(color, carets.isEmpty() ? "^" : carets.toString()));
    }
  }

  private @Nullable String line(Place place) {
    if (place.line() == 0) {
      return null;
    }
    String[] all =
        lines.computeIfAbsent(
            place.file(),
            file -> {
              String text = texts.apply(file);
              return text == null ? new String[0] : text.split("\r\n|\r|\n", -1);
            });
    return place.line() <= all.length ? all[place.line() - 1] : null;
  }

  private static String color(Severity severity) {
    return switch (severity) {
      case ERROR -> RED;
      case WARNING -> YELLOW;
      case NOTE -> BLUE;
    };
  }

  private String paint(String color, String text) {
    return colors ? "\u001B[" + color + "m" + text + "\u001B[0m" : text;
  }
}
