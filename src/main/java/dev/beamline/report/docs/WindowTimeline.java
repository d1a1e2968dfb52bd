package dev.beamline.report.docs;

import dev.beamline.plan.WindowSpec;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Draws some windows of a query on event time, and how long late rows still count. */
final class WindowTimeline {

  private static final int WIDTH = 720;
  private static final int LEFT = 10;
  private static final int ROW = 20;

  private record Bar(double start, double end) {}

  private WindowTimeline() {}

  /** One sentence and a drawing. */
  static String html(WindowSpec window, Duration lateness) {
    Html out = new Html();
    out.element("p", words(window) + lateWords(lateness));
    List<Bar> bars = bars(window);
    if (bars.isEmpty()) {
      return out.toString();
    }
    double end = bars.stream().mapToDouble(Bar::end).max().orElse(1);
    double late = lateness.toNanos() / 1000.0;
    double span = Math.max(end * 1.05, bars.get(0).end() + Math.min(late, end));
    double scale = (WIDTH - 2 * LEFT) / span;
    int height = bars.size() * ROW + 30;
    out.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Windows\">");
    out.raw("<svg class=\"timeline\" role=\"img\" aria-label=\"Windows on event time\" width=\"");
    out.raw(WIDTH + "\" height=\"" + height + "\">\n");
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = 6 + i * ROW;
      rect(out, "window", LEFT + bar.start() * scale, y, (bar.end() - bar.start()) * scale);
      if (late > 0) {
        double drawn = Math.min(late, span - bar.end());
        rect(out, "late", LEFT + bar.end() * scale, y, drawn * scale);
      }
    }
    int axis = bars.size() * ROW + 10;
    out.raw("<line x1=\"" + LEFT + "\" y1=\"" + axis + "\" x2=\"" + (WIDTH - LEFT));
    out.raw("\" y2=\"" + axis + "\"/><text x=\"" + LEFT + "\" y=\"" + (axis + 16));
    out.raw("\">event time →  (pale: late rows still correct the window)</text></svg></div>\n");
    return out.toString();
  }

  private static void rect(Html out, String style, double x, int y, double width) {
    out.raw("<rect class=\"" + style + "\" x=\"" + Math.round(x) + "\" y=\"" + y + "\" width=\"");
    out.raw(Math.max(1, Math.round(width)) + "\" height=\"" + (ROW - 6) + "\"/>\n");
  }

  private static List<Bar> bars(WindowSpec window) {
    List<Bar> bars = new ArrayList<>();
    if (window instanceof WindowSpec.Tumble w) {
      for (int i = 0; i < 4; i++) {
        bars.add(new Bar((double) i * w.size(), (double) (i + 1) * w.size()));
      }
    } else if (window instanceof WindowSpec.Hop w) {
      for (int i = 0; i < 6; i++) {
        bars.add(new Bar((double) i * w.period(), (double) i * w.period() + w.size()));
      }
    } else if (window instanceof WindowSpec.Cumulate w) {
      for (int i = 1; i <= Math.min(6, w.size() / w.step()); i++) {
        bars.add(new Bar(0, (double) i * w.step()));
      }
    } else if (window instanceof WindowSpec.Session w) {
      double gap = w.gap();
      bars.add(new Bar(0, 2.5 * gap));
      bars.add(new Bar(3.2 * gap, 4.4 * gap));
    }
    return bars;
  }

  static String words(WindowSpec window) {
    if (window instanceof WindowSpec.Tumble w) {
      return "Windows of " + duration(w.size()) + ", side by side" + offset(w.offset());
    }
    if (window instanceof WindowSpec.Hop w) {
      return "Windows of "
          + duration(w.size())
          + ", one starting every "
          + duration(w.period())
          + offset(w.offset())
          + ": each row counts in "
          + Math.max(1, w.size() / w.period())
          + " of them";
    }
    if (window instanceof WindowSpec.Cumulate w) {
      return "Windows that grow by " + duration(w.step()) + " up to " + duration(w.size());
    }
    if (window instanceof WindowSpec.Session w) {
      return "Sessions that end after " + duration(w.gap()) + " without a row";
    }
    return "One window for all time";
  }

  private static String offset(long micros) {
    return micros == 0 ? "" : ", starting " + duration(micros) + " past the full one";
  }

  private static String lateWords(Duration lateness) {
    return lateness.isZero()
        ? ". Late rows are dropped and counted."
        : ". Rows up to "
            + duration(lateness.toNanos() / 1000)
            + " late correct the result; later ones are dropped and counted.";
  }

  /** In the largest unit that is whole: {@code 1 h}, {@code 90 s}. */
  static String duration(long micros) {
    Duration duration = Duration.of(micros, ChronoUnit.MICROS);
    long seconds = duration.toSeconds();
    if (duration.toNanosPart() != 0) {
      return micros % 1000 == 0 ? micros / 1000 + " ms" : micros + " µs";
    }
    if (seconds != 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + " d";
    }
    if (seconds != 0 && seconds % 3600 == 0) {
      return seconds / 3600 + " h";
    }
    return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
