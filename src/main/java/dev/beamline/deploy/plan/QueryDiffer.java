package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.QueryManifest;
import dev.beamline.deploy.manifest.QueryManifest.ColumnManifest;
import dev.beamline.project.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The differences between two versions of one query, without what it reads. */
final class QueryDiffer {

  private final QueryManifest before;
  private final QueryManifest after;
  private final boolean streaming;
  private final List<Reason> reasons = new ArrayList<>();

  private QueryDiffer(QueryManifest before, QueryManifest after, boolean streaming) {
    this.before = before;
    this.after = after;
    this.streaming = streaming;
  }

  /**
   * @param streaming whether a job with state runs it; a batch job computes everything anew
   */
  static List<Reason> compare(QueryManifest before, QueryManifest after, boolean streaming) {
    QueryDiffer differ = new QueryDiffer(before, after, streaming);
    differ.schema();
    differ.key();
    differ.window();
    differ.firing();
    differ.sink();
    differ.sql();
    differ.state();
    if (!Objects.equals(before.description(), after.description())) {
      differ.add(Aspect.DESCRIPTION, Mark.IN_PLACE, "the description of the table");
    }
    return differ.reasons;
  }

  private void add(Aspect aspect, Mark mark, String text) {
    // A batch job has no state to keep, and computes the whole table anew.
    Mark real =
        !streaming && (mark == Mark.RESTART || mark == Mark.BACKFILL) ? Mark.IN_PLACE : mark;
    reasons.add(new Reason(aspect, real, text));
  }

  private void schema() {
    Map<String, ColumnManifest> old = byName(before);
    Map<String, ColumnManifest> now = byName(after);
    old.forEach(
        (key, column) -> {
          ColumnManifest there = now.get(key);
          if (there == null) {
            add(Aspect.SCHEMA, Mark.BREAKING, "column " + column.name() + " is gone");
          } else if (!there.type().equals(column.type())) {
            add(
                Aspect.SCHEMA,
                Mark.BREAKING,
                "column " + column.name() + " was " + column.type() + " and is " + there.type());
          }
        });
    now.forEach(
        (key, column) -> {
          if (!old.containsKey(key)) {
            add(
                Aspect.SCHEMA,
                Mark.IN_PLACE,
                "column "
                    + column.name()
                    + " "
                    + column.type()
                    + " is added; rows that are there have NULL in it");
          }
        });
    if (reasons.isEmpty() && !new ArrayList<>(old.keySet()).equals(new ArrayList<>(now.keySet()))) {
      add(Aspect.SCHEMA, Mark.IN_PLACE, "the columns have another order");
    }
  }

  private static Map<String, ColumnManifest> byName(QueryManifest query) {
    Map<String, ColumnManifest> columns = new LinkedHashMap<>();
    query.columns().forEach(c -> columns.put(c.name().toLowerCase(Locale.ROOT), c));
    return columns;
  }

  private void key() {
    if (!set(before.key()).equals(set(after.key()))) {
      String text =
          "the key was ("
              + String.join(", ", before.key())
              + ") and is ("
              + String.join(", ", after.key())
              + ")";
      add(
          Aspect.KEY,
          before.upsert() || after.upsert() ? Mark.BREAKING : Mark.IN_PLACE,
          text + (after.upsert() ? ": the table's rows are told apart by it" : ""));
    }
    if (before.upsert() != after.upsert()) {
      add(
          Aspect.SINK,
          Mark.BREAKING,
          before.upsert()
              ? "write was upsert and is append: the table will hold each pane's row"
              : "write was append and is upsert: rows that are there stay beside those of their key");
    }
  }

  private static Set<String> set(List<String> names) {
    TreeSet<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(names);
    return set;
  }

  private void window() {
    if (!before.window().equals(after.window())) {
      String text = "the window was " + before.window() + " and is " + after.window();
      add(Aspect.WINDOW, Mark.RESTART, text + ": the state is kept by window");
      add(Aspect.WINDOW, Mark.BACKFILL, text + ": the table's windows are the old ones");
    }
  }

