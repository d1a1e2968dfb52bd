package dev.beamline.report.explain;

import dev.beamline.report.explain.Timeline.Arrival;
import dev.beamline.report.explain.Timeline.Fate;
import dev.beamline.report.explain.Timeline.Pane;
import dev.beamline.report.explain.Timeline.Play;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** A timeline for a terminal: a line a pane, the window's event time from left to right. */
public final class TimelineText {

  private static final int WIDTH = 40;
  private static final int MOST_EARLY = 12;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TimelineText() {}

  public static String of(Timeline timeline) {
    StringBuilder out = new StringBuilder(timeline.query()).append(": ").append(timeline.policy());
    out.append("\nEvent time from left to right: . a row, L a late one, x one too late,");
    out.append(" | the watermark. UTC.\n");
    timeline.windows().forEach(play -> play(play, out));
    if (timeline.windows().isEmpty()) {
      out.append("\nThe sample has no rows for it.\n");
    }
    return out.toString();
  }

  private static void play(Play play, StringBuilder out) {
    out.append("\nwindow ").append(DAY.format(instant(play.start()))).append(" to ");
    out.append(DAY.format(instant(play.end()))).append('\n');
    out.append("  clock     watermark  ");
    out.append("start").append(" ".repeat(WIDTH - 6)).append("end  pane\n");
    long from = Long.MIN_VALUE;
    List<Pane> panes = play.panes();
    long early = panes.stream().filter(p -> p.timing().equals("EARLY")).count();
    int skipped = 0;
    for (Pane pane : panes) {
      boolean shown =
          !pane.timing().equals("EARLY")
              || early <= MOST_EARLY
              || pane.index() < MOST_EARLY / 2
              || pane.index() >= early - MOST_EARLY / 2;
      if (!shown) {
        skipped++;
        from = pane.clock();
        continue;
      }
      if (skipped > 0) {
        out.append("  ... ").append(Words.count(skipped, "early pane")).append(" more\n");
        skipped = 0;
      }
      line(play, pane, from, out);
      from = pane.clock();
    }
    long dropped = play.arrivals().stream().filter(a -> a.fate() == Fate.DROPPED).count();
    if (dropped > 0) {
      out.append("  ").append(Words.count(dropped, "row")).append(" came too late and ");
      out.append(dropped == 1 ? "is" : "are").append(" in no pane\n");
    }
  }

  private static void line(Play play, Pane pane, long from, StringBuilder out) {
    char[] bar = " ".repeat(WIDTH).toCharArray();
    for (Arrival arrival : play.arrivals()) {
      if (arrival.clock() > from && arrival.clock() <= pane.clock()) {
        bar[place(play, arrival.event())] =
            arrival.fate() == Fate.IN_TIME ? '.' : arrival.fate() == Fate.LATE ? 'L' : 'x';
      }
    }
    boolean known = pane.watermark() > Long.MIN_VALUE / 4;
    if (known && pane.watermark() >= play.start()) {
      bar[place(play, pane.watermark())] = '|';
    }
    out.append("  ").append(CLOCK.format(instant(pane.clock()))).append("  ");
    out.append(known ? CLOCK.format(instant(pane.watermark())) : "   -    ").append("  [");
    out.append(bar)
        .append("]  ")
        .append(String.format("%-8s", pane.timing().toLowerCase(Locale.ROOT)));
    out.append(Words.count(pane.rows(), "row")).append(", ");
    out.append(Words.count(pane.results(), "result"));
    if (!pane.changed().isEmpty()) {
      out.append(": ").append(String.join("; ", pane.changed()));
    }
    out.append('\n');
  }

  private static int place(Play play, long time) {
    double share = (time - play.start()) / (double) Math.max(1, play.end() - play.start());
    return (int) Math.max(0, Math.min(WIDTH - 1, share * WIDTH));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
