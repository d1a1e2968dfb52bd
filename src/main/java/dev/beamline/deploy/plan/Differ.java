package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.QueryManifest;
import dev.beamline.deploy.manifest.SourceManifest;
import dev.beamline.deploy.manifest.TimeRange;
import dev.beamline.deploy.plan.PipelineChange.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares a pipeline with what is deployed of it. */
public final class Differ {

  /** Settings of a source that state depends on: which rows have been seen, and their time. */
  private static final Set<String> OF_STATE =
      Set.of("deduplicate_by", "deduplicate_within", "event_time", "timestamp_attribute");

  private final @Nullable Deployed deployed;
  private final @Nullable Manifest before;
  private final Manifest after;
  private final Backfills backfills;
  private final Map<String, TableFinding> found;
  private final Set<String> moved = new TreeSet<>();

  private Differ(
      @Nullable Deployed deployed, Manifest after, Instant now, Map<String, TableFinding> found) {
    this.found = found;
    this.deployed = deployed;
    this.before = deployed == null ? null : deployed.manifest();
    this.after = after;
    this.backfills = new Backfills(before, now);
  }

  /**
   * What takes a pipeline from what is deployed to what the project says.
   *
   * @param deployed null: nothing is
   */
  public static PipelineChange compare(@Nullable Deployed deployed, Manifest after, Instant now) {
    return compare(deployed, after, now, Map.of());
  }

  /**
   * Likewise.
   *
   * @param found what the tables really are, by query; those that were not looked at are not in it
   */
  public static PipelineChange compare(
      @Nullable Deployed deployed, Manifest after, Instant now, Map<String, TableFinding> found) {
    return new Differ(deployed, after, now, found).compare();
  }

  /** The end of a pipeline that the project has no longer. */
  public static PipelineChange removed(Deployed deployed) {
    Manifest before = deployed.manifest();
    List<QueryChange> queries = new ArrayList<>();
    before
        .queries()
        .forEach(
            (name, query) ->
                queries.add(
                    new QueryChange(
                        name,
                        QueryChange.Kind.REMOVED,
                        null,
                        List.of(new Reason(Aspect.REMOVED, Mark.IN_PLACE, tableStays(query))),
                        null,
                        List.of(),
                        query.sql(),
                        null)));
    return new PipelineChange(
        before.pipeline(),
        before.mode(),
        Action.DRAIN,
        before,
        null,
        deployed.job(),
        List.of(
            new Reason(Aspect.REMOVED, Mark.RESTART, "the project has this pipeline no longer")),
        queries);
  }

  private PipelineChange compare() {
    List<Reason> reasons = new ArrayList<>();
    List<QueryChange> queries = new ArrayList<>();
    if (before != null) {
      ofPipeline(before, reasons);
    }
    Map<String, QueryManifest> old = before == null ? Map.of() : before.queries();
    Map<String, String> renamed = renamed(old);
    for (Map.Entry<String, QueryManifest> entry : after.queries().entrySet()) {
      String from = renamed.getOrDefault(entry.getKey(), entry.getKey());
      QueryManifest there = old.get(from);
      queries.add(
          there == null
              ? added(entry.getKey(), entry.getValue())
              : changed(entry.getKey(), from, there, entry.getValue()));
    }
    propagate(queries);
    for (Map.Entry<String, QueryManifest> entry : old.entrySet()) {
      if (!after.queries().containsKey(entry.getKey()) && !renamed.containsValue(entry.getKey())) {
        queries.add(removed(entry.getKey(), entry.getValue()));
      }
    }
    queries.sort(java.util.Comparator.comparing(QueryChange::name));
    return new PipelineChange(
        after.pipeline(),
        after.mode(),
        action(reasons, queries),
        before,
        after,
        deployed == null ? null : deployed.job(),
        reasons,
        queries);
  }

