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

  private static final String NEVER_LATE = ". It never ends, so that no row is late.";

  /** Room for one label of the axis. */
  private static final int LABEL = 64;

  private record Bar(double start, double end) {}

  /**
   * What is drawn, in microseconds from some window's start.
   *
   * @param rows when example rows happened
   * @param open whether the windows never end
   */
  private record Picture(List<Bar> bars, List<Double> rows, boolean open) {}

  private WindowTimeline() {}

  /** One sentence and a drawing. */
  static String html(WindowSpec window, Duration lateness) {
    Html out = new Html();
    boolean global = window instanceof WindowSpec.Global;
    out.element("p", words(window) + (global ? NEVER_LATE : lateWords(lateness)));
    Picture picture = picture(window);
    double late = global ? 0 : lateness.toNanos() / 1000.0;
    double end = picture.bars().stream().mapToDouble(Bar::end).max().orElse(1);
    double span =
        picture.open()
            ? end * 1.01
            : Math.max(end * 1.05, picture.bars().get(0).end() + Math.min(late, end));
    double scale = (WIDTH - 2 * LEFT) / span;
    int axis = picture.bars().size() * ROW + 16;
    out.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Windows\">");
    out.raw("<svg class=\"timeline\" role=\"img\" aria-label=\"Windows on event time\" width=\"");
    out.raw(WIDTH + "\" height=\"" + (axis + (late > 0 ? 58 : 42)) + "\">\n");
    for (int i = 0; i < picture.bars().size(); i++) {
      Bar bar = picture.bars().get(i);
      int y = 6 + i * ROW;
      rect(out, "window", LEFT + bar.start() * scale, y, (bar.end() - bar.start()) * scale);
      if (late > 0) {
        double drawn = Math.min(late, span - bar.end());
        rect(out, "late", LEFT + bar.end() * scale, y, drawn * scale);
      }
      if (picture.open()) {
        String tip = (WIDTH - LEFT) + "," + (y + (ROW - 6) / 2);
        String base = (WIDTH - LEFT - 12) + ",";
        out.raw("<polygon class=\"window\" points=\"" + base + (y - 3) + " " + tip + " " + base);
        out.raw((y + ROW - 3) + "\"/>\n");
      }
    }
    line(out, "axis", LEFT, axis, WIDTH - LEFT, axis);
    for (double row : picture.rows()) {
      long x = Math.round(LEFT + row * scale);
      line(out, "row", x, 2, x, axis);
      out.raw("<circle class=\"row\" cx=\"" + x + "\" cy=\"" + axis + "\" r=\"3.5\"/>\n");
    }
    if (!picture.open()) {
      ticks(out, window, span, scale, axis);
    }
    out.raw("<text x=\"" + LEFT + "\" y=\"" + (axis + 36) + "\">event time →   ● ");
    out.raw(picture.rows().size() == 1 ? "a row, in the windows above it" : "rows");
    out.raw("</text>\n");
    if (late > 0) {
      out.raw("<text x=\"" + LEFT + "\" y=\"" + (axis + 52) + "\">");
      out.raw("pale: the window has closed, and late rows still correct it</text>\n");
    }
    out.raw("</svg></div>\n");
    return out.toString();
  }

  private static void rect(Html out, String style, double x, int y, double width) {
    out.raw("<rect class=\"" + style + "\" x=\"" + Math.round(x) + "\" y=\"" + y + "\" width=\"");
    out.raw(Math.max(1, Math.round(width)) + "\" height=\"" + (ROW - 6) + "\"/>\n");
  }

  private static void line(Html out, String style, long x1, long y1, long x2, long y2) {
    out.raw("<line class=\"" + style + "\" x1=\"" + x1 + "\" y1=\"" + y1);
    out.raw("\" x2=\"" + x2 + "\" y2=\"" + y2 + "\"/>\n");
  }

  /** Labels from a window's start, as many as there is room for. */
  private static void ticks(Html out, WindowSpec window, double span, double scale, int axis) {
    long unit = unit(window);
    long every = unit;
    while (every * scale < LABEL) {
      every += unit;
    }
    for (long at = 0; at <= span && LEFT + at * scale <= WIDTH - LABEL * 0.8; at += every) {
      long x = Math.round(LEFT + at * scale);
      line(out, "axis", x, axis, x, axis + 5);
      out.raw("<text x=\"" + x + "\" y=\"" + (axis + 18) + "\">");
      out.text(at == 0 ? "start" : "+" + duration(at)).raw("</text>\n");
    }
  }

  private static long unit(WindowSpec window) {
    if (window instanceof WindowSpec.Tumble w) {
      return w.size();
    }
    if (window instanceof WindowSpec.Hop w) {
      return w.period();
    }
    if (window instanceof WindowSpec.Cumulate w) {
      return w.step();
    }
    return window instanceof WindowSpec.Session w ? w.gap() : 1;
  }

  private static Picture picture(WindowSpec window) {
    List<Bar> bars = new ArrayList<>();
    if (window instanceof WindowSpec.Tumble w) {
      for (int i = 0; i < 4; i++) {
        bars.add(new Bar((double) i * w.size(), (double) (i + 1) * w.size()));
      }
      return new Picture(bars, List.of(1.4 * w.size()), false);
    }
    if (window instanceof WindowSpec.Hop w) {
      for (int i = 0; i < 6; i++) {
        bars.add(new Bar((double) i * w.period(), (double) i * w.period() + w.size()));
      }
      return new Picture(
          bars, List.of(Math.min((double) w.size(), 3.0 * w.period()) - 0.5 * w.period()), false);
    }
    if (window instanceof WindowSpec.Cumulate w) {
      for (int i = 1; i <= Math.min(6, w.size() / w.step()); i++) {
        bars.add(new Bar(0, (double) i * w.step()));
      }
      return new Picture(bars, List.of(1.4 * w.step()), false);
    }
    if (window instanceof WindowSpec.Session w) {
      double gap = w.gap();
      bars.add(new Bar(0, 2.5 * gap));
      bars.add(new Bar(3.2 * gap, 4.6 * gap));
      return new Picture(bars, List.of(0.0, 0.8 * gap, 1.5 * gap, 3.2 * gap, 3.6 * gap), false);
    }
    return new Picture(List.of(new Bar(0, 100)), List.of(12.0, 30.0, 36.0, 61.0, 84.0), true);
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
