package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.Windowing.AccumulationMode;
import dev.beamline.project.Windowing.Firing;
import dev.beamline.project.Windowing.Trigger;
import dev.beamline.project.Windowing.WindowChoice;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code windowing} of defaults, queries and tests. */
final class WindowingShapes {

  private WindowingShapes() {}

  private enum WindowType {
    FIXED,
    SLIDING,
    SESSIONS,
    GLOBAL
  }

  private static final Key<Duration> EVERY =
      Key.of(
          "every",
          Shapes.positiveDuration(),
          "So long after the first new row, in processing time.");
  private static final Key<Integer> AFTER_COUNT =
      Key.of("after_count", Shapes.integer(1, Integer.MAX_VALUE), "After so many new rows.");
  private static final ObjectShape<Firing> FIRING =
      new ObjectShape<>(
          "a firing", "When a pane fires.", List.of(EVERY, AFTER_COUNT), WindowingShapes::firing);
  private static final Key<Firing> EARLY =
      Key.of("early", FIRING, "Speculative panes before the end of the window.");
  private static final Key<Firing> LATE =
      Key.of("late", FIRING, "Corrections after it. Default: for each late bundle.");
  private static final ObjectShape<Trigger> TRIGGER =
      new ObjectShape<>(
          "a trigger",
          "When panes fire besides the one at the end of the window.",
          List.of(EARLY, LATE),
          f -> new Trigger(f.get(EARLY), f.get(LATE)));

  private static final Key<WindowType> TYPE =
      Key.of("type", Shapes.oneOf(WindowType.class), "The window, where the SQL names none.");
  private static final Key<Duration> SIZE =
      Key.of("size", Shapes.positiveDuration(), "Length of a fixed or sliding window.");
  private static final Key<Duration> PERIOD =
      Key.of("period", Shapes.positiveDuration(), "How often a sliding window starts.");
  private static final Key<Duration> GAP =
      Key.of("gap", Shapes.positiveDuration(), "A silence this long ends a session.");
  private static final Key<Duration> OFFSET =
      Key.of(
          "offset",
          Shapes.duration(),
          "Shifts the starts of fixed or sliding windows. Default: 0s.");
  private static final Key<Duration> ALLOWED_LATENESS =
      Key.of(
          "allowed_lateness",
          Shapes.duration(),
          "How long after its end a window still takes late rows. Default: 0s.");
  private static final Key<Trigger> TRIGGER_KEY =
      Key.of("trigger", TRIGGER, "When panes fire besides the one at the end of the window.");
  private static final Key<AccumulationMode> ACCUMULATION_MODE =
      Key.of(
          "accumulation_mode",
          Shapes.oneOf(AccumulationMode.class),
          "Whether a later pane holds all rows of the window or only the new ones. Default: accumulating.");

  private static final Set<String> WINDOW_KEYS = Set.of("type", "size", "period", "gap", "offset");

  static final ObjectShape<Windowing> WINDOWING =
      new ObjectShape<>(
          "windowing",
          "Windows, lateness and triggers.",
          List.of(
              TYPE, SIZE, PERIOD, GAP, OFFSET, ALLOWED_LATENESS, TRIGGER_KEY, ACCUMULATION_MODE),
          WindowingShapes::windowing);

  /**
   * Lays settings over their defaults: the window as a whole, the rest key by key.
   *
   * @param own null where nothing is written
   * @param defaults likewise
   */
  static @Nullable YamlNode over(@Nullable YamlNode own, @Nullable YamlNode defaults) {
    if (!(own instanceof YamlMap map) || !(defaults instanceof YamlMap under)) {
      return own == null ? defaults : own;
    }
    boolean ownWindow = map.entries().stream().anyMatch(WindowingShapes::isWindowKey);
    if (!ownWindow) {
      return map.over(under);
    }
    List<Entry> policy = under.entries().stream().filter(e -> !isWindowKey(e)).toList();
    return map.over(new YamlMap(policy, under.place()));
  }

  private static boolean isWindowKey(Entry entry) {
    return WINDOW_KEYS.contains(entry.key().text());
  }

  /** Whether the settings name a window. */
  static boolean namesWindow(@Nullable YamlNode windowing) {
    return windowing instanceof YamlMap map && map.entry("type") != null;
  }

