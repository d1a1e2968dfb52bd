package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.Change;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.RowPipe;
import dev.beamline.transform.stage.RowProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of a pane on for one reader, compiled. Where panes follow each other it remembers
 * (in the window's state) under which keys the reader has rows, and takes back those that the new
 * pane has no row for.
 */
final class PaneSender {

  private final RowProgram program;
  private final RowPipe pipe;
  private final RowErrors errors;
  private final boolean manyPanes;
  private final @Nullable GroupPlaces places;
  private final @Nullable Kernel reader;
  private final @Nullable GroupBuffer buffer;

  PaneSender(RowProgram program, boolean manyPanes) {
    this.program = program;
    this.pipe = new RowPipe(program.steps(), program.input(), Compilers.expressions());
    this.errors = new RowErrors(program.query(), program.input());
    this.manyPanes = manyPanes;
    if (program.end() instanceof RowEnd.Sums sums) {
      this.places = new GroupPlaces(sums.input());
      this.reader = sums.input().grouping().compile();
      this.buffer = manyPanes ? null : new GroupBuffer(sums.input(), sums.tag());
    } else {
      this.places = null;
      this.reader = null;
      this.buffer = null;
    }
  }

  /** Codes the keys that are remembered for the reader. */
  static Coder<Tuple> sentKeyCoder(RowProgram program) {
    List<Type> types = new ArrayList<>();
    if (program.end() instanceof RowEnd.Changes changes) {
      changes.key().forEach(column -> types.add(changes.schema().type(column)));
    } else if (program.end() instanceof RowEnd.Sums sums) {
      for (Column column : sums.input().keySchema().columns()) {
        types.add(column.type());
      }
      types.add(ScalarType.INT64);
      types.add(ScalarType.INT64);
    } else if (program.end() instanceof RowEnd.PanesOfRows panes) {
      return TupleCoder.of(panes.schema());
    }
    return TupleCoder.of(types);
  }

  /** A pane, or the withdrawal of all that a window has sent. */
  record Pane(
      ByteString identity,
      Panes.Timing timing,
      long index,
      long sequence,
      long eventTimeMicros,
      Instant timestamp) {}

  /**
   * Sends a pane's rows.
   *
   * @param sent the keys that the reader has rows under; becomes those of this pane
   */
  void send(List<Tuple> rows, Pane pane, Set<Tuple> sent, StageOutput output) {
    if (program.end() instanceof RowEnd.Changes changes) {
      sendChanges(changes, rows, pane, sent, output);
    } else if (program.end() instanceof RowEnd.Sums sums) {
      if (manyPanes) {
        sendVersions(sums, rows, pane, sent, output);
      } else {
        sendSums(rows, pane, output);
      }
    } else if (program.end() instanceof RowEnd.PanesOfRows to) {
      sendPane(to, rows, pane, sent, output);
    } else if (program.end() instanceof RowEnd.Rows to) {
      for (Tuple row : rows) {
        run(
            row,
            pane,
            output,
            (result, noted) -> output.output(to.tag(), result, pane.timestamp()));
      }
    }
  }

  private interface Results {
    void accept(Tuple row, long noted);
  }

  /** Runs a row through the steps; all that becomes of it comes out, or an error. */
  private void run(Tuple row, Pane pane, StageOutput output, Results results) {
    List<Tuple> held = new ArrayList<>(1);
    List<Long> times = new ArrayList<>(1);
    try {
      pipe.run(
          row,
          (result, noted) -> {
            if (reader != null && program.end() instanceof RowEnd.Sums sums) {
              reader.check(result, sums.input().side());
            }
            held.add(result);
            times.add(noted);
          });
    } catch (EvaluationException e) {
      // A guess that fails is no loss: the row may be another one when its window ends.
      if (pane.timing() != Panes.Timing.EARLY) {
        QueryCounters.failedResult(program.query());
        output.output(
            program.errors(), errors.of(row, pane.eventTimeMicros(), e), pane.timestamp());
      }
      return;
    }
    for (int i = 0; i < held.size(); i++) {
      results.accept(held.get(i), times.get(i));
    }
  }

  private void sendChanges(
      RowEnd.Changes to, List<Tuple> rows, Pane pane, Set<Tuple> sent, StageOutput output) {
    Set<Tuple> keys = new HashSet<>();
    int[] count = {0};
    for (Tuple row : rows) {
      run(
          row,
          pane,
          output,
          (result, noted) -> {
            Tuple whole = to.panes() ? Panes.append(result, pane.timing(), pane.index()) : result;
            if (manyPanes && !to.key().isEmpty()) {
              keys.add(key(to, whole));
            }
            count[0]++;
            output.output(to.tag(), new Change(whole, false, pane.sequence()), pane.timestamp());
          });
    }
    QueryCounters.counter(QueryCounters.EMITTED, program.query()).inc(count[0]);
    for (Tuple key : sent) {
      if (!keys.contains(key)) {
        QueryCounters.counter(QueryCounters.WITHDRAWN, program.query()).inc();
        Change gone = new Change(withdrawn(to, key, pane), true, pane.sequence());
        output.output(to.tag(), gone, pane.timestamp());
      }
    }
    sent.clear();
    sent.addAll(keys);
  }

  private void sendPane(
      RowEnd.PanesOfRows to, List<Tuple> rows, Pane pane, Set<Tuple> sent, StageOutput output) {
    List<Tuple> previous = List.copyOf(sent);
    List<Tuple> results = new ArrayList<>();
    for (Tuple row : rows) {
      run(row, pane, output, (result, noted) -> results.add(result));
    }
    sent.clear();
    sent.addAll(results);
    if (!results.isEmpty() || !previous.isEmpty()) {
      output.output(
          to.tag(),
          new PaneRows(
              pane.identity(),
              pane.timing(),
              pane.index(),
              pane.sequence(),
              pane.eventTimeMicros(),
              pane.timestamp().getMillis(),
              results,
              previous),
          pane.timestamp());
    }
  }

  /** The keys that the reader has rows under, where these were the rows of the pane before. */
  Set<Tuple> sentFor(List<Tuple> rows) {
    Set<Tuple> sent = new HashSet<>();
    for (Tuple row : rows) {
      try {
        pipe.run(row, (result, noted) -> addSent(result, noted, sent));
      } catch (EvaluationException refused) {
        // It was refused in that pane, too, and nothing of it was sent.
      }
    }
    return sent;
  }

  private void addSent(Tuple result, long noted, Set<Tuple> sent) {
    if (program.end() instanceof RowEnd.Changes changes && !changes.key().isEmpty()) {
      sent.add(key(changes, result));
    } else if (program.end() instanceof RowEnd.PanesOfRows) {
      sent.add(result);
    } else if (places != null) {
      places.find(
          result,
          noted,
          (key, start, end, first) -> sent.add(GroupPlaces.withWindow(key, start, end)));
    }
  }

  private static Tuple key(RowEnd.Changes to, Tuple row) {
    @Nullable Object[] values = new @Nullable Object[to.key().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(to.key().get(i));
    }
    return Tuple.of(values);
  }

  private static Tuple withdrawn(RowEnd.Changes to, Tuple key, Pane pane) {
    Schema schema = to.schema();
    int columns = to.panes() ? schema.size() - Panes.COLUMNS.size() : schema.size();
    @Nullable Object[] values = new @Nullable Object[columns];
    for (int i = 0; i < key.size(); i++) {
      values[to.key().get(i)] = key.get(i);
    }
    Tuple row = Tuple.of(values);
    return to.panes() ? Panes.append(row, pane.timing(), pane.index()) : row;
  }

  private void sendSums(List<Tuple> rows, Pane pane, StageOutput output) {
    GroupBuffer sums = java.util.Objects.requireNonNull(buffer);
    for (Tuple row : rows) {
      run(row, pane, output, (result, noted) -> sums.add(result, noted, false, output));
    }
    sums.flushAt(pane.timestamp(), output);
  }

  private void sendVersions(
      RowEnd.Sums to, List<Tuple> rows, Pane pane, Set<Tuple> sent, StageOutput output) {
    GroupInput input = to.input();
    Map<Tuple, List<Tuple>> places = new HashMap<>();
    for (Tuple key : sent) {
      places.put(key, new ArrayList<>(0));
    }
    sent.clear();
    GroupPlaces finder = java.util.Objects.requireNonNull(this.places);
    for (Tuple row : rows) {
      run(
          row,
          pane,
          output,
          (result, noted) ->
              finder.find(
                  result,
                  noted,
                  (key, start, end, first) -> {
                    Tuple place = GroupPlaces.withWindow(key, start, end);
                    sent.add(place);
                    places.computeIfAbsent(place, p -> new ArrayList<>(1)).add(result);
                  }));
    }
    ByteString identity = pane.identity().concat(ByteString.copyFromUtf8("/" + input.flow()));
    places.forEach(
        (place, of) -> {
          int size = place.size();
          long start = (Long) java.util.Objects.requireNonNull(place.get(size - 2));
          long end = (Long) java.util.Objects.requireNonNull(place.get(size - 1));
          Versions versions = (Versions) java.util.Objects.requireNonNull(reader).create();
          versions.put(identity, new Versions.Version(pane.sequence(), input.side(), of));
          Tuple key = input.windowInKey() ? place : GroupPlaces.withoutWindow(place);
          output.output(
              to.tag(), KV.of(key, new Partial(start, end, 1, 0, versions)), pane.timestamp());
        });
  }
}
