package dev.beamline.report.explain;

import dev.beamline.report.explain.Timeline.Arrival;
import dev.beamline.report.explain.Timeline.Fate;
import dev.beamline.report.explain.Timeline.Pane;
import dev.beamline.report.explain.Timeline.Play;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A timeline as Beam's diagrams: event time to the right, processing time up, the watermark. */
public final class TimelineSvg {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int BOTTOM = 40;
  private static final int MOST_PANES = 40;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String STYLE =
      "<style>svg.play{font:12px system-ui,sans-serif}"
          + "svg.play text{fill:var(--text,#16191f)}"
          + "svg.play .axis{stroke:var(--soft,#68707f)}"
          + "svg.play .window{fill:var(--fill,#f2f4f8);stroke:var(--line,#c3c9d4)}"
          + "svg.play .mark{fill:none;stroke:#16845b;stroke-width:2}"
          + "svg.play .in_time{fill:#2f6fed}svg.play .late{fill:#b26a00}"
          + "svg.play .dropped{fill:#c8384d}"
          + "svg.play .early{stroke:#2f6fed;stroke-dasharray:4 3}"
          + "svg.play .on_time{stroke:#16845b;stroke-width:2}"
          + "svg.play .latepane{stroke:#b26a00;stroke-width:2}</style>";

  private final Play play;
  private final long firstEvent;
  private final long lastEvent;
  private final long firstClock;
  private final long lastClock;

  private TimelineSvg(Play play) {
    this.play = play;
    firstEvent = play.start();
    lastEvent = play.end();
    firstClock = play.arrivals().stream().mapToLong(Arrival::clock).min().orElse(play.start());
    lastClock =
        Math.max(
            firstClock + 1,
            Math.max(
                play.arrivals().stream().mapToLong(Arrival::clock).max().orElse(0),
                play.panes().stream().mapToLong(Pane::clock).max().orElse(0)));
  }

  /** All windows, one below the other. */
  public static String of(Timeline timeline) {
    StringBuilder out = new StringBuilder();
    int height = Math.max(1, timeline.windows().size()) * HEIGHT;
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"play\" role=\"img\" width=\"");
    out.append(WIDTH).append("\" height=\"").append(height);
    out.append("\" aria-label=\"Panes of ").append(timeline.query());
    out.append(" against the watermark\">").append(STYLE);
    int top = 0;
    for (Play play : timeline.windows()) {
      out.append("<g transform=\"translate(0 ").append(top).append(")\">");
      new TimelineSvg(play).draw(out);
      out.append("</g>\n");
      top += HEIGHT;
    }
    return out.append("</svg>\n").toString();
  }

  private void draw(StringBuilder out) {
    rect(out);
    StringBuilder line = new StringBuilder();
    for (Arrival a : play.arrivals()) {
      if (a.watermark() >= firstEvent && a.watermark() <= lastEvent) {
        line.append(line.isEmpty() ? "M" : "L").append(x(a.watermark())).append(' ');
        line.append(y(a.clock()));
      }
    }
    int drawn = 0;
    for (Pane pane : play.panes()) {
      boolean early = pane.timing().equals("EARLY");
      if (!early || drawn++ < MOST_PANES) {
        String style = early ? "early" : pane.timing().equals("LATE") ? "latepane" : "on_time";
        out.append("<line class=\"").append(style).append("\" x1=\"").append(x(firstEvent));
        out.append("\" x2=\"").append(x(lastEvent)).append("\" y1=\"").append(y(pane.clock()));
        out.append("\" y2=\"").append(y(pane.clock())).append("\"><title>");
        out.append(pane.timing()).append(" pane ").append(pane.index()).append(": ");
        out.append(escape(String.join("; ", pane.changed()))).append("</title></line>\n");
        if (!early) {
          out.append("<text x=\"").append(x(lastEvent) + 6).append("\" y=\"");
          out.append(y(pane.clock()) + 4)
              .append("\">")
              .append(pane.timing().toLowerCase(Locale.ROOT));
          out.append("</text>\n");
        }
      }
    }
    out.append("<path class=\"mark\" d=\"").append(line).append("\"/>\n");
    for (Arrival a : play.arrivals()) {
      String fate = a.fate().name().toLowerCase(Locale.ROOT);
      out.append("<circle class=\"").append(fate).append("\" r=\"");
      out.append(a.fate() == Fate.IN_TIME ? "2.2" : "4").append("\" cx=\"").append(x(a.event()));
      out.append("\" cy=\"").append(y(a.clock())).append("\"><title>event ");
      out.append(text(a.event())).append(", came ").append(text(a.clock()));
      out.append("</title></circle>\n");
    }
    axes(out);
  }

  private void rect(StringBuilder out) {
    out.append("<rect class=\"window\" x=\"").append(LEFT).append("\" y=\"20\" width=\"");
    out.append(x(lastEvent) - LEFT).append("\" height=\"").append(HEIGHT - BOTTOM - 20);
    out.append("\"/>\n");
  }

  private void axes(StringBuilder out) {
    int bottom = HEIGHT - BOTTOM;
    label(out, LEFT, bottom + 16, text(firstEvent), "start");
    label(out, x(lastEvent), bottom + 16, text(lastEvent), "end");
    label(out, (LEFT + x(lastEvent)) / 2, bottom + 30, "event time →", "middle");
    label(out, 4, 14, "processing time ↑   green: watermark, dashed: early panes", "start");
    label(out, 2, y(firstClock), text(firstClock).substring(6), "start");
    label(out, 2, y(lastClock) + 4, text(lastClock).substring(6), "start");
  }

  private static void label(StringBuilder out, long x, long y, String text, String anchor) {
    out.append("<text x=\"").append(x).append("\" y=\"").append(y).append("\" text-anchor=\"");
    out.append(anchor).append("\">").append(escape(text)).append("</text>\n");
  }

  private long x(long event) {
    return LEFT
        + Math.round(
            (event - firstEvent) / (double) (lastEvent - firstEvent) * (WIDTH - LEFT - 70));
  }

  private long y(long clock) {
    return HEIGHT
        - BOTTOM
        - Math.round(
            (clock - firstClock) / (double) (lastClock - firstClock) * (HEIGHT - BOTTOM - 24));
  }

  private static String text(long micros) {
    return CLOCK.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