  private static @Nullable Firing firing(Fields f) {
    Duration every = f.get(EVERY);
    Integer count = f.get(AFTER_COUNT);
    if (f.has(EVERY) == f.has(AFTER_COUNT)) {
      f.error(
          f.has(EVERY) ? DiagnosticCode.CONFLICTING_SETTINGS : DiagnosticCode.MISSING_KEY,
          f.owner().place(),
          "\"" + f.owner().value() + "\" takes one of \"every\" and \"after_count\"",
          "such as {every: 10s} or {after_count: 100}");
      return null;
    }
    if (every != null) {
      return new Windowing.Every(every);
    }
    return count == null ? null : new Windowing.AfterCount(count);
  }

  private static Windowing windowing(Fields f) {
    Windowing defaults = Windowing.DEFAULT;
    return new Windowing(
        window(f),
        false,
        f.or(ALLOWED_LATENESS, defaults.allowedLateness()),
        f.or(TRIGGER_KEY, defaults.trigger()),
        f.or(ACCUMULATION_MODE, defaults.accumulationMode()));
  }

  private static @Nullable WindowChoice window(Fields f) {
    WindowType type = f.get(TYPE);
    if (type == null) {
      if (!f.has(TYPE)) {
        for (Key<?> key : List.of(SIZE, PERIOD, GAP, OFFSET)) {
          if (f.has(key)) {
            f.error(
                DiagnosticCode.MISSING_KEY,
                f.placeOfKey(key),
                "\"" + key.name() + "\" needs the key \"type\" beside it",
                "type: fixed, sliding, sessions or global");
          }
        }
      }
      return null;
    }
    return switch (type) {
      case FIXED -> {
        boolean fits = fits(f, "fixed", List.of(SIZE), PERIOD, GAP);
        Duration size = f.get(SIZE);
        yield !fits || size == null
            ? null
            : new Windowing.Fixed(size, offset(f, size, SIZE), f.placeOf(TYPE));
      }
      case SLIDING -> {
        boolean fits = fits(f, "sliding", List.of(SIZE, PERIOD), GAP);
        Duration size = f.get(SIZE);
        Duration period = f.get(PERIOD);
        if (!fits || size == null || period == null) {
          yield null;
        }
        if (period.compareTo(size) > 0) {
          f.error(
              DiagnosticCode.WINDOW_INVALID,
              f.placeOf(PERIOD),
              "a period of "
                  + Durations.format(period)
                  + " is longer than the size of "
                  + Durations.format(size)
                  + ": rows between the windows would be lost",
              "period must be at most size");
        }
        yield new Windowing.Sliding(size, period, offset(f, period, PERIOD), f.placeOf(TYPE));
      }
      case SESSIONS -> {
        boolean fits = fits(f, "sessions", List.of(GAP), SIZE, PERIOD, OFFSET);
        Duration gap = f.get(GAP);
        yield !fits || gap == null ? null : new Windowing.Sessions(gap, f.placeOf(TYPE));
      }
      case GLOBAL ->
          fits(f, "global", List.of(), SIZE, PERIOD, GAP, OFFSET)
              ? new Windowing.Global(f.placeOf(TYPE))
              : null;
    };
  }

  private static boolean fits(Fields f, String type, List<Key<?>> needed, Key<?>... foreign) {
    boolean fits = true;
    for (Key<?> key : needed) {
      if (!f.has(key)) {
        fits = false;
        f.error(
            DiagnosticCode.MISSING_KEY,
            f.placeOf(TYPE),
            "a window of type " + type + " needs the key \"" + key.name() + "\"",
            key.description());
      }
    }
    for (Key<?> key : foreign) {
      if (f.has(key)) {
        fits = false;
        f.error(
            DiagnosticCode.CONFLICTING_SETTINGS,
            f.placeOfKey(key),
            "a window of type " + type + " has no \"" + key.name() + "\"",
            needed.isEmpty()
                ? "remove it"
                : "it has: "
                    + String.join(", ", needed.stream().map(Key::name).toList())
                    + (type.equals("sessions") ? "" : ", offset"));
      }
    }
    return fits;
  }

  private static Duration offset(Fields f, Duration length, Key<?> lengthKey) {
    Duration offset = f.or(OFFSET, Duration.ZERO);
    if (offset.compareTo(length) >= 0) {
      f.error(
          DiagnosticCode.WINDOW_INVALID,
          f.placeOf(OFFSET),
          "an offset of "
              + Durations.format(offset)
              + " is not less than the "
              + lengthKey.name()
              + " of "
              + Durations.format(length),
          null);
      return Duration.ZERO;
    }
    return offset;
  }
}