  private void firing() {
    for (String name : after.firing().keySet()) {
      String old = before.firing().getOrDefault(name, "none");
      String now = after.firing().getOrDefault(name, "none");
      if (!old.equals(now)) {
        add(
            Aspect.TRIGGER,
            Mark.IN_PLACE,
            (name.equals("allowed_lateness") ? name : "the " + name + " trigger")
                + " was "
                + old
                + " and is "
                + now
                + ": windows that are open keep their timers until these next fire");
      }
    }
    lateness();
    if (!before.accumulation().equals(after.accumulation())) {
      add(
          Aspect.TRIGGER,
          Mark.RESTART,
          "panes were "
              + before.accumulation()
              + " and are "
              + after.accumulation()
              + ": what has been sent of an open window would count in another way");
    }
  }

  /** A longer one lets rows into windows whose state went by the shorter one. */
  private void lateness() {
    String name = "allowed_lateness";
    Duration old = Durations.parse(before.firing().getOrDefault(name, "0s")).duration();
    Duration now = Durations.parse(after.firing().getOrDefault(name, "0s")).duration();
    if (old != null && now != null && now.compareTo(old) > 0) {
      add(
          Aspect.TRIGGER,
          Mark.BACKFILL,
          "windows that closed longer ago than "
              + Durations.format(old)
              + " are forgotten: a row for them that comes late makes a result without their others");
    }
  }

  private void sink() {
    QueryManifest.SinkManifest old = before.sink();
    QueryManifest.SinkManifest now = after.sink();
    if (before.output() != after.output()) {
      add(
          Aspect.SINK,
          after.output() ? Mark.BACKFILL : Mark.IN_PLACE,
          after.output()
              ? "it is written now; so far others only read it"
              : "it is no longer written, only read by others; its table stays as it is");
    }
    if (!after.output()) {
      return;
    }
    if (!old.type().equals(now.type())) {
      add(Aspect.SINK, Mark.RESTART, "rows went to " + place(old) + " and go to " + place(now));
      add(Aspect.SINK, Mark.BACKFILL, place(now) + " begins empty");
    } else if (!old.table().equals(now.table())) {
      add(
          Aspect.SINK,
          Mark.RESTART,
          "rows went to "
              + place(old)
              + " and go to "
              + place(now)
              + ": rows on their way belong to the old one");
      add(Aspect.SINK, Mark.BACKFILL, place(now) + " begins empty");
    }
    TreeSet<String> names = new TreeSet<>(old.settings().keySet());
    names.addAll(now.settings().keySet());
    for (String name : names) {
      @Nullable String was = old.settings().get(name);
      @Nullable String is = now.settings().get(name);
      if (!Objects.equals(was, is)) {
        boolean layout = name.startsWith("partition_");
        add(
            Aspect.SINK,
            layout ? Mark.BREAKING : Mark.IN_PLACE,
            name
                + " of the sink was "
                + shown(was)
                + " and is "
                + shown(is)
                + (layout
                    ? ": a table's partitioning cannot be changed, it has to be made anew"
                    : ""));
      }
    }
  }

  private static String place(QueryManifest.SinkManifest sink) {
    return sink.type() + " " + sink.table();
  }

  static String shown(@Nullable String value) {
    return value == null ? "not set" : value;
  }

  private void sql() {
    if (before.plan().equals(after.plan())) {
      return;
    }
    boolean own = !before.sql().equals(after.sql());
    Aspect aspect = own || after.queries().isEmpty() ? Aspect.SQL : Aspect.INPUT;
    String what =
        own
            ? "the SQL computes something else"
            : "a "
                + (aspect == Aspect.INPUT ? "query, " : "")
                + "function or parameter it uses has changed";
    add(
        aspect,
        Mark.IN_PLACE,
        !streaming
            ? what + "; the next run computes the whole table anew"
            : before.state().equals(after.state())
                ? what + "; windows that are open go on with the sums they have"
                : what);
    if (streaming && after.output()) {
      add(aspect, Mark.BACKFILL, "windows until now, with those that are open, are of the old SQL");
    }
  }

  private void state() {
    if (streaming && !before.state().equals(after.state())) {
      add(Aspect.STATE, Mark.RESTART, difference(before.state(), after.state()));
    }
  }

  private static String difference(List<String> old, List<String> now) {
    List<String> gone = new ArrayList<>(old);
    now.forEach(gone::remove);
    List<String> come = new ArrayList<>(now);
    old.forEach(come::remove);
    String text = "the state of the running job has another form";
    if (!gone.isEmpty()) {
      text += ": it has " + String.join("; ", gone);
    }
    if (!come.isEmpty()) {
      text += (gone.isEmpty() ? ": " : ", ") + "the new job needs " + String.join("; ", come);
    }
    return text;
  }
}