  private Action action(List<Reason> reasons, List<QueryChange> queries) {
    if (deployed == null || (deployed.needsJob() && deployed.job() == null)) {
      return Action.LAUNCH;
    }
    boolean restart =
        reasons.stream().anyMatch(r -> r.mark() == Mark.RESTART)
            || queries.stream().anyMatch(q -> q.has(Mark.RESTART));
    if (restart) {
      return Action.REPLACE;
    }
    boolean changed =
        !reasons.isEmpty()
            || queries.stream().anyMatch(q -> q.kind() != QueryChange.Kind.UNCHANGED);
    return changed ? Action.UPDATE : Action.NONE;
  }

  private void ofPipeline(Manifest old, List<Reason> reasons) {
    boolean streaming = after.streaming();
    if (deployed != null && deployed.needsJob() && deployed.job() == null) {
      reasons.add(
          new Reason(
              Aspect.JOB,
              Mark.IN_PLACE,
              "the job that was deployed runs no longer: a new one is launched, "
                  + ("flink".equals(after.settings().get("runner"))
                      ? "with the state that it left in savepoint_path, if any, else without"
                      : "without its state")));
    }
    if (!old.mode().equals(after.mode())) {
      reasons.add(
          new Reason(
              Aspect.MODE, Mark.RESTART, "it was " + old.mode() + " and is " + after.mode()));
    }
    if (streaming && old.stateFormat() != after.stateFormat()) {
      reasons.add(
          new Reason(
              Aspect.STATE,
              Mark.RESTART,
              "this version of Beamline keeps state in form "
                  + after.stateFormat()
                  + ", the running job in form "
                  + old.stateFormat()));
    }
    if (!old.beamline().equals(after.beamline())) {
      reasons.add(
          new Reason(
              Aspect.VERSION,
              Mark.IN_PLACE,
              "Beamline was " + old.beamline() + " and is " + after.beamline()));
    }
    TreeSet<String> names = new TreeSet<>(old.settings().keySet());
    names.addAll(after.settings().keySet());
    for (String name : names) {
      @Nullable String was = old.settings().get(name);
      @Nullable String is = after.settings().get(name);
      if (!Objects.equals(was, is)) {
        boolean elsewhere =
            name.equals("runner")
                || name.equals("region")
                || name.equals("project")
                || name.equals("streaming_engine");
        reasons.add(
            new Reason(
                Aspect.SETTINGS,
                elsewhere && streaming ? Mark.RESTART : Mark.IN_PLACE,
                name + " was " + QueryDiffer.shown(was) + " and is " + QueryDiffer.shown(is)));
      }
    }
  }

