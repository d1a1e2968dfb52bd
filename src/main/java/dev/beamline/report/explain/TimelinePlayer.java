package dev.beamline.report.explain;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.format.ValueText;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Query;
import dev.beamline.project.Windowing;
import dev.beamline.report.explain.Timeline.Arrival;
import dev.beamline.report.explain.Timeline.Fate;
import dev.beamline.report.explain.Timeline.Pane;
import dev.beamline.report.explain.Timeline.Play;
import dev.beamline.sql.CompiledProject;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Plays a query's sample: which pane of a window is sent when, and with what. */
public final class TimelinePlayer {

  private static final int MOST_CHANGES = 3;

  private final QueryPlan plan;
  private final Query query;
  private final SourceRows samples;
  private final long lateness;
  private final Map<String, Long> outOfOrder = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Event> wantedEvents = new ArrayList<>();

  /** A row of a source. */
  private record Event(String source, int row, long time, long clock, long watermark) {}

  private TimelinePlayer(CompiledProject compiled, String name, SourceRows samples) {
    plan = compiled.plan(name);
    query = compiled.project().query(name);
    this.samples = samples;
    lateness = micros(query.windowing().allowedLateness());
    compiled
        .project()
        .sources()
        .values()
        .forEach(s -> outOfOrder.put(s.name(), micros(s.watermark().maxOutOfOrderness())));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /**
   * Plays some windows: those first that late rows correct.
   *
   * @param windows at most so many
   * @return empty where the result has no windows of fixed places
   */
  public static Optional<Timeline> play(
      CompiledProject compiled, String query, SourceRows samples, int windows) {
    return new TimelinePlayer(compiled, query, samples).play(windows);
  }

  private Optional<Timeline> play(int windows) {
    QueryPlan.ResultWindow result = plan.window();
    if (result == null
        || result.spec() instanceof WindowSpec.Session
        || result.spec() instanceof WindowSpec.Global) {
      return Optional.empty();
    }
    readEvents();
    TimeGrid grid = TimeGrid.of(result.spec());
    Map<Window, List<Event>> byWindow =
        new TreeMap<>(Comparator.comparingLong(Window::start).thenComparingLong(Window::end));
    for (Event event : wantedEvents) {
      List<Window> all = grid.windows(grid.sliceStart(event.time()));
      // Of windows that overlap, a few tell as much as all.
      for (Window window : all.subList(0, Math.min(3, all.size()))) {
        byWindow.computeIfAbsent(window, w -> new ArrayList<>()).add(event);
      }
    }
    List<Map.Entry<Window, List<Event>>> chosen = new ArrayList<>(byWindow.entrySet());
    chosen.sort(
        Comparator.comparingInt(
            entry ->
                entry.getValue().stream().anyMatch(e -> e.watermark() >= entry.getKey().end())
                    ? 0
                    : 1));
    List<Play> plays =
        chosen.stream()
            .limit(windows)
            .sorted(Comparator.comparingLong(entry -> entry.getKey().start()))
            .map(entry -> play(entry.getKey(), entry.getValue()))
            .toList();
    return Optional.of(new Timeline(query.name(), Words.panes(query.windowing()), plays));
  }

  /** The rows of all sources that have an event time, as they come. */
  private void readEvents() {
    Map<String, Plan.Scan> scans = new TreeMap<>();
    Map<String, BitSet> wanted = new HashMap<>();
    Plans.forEach(
        plan.plan(),
        node -> {
          if (node instanceof Plan.Scan scan && scan.eventTime() >= 0) {
            scans.putIfAbsent(scan.source(), scan);
            wanted.computeIfAbsent(scan.source(), name -> new BitSet()).or(passing(scan));
          }
        });
    List<Event> unordered = new ArrayList<>();
    Set<Event> used = new HashSet<>();
    for (Plan.Scan scan : scans.values()) {
      long newest = Long.MIN_VALUE;
      int number = 0;
      for (Tuple row : samples.rows(whole(scan))) {
        if (row.get(scan.eventTime()) instanceof Long time) {
          // A row that the query does not want moves the watermark all the same.
          newest = Math.max(newest, time);
          unordered.add(new Event(scan.source(), number, time, newest, 0));
          if (wanted.getOrDefault(scan.source(), new BitSet()).get(number)) {
            used.add(unordered.get(unordered.size() - 1));
          }
        }
        number++;
      }
    }
    unordered.sort(Comparator.comparingLong(Event::clock));
    Map<String, Long> marks = new HashMap<>();
    for (Event event : unordered) {
      marks.merge(
          event.source(),
          event.clock() - outOfOrder.getOrDefault(event.source(), 0L),
          (a, b) -> Math.max(a, b));
      // The watermark as it was when the row came: of the slowest source.
      long watermark =
          marks.size() < scans.size()
              ? Long.MIN_VALUE / 2
              : marks.values().stream().mapToLong(Long::longValue).min().orElse(0);
      Event marked = new Event(event.source(), event.row(), event.time(), event.clock(), watermark);
      events.add(marked);
      if (used.contains(event)) {
        wantedEvents.add(marked);
      }
    }
  }

  /** The numbers of the rows that a scan wants. */
  private BitSet passing(Plan.Scan scan) {
    Evaluator filter =
        scan.filter() == null
            ? row -> true
            : ExpressionCompiler.with(LocalExecutor.SUBQUERIES).evaluator(scan.filter());
    BitSet passing = new BitSet();
    int number = 0;
    for (Tuple row : samples.rows(whole(scan))) {
      try {
        passing.set(number, Boolean.TRUE.equals(filter.evaluate(row)));
      } catch (EvaluationException e) {
        // A run refuses it.
        passing.clear(number);
      }
      number++;
    }
    return passing;
  }

  private static Plan.Scan whole(Plan.Scan scan) {
    return new Plan.Scan(scan.source(), scan.schema(), scan.eventTime(), scan.bounded(), null);
  }

  private Play play(Window window, List<Event> rows) {
    List<Arrival> arrivals = new ArrayList<>();
    List<Event> used = new ArrayList<>();
    for (Event event : rows) {
      boolean late = event.watermark() >= window.end();
      boolean dropped = event.watermark() >= window.end() + lateness && late;
      Fate fate = dropped ? Fate.DROPPED : late ? Fate.LATE : Fate.IN_TIME;
      arrivals.add(new Arrival(event.time(), event.clock(), event.watermark(), fate));
      if (!dropped) {
        used.add(event);
      }
    }
    return new Play(window.start(), window.end(), arrivals, panes(window, used));
  }

  private List<Pane> panes(Window window, List<Event> rows) {
    Long passed = null;
    long mark = 0;
    for (Event event : events) {
      if (event.watermark() >= window.end()) {
        passed = event.clock();
        mark = event.watermark();
        break;
      }
    }
    Firings firings = new Firings(window);
    Windowing.Trigger trigger = query.windowing().trigger();
    List<Event> before = new ArrayList<>();
    List<Event> after = new ArrayList<>();
    for (Event event : rows) {
      (event.watermark() >= window.end() ? after : before).add(event);
    }
    firings.fire("EARLY", before, trigger.early(), passed == null ? Long.MAX_VALUE : passed);
    long end = passed == null ? events.get(events.size() - 1).clock() : passed;
    firings.send("ON_TIME", end, passed == null ? window.end() : mark, before.size());
    Windowing.Firing late = trigger.late();
    firings.fire("LATE", after, late == null ? new Windowing.AfterCount(1) : late, Long.MAX_VALUE);
    return firings.panes;
  }

  /** The panes of a window, one after the other. */
  private final class Firings {
    private final Window window;
    private final List<Pane> panes = new ArrayList<>();
    private final List<Event> seen = new ArrayList<>();
    private Map<String, String> results = Map.of();

    Firings(Window window) {
      this.window = window;
    }

    /** Sends as the trigger says, until a time. */
    void fire(String timing, List<Event> rows, Windowing.@Nullable Firing trigger, long until) {
      long due = Long.MAX_VALUE;
      int waiting = 0;
      for (int i = 0; i < rows.size(); i++) {
        Event event = rows.get(i);
        if (due <= event.clock() && waiting > 0 && due < until) {
          send(timing, due, watermarkAt(due), seen.size());
          waiting = 0;
        }
        seen.add(event);
        waiting++;
        if (trigger instanceof Windowing.Every every && waiting == 1) {
          due = event.clock() + micros(every.period());
        } else if (trigger instanceof Windowing.AfterCount count && waiting >= count.count()) {
          send(timing, event.clock(), event.watermark(), seen.size());
          waiting = 0;
        }
      }
      if (trigger instanceof Windowing.Every && waiting > 0 && due < until) {
        send(timing, due, watermarkAt(due), seen.size());
      }
    }

    void send(String timing, long clock, long watermark, int rows) {
      Map<String, String> now = compute();
      List<String> changed = new ArrayList<>();
      for (Map.Entry<String, String> entry : now.entrySet()) {
        if (!entry.getValue().equals(results.get(entry.getKey()))) {
          changed.add(entry.getValue());
        }
      }
      results = now;
      List<String> shown =
          changed.size() <= MOST_CHANGES
              ? changed
              : new ArrayList<>(changed.subList(0, MOST_CHANGES));
      if (changed.size() > MOST_CHANGES) {
        shown.add("and " + (changed.size() - MOST_CHANGES) + " more");
      }
      panes.add(new Pane(timing, panes.size(), clock, watermark, rows, now.size(), shown));
    }

    /** The window's rows of the result, by their key. */
    private Map<String, String> compute() {
      Map<String, List<Tuple>> rows = new HashMap<>();
      SourceRows sources =
          scan -> {
            if (scan.eventTime() < 0) {
              return samples.rows(scan);
            }
            return rows.computeIfAbsent(
                scan.source() + scan.schema().names(), key -> arrived(scan));
          };
      QueryPlan.ResultWindow result = java.util.Objects.requireNonNull(plan.window());
      Map<String, String> found = new TreeMap<>();
      for (Tuple row : new LocalExecutor(sources, (r, error) -> {}).run(plan.plan())) {
        if (Long.valueOf(window.start()).equals(row.get(result.start()))
            && Long.valueOf(window.end()).equals(row.get(result.end()))) {
          found.put(text(row, true), text(row, false));
        }
      }
      return found;
    }

    private List<Tuple> arrived(Plan.Scan scan) {
      BitSet numbers = new BitSet();
      seen.stream()
          .filter(event -> event.source().equals(scan.source()))
          .forEach(event -> numbers.set(event.row()));
      List<Tuple> kept = new ArrayList<>();
      int number = 0;
      for (Tuple row : samples.rows(whole(scan))) {
        if (numbers.get(number)) {
          kept.add(row);
        }
        number++;
      }
      return kept;
    }

    private String text(Tuple row, boolean key) {
      Schema schema = plan.schema();
      QueryPlan.ResultWindow result = java.util.Objects.requireNonNull(plan.window());
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < schema.size(); i++) {
        boolean isWindow = i == result.start() || i == result.end();
        if (!isWindow && (!key || plan.key().isEmpty() || plan.key().contains(i))) {
          text.append(text.isEmpty() ? "" : " ");
          text.append(schema.name(i))
              .append('=')
              .append(ValueText.text(schema.type(i), row.get(i)));
        }
      }
      return text.toString();
    }
  }

  private long watermarkAt(long clock) {
    long watermark = Long.MIN_VALUE / 2;
    for (Event event : events) {
      if (event.clock() > clock) {
        break;
      }
      watermark = event.watermark();
    }
    return watermark;
  }
}