  /** New name to old: a query that computes the same, under the name of another file. */
  private Map<String, String> renamed(Map<String, QueryManifest> old) {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, QueryManifest> entry : after.queries().entrySet()) {
      if (old.containsKey(entry.getKey())) {
        continue;
      }
      List<String> same =
          old.entrySet().stream()
              .filter(o -> !after.queries().containsKey(o.getKey()))
              .filter(o -> !renamed.containsValue(o.getKey()))
              .filter(o -> o.getValue().plan().equals(entry.getValue().plan()))
              .filter(o -> o.getValue().state().equals(entry.getValue().state()))
              .map(Map.Entry::getKey)
              .toList();
      if (same.size() == 1) {
        renamed.put(entry.getKey(), same.get(0));
      }
    }
    return renamed;
  }

  private QueryChange added(String name, QueryManifest query) {
    List<Reason> reasons = new ArrayList<>();
    @Nullable TimeRange backfill = null;
    reasons.add(
        new Reason(
            Aspect.NEW,
            Mark.IN_PLACE,
            query.output() ? "writes " + table(query) : "only read by other queries"));
    if (before != null && after.streaming() && query.output() && query.windowed()) {
      backfill = backfills.ofPipeline(query);
      reasons.add(
          new Reason(
              Aspect.NEW,
              Mark.BACKFILL,
              "it begins with the events from now on; the other tables go further back"));
    }
    ofFound(name, null, query, reasons);
    return new QueryChange(
        name, QueryChange.Kind.NEW, null, reasons, backfill, readers(name), null, query.sql());
  }

  private QueryChange removed(String name, QueryManifest query) {
    return new QueryChange(
        name,
        QueryChange.Kind.REMOVED,
        null,
        List.of(new Reason(Aspect.REMOVED, Mark.IN_PLACE, tableStays(query))),
        null,
        List.of(),
        query.sql(),
        null);
  }

  private static String tableStays(QueryManifest query) {
    return query.output()
        ? table(query) + " stays as it is, and gets no more rows"
        : "it was only read by other queries";
  }

  private static String table(QueryManifest query) {
    return query.sink().type() + " " + query.sink().table();
  }

  private QueryChange changed(String name, String from, QueryManifest old, QueryManifest query) {
    boolean streaming = after.streaming();
    List<Reason> reasons = new ArrayList<>(QueryDiffer.compare(old, query, streaming));
    if (!name.equals(from)) {
      boolean lost =
          streaming
              && !query.state().isEmpty()
              && !"dataflow".equals(after.settings().get("runner"));
      reasons.add(
          new Reason(
              Aspect.RENAMED,
              lost ? Mark.RESTART : Mark.IN_PLACE,
              "it was "
                  + from
                  + ", and computes the same"
                  + (lost
                      ? "; Flink finds state by the names of steps, and this one's stays behind"
                      : "")));
    }
    for (String source : query.sources()) {
      SourceManifest was = before == null ? null : before.sources().get(source);
      SourceManifest is = after.sources().get(source);
      if (was != null && is != null) {
        ofSource(source, was, is, reasons);
      }
    }
    ofTable(name, query, reasons);
    ofFound(name, old, query, reasons);
    boolean fill =
        reasons.stream().anyMatch(r -> r.mark() == Mark.BACKFILL)
            && query.output()
            && query.windowed();
    return new QueryChange(
        name,
        reasons.isEmpty() ? QueryChange.Kind.UNCHANGED : QueryChange.Kind.CHANGED,
        name.equals(from) ? null : from,
        reasons,
        fill ? backfills.ofTable(from, query) : null,
        readers(name),
        old.sql(),
        query.sql());
  }

  /** What the table itself says, whatever was deployed. */
  private void ofTable(String name, QueryManifest query, List<Reason> reasons) {
    Map<String, String> columns = deployed == null ? null : deployed.tables().get(name);
    if (columns == null || !query.output()) {
      return;
    }
    if (columns.isEmpty()) {
      reasons.add(
          new Reason(
              Aspect.TABLE,
              after.streaming() ? Mark.BACKFILL : Mark.IN_PLACE,
              table(query) + " is not there any more; it is made again"));
      return;
    }
    for (QueryManifest.ColumnManifest column : query.columns()) {
      String type = columns.get(column.name().toLowerCase(Locale.ROOT));
      if (type != null && !type.equals(column.type())) {
        reasons.add(
            new Reason(
                Aspect.TABLE,
                Mark.BREAKING,
                "column "
                    + column.name()
                    + " of the table is "
                    + type
                    + ", and the query gives "
                    + column.type()));
      }
    }
  }

  /**
   * What a look at the table told. What the project's own changes make of it is said by them.
   *
   * @param old null: a new query
   */
  private void ofFound(
      String name, @Nullable QueryManifest old, QueryManifest query, List<Reason> reasons) {
    TableFinding finding = query.output() ? found.get(name) : null;
    if (finding == null) {
      return;
    }
    boolean sameTable = old != null && old.sink().table().equals(query.sink().table());
    if (finding.missing() && sameTable) {
      reasons.add(
          new Reason(
              Aspect.TABLE,
              after.streaming() ? Mark.BACKFILL : Mark.IN_PLACE,
              "table " + finding.table() + " is not there any more; it is made again"));
    }
    finding.breaking().forEach(text -> reasons.add(new Reason(Aspect.TABLE, Mark.BREAKING, text)));
    boolean said =
        reasons.stream()
            .anyMatch(
                r ->
                    r.aspect() == Aspect.SCHEMA
                        || r.aspect() == Aspect.SINK
                        || r.aspect() == Aspect.DESCRIPTION);
    if (!said) {
      finding
          .inPlace()
          .forEach(
              text ->
                  reasons.add(
                      new Reason(
                          Aspect.TABLE, Mark.IN_PLACE, "table " + finding.table() + ": " + text)));
    }
  }

  /** Which copies were seen is kept by the values of these columns. */
  private static boolean tellsCopies(String column, SourceManifest source) {
    return Arrays.stream(source.settings().getOrDefault("deduplicate_by", "").split(","))
        .anyMatch(column::equalsIgnoreCase);
  }

  private void ofSource(String name, SourceManifest was, SourceManifest is, List<Reason> reasons) {
    boolean streaming = after.streaming();
    Mark restart = streaming ? Mark.RESTART : Mark.IN_PLACE;
    String subject = "source " + name + ": ";
    if (!was.type().equals(is.type()) || !was.location().equals(is.location())) {
      reasons.add(
          new Reason(
              Aspect.SOURCE,
              restart,
              subject
                  + "it was "
                  + was.type()
                  + " "
                  + was.location()
                  + " and is "
                  + is.type()
                  + " "
                  + is.location()));
    }
    TreeSet<String> names = new TreeSet<>(was.settings().keySet());
    names.addAll(is.settings().keySet());
    for (String setting : names) {
      @Nullable String old = was.settings().get(setting);
      @Nullable String now = is.settings().get(setting);
      if (!Objects.equals(old, now)) {
        reasons.add(
            new Reason(
                Aspect.SOURCE,
                OF_STATE.contains(setting) ? restart : Mark.IN_PLACE,
                subject
                    + setting
                    + " was "
                    + QueryDiffer.shown(old)
                    + " and is "
                    + QueryDiffer.shown(now)));
      }
    }
    TreeMap<String, String> columns = new TreeMap<>(was.columns());
    columns.putAll(is.columns());
    for (String column : columns.keySet()) {
      @Nullable String old = was.columns().get(column);
      @Nullable String now = is.columns().get(column);
      if (old != null && now != null && !old.equals(now)) {
        reasons.add(
            new Reason(
                Aspect.SOURCE,
                tellsCopies(column, was) ? restart : Mark.IN_PLACE,
                subject + "column " + column + " was " + old + " and is " + now));
      }
    }
  }

  /** A query whose input changes computes something else, though its own SQL is the same. */
  private void propagate(List<QueryChange> queries) {
    for (QueryChange change : queries) {
      if (change.reasons().stream()
          .anyMatch(
              r ->
                  r.aspect() == Aspect.SQL
                      || r.aspect() == Aspect.INPUT
                      || r.aspect() == Aspect.WINDOW)) {
        moved.add(change.name());
      }
    }
    boolean more = true;
    while (more) {
      more = false;
      for (int i = 0; i < queries.size(); i++) {
        QueryChange change = queries.get(i);
        QueryManifest query = Objects.requireNonNull(after.queries().get(change.name()));
        if (change.aspects().contains(Aspect.INPUT)
            || change.kind() == QueryChange.Kind.NEW
            || query.queries().stream().noneMatch(moved::contains)) {
          continue;
        }
        moved.add(change.name());
        more = true;
        queries.set(i, withInput(change, query));
      }
    }
  }

  private QueryChange withInput(QueryChange change, QueryManifest query) {
    List<Reason> reasons = new ArrayList<>(change.reasons());
    String inputs = String.join(", ", query.queries().stream().filter(moved::contains).toList());
    boolean fill = after.streaming() && query.output() && query.windowed();
    reasons.add(
        new Reason(
            Aspect.INPUT,
            fill ? Mark.BACKFILL : Mark.IN_PLACE,
            "it reads " + inputs + ", which changes"));
    return new QueryChange(
        change.name(),
        QueryChange.Kind.CHANGED,
        change.renamedFrom(),
        reasons,
        change.backfill() != null || !fill
            ? change.backfill()
            : backfills.ofTable(
                change.renamedFrom() == null ? change.name() : change.renamedFrom(), query),
        change.readers(),
        change.sqlBefore(),
        change.sqlAfter());
  }

  private List<String> readers(String name) {
    List<String> readers = new ArrayList<>();
    after
        .queries()
        .forEach(
            (other, query) -> {
              if (query.queries().contains(name)) {
                readers.add(other);
              }
            });
    return readers;
  }
}
