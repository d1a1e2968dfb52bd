package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.transform.Change;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.group.GroupBuffer;
import dev.beamline.transform.window.EventTimes;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** A program, compiled. One thread uses it. */
final class Chain {

  /** Rows between two updates of the counters. */
  private static final int COUNT_STEP = 1 << 13;

  private final RowProgram program;
  private final RowErrors errors;
  private final Cursor cursor = new Cursor();
  private final Link head;
  private final @Nullable FanOut fanOut;
  private final @Nullable GroupBuffer buffer;
  private final Counter rowsCounter;
  private final Counter filteredCounter;
  private final Counter failedCounter;
  private final Counter assignedCounter;
  private final Counter emittedCounter;
  private int rows;
  private int filtered;
  private int failed;
  private int assigned;
  private int emitted;

  Chain(RowProgram program, ExpressionCompiler expressions) {
    this.program = program;
    this.errors = new RowErrors(program.query(), program.input());
    this.rowsCounter = QueryCounters.counter(QueryCounters.ROWS, program.query());
    this.filteredCounter = QueryCounters.counter(QueryCounters.FILTERED, program.query());
    this.failedCounter = QueryCounters.counter(QueryCounters.FAILED, program.query());
    this.assignedCounter = QueryCounters.counter(QueryCounters.ASSIGNED, program.query());
    this.emittedCounter = QueryCounters.counter(QueryCounters.EMITTED, program.query());
    this.buffer =
        program.end() instanceof RowEnd.Sums sums
            ? new GroupBuffer(sums.input(), sums.tag())
            : program.end() instanceof RowEnd.ShardedSums sums
                ? new GroupBuffer(sums.input(), sums.tag(), sums.coder(), sums.shards())
                : null;
    Link end = end(program.end());
    boolean fansOut =
        program.steps().stream()
            .anyMatch(s -> s instanceof RowStep.UnnestArray || s instanceof RowStep.PutIntoWindows);
    this.fanOut = fansOut ? new FanOut(end) : null;
    this.head =
        Links.compile(
            program.steps(), program.input(), expressions, cursor, fanOut == null ? end : fanOut);
  }

  private Link end(RowEnd end) {
    if (end instanceof RowEnd.Rows to) {
      return row -> {
        cursor.arrived++;
        cursor.output().output(to.tag(), row, EventTimes.toInstant(cursor.eventTime));
      };
    } else if (end instanceof RowEnd.Changes to) {
      return row -> {
        cursor.arrived++;
        emitted++;
        Change change = new Change(to.panes() ? Panes.onlyPane(row) : row, false, 0);
        cursor.output().output(to.tag(), change, EventTimes.toInstant(cursor.eventTime));
      };
    }
    if (end instanceof RowEnd.PanesOfRows) {
      throw new IllegalArgumentException("a node of plain rows has no panes");
    }
    GroupBuffer sums = java.util.Objects.requireNonNull(buffer);
    return row -> {
      if (sums.add(row, cursor.noted, cursor.counts && program.timed(), cursor.output())) {
        cursor.arrived += cursor.counts ? 1 : 0;
      }
    };
  }

  /** Holds the copies of a row until the last one is known to be without error. */
  private final class FanOut implements Link {
    private final Link end;
    private final List<Tuple> held = new ArrayList<>();
    private final List<Long> noted = new ArrayList<>();
    private final List<Boolean> counts = new ArrayList<>();

    FanOut(Link end) {
      this.end = end;
    }

    @Override
    public void accept(Tuple row) {
      if (buffer != null) {
        buffer.check(row);
      }
      held.add(row);
      noted.add(cursor.noted);
      counts.add(cursor.counts);
    }

    void release() {
      for (int i = 0; i < held.size(); i++) {
        cursor.noted = noted.get(i);
        cursor.counts = counts.get(i);
        end.accept(held.get(i));
      }
      clear();
    }

    void clear() {
      held.clear();
      noted.clear();
      counts.clear();
    }
  }

  void startBundle() {
    if (buffer != null) {
      buffer.clear();
    }
  }

  void process(Tuple row, long eventTimeMicros, StageOutput output) {
    cursor.eventTime = eventTimeMicros;
    cursor.counts = true;
    cursor.arrived = 0;
    cursor.output = output;
    try {
      head.accept(row);
      if (fanOut != null) {
        fanOut.release();
      }
      if (cursor.arrived == 0) {
        filtered++;
      } else {
        assigned += cursor.arrived;
      }
    } catch (EvaluationException e) {
      if (fanOut != null) {
        fanOut.clear();
      }
      failed++;
      output.output(
          program.errors(),
          errors.of(row, eventTimeMicros, e),
          EventTimes.toInstant(eventTimeMicros));
    }
    if (++rows == COUNT_STEP) {
      count();
    }
  }

  void finishBundle(StageOutput output) {
    if (buffer != null) {
      buffer.flush(output);
    }
    count();
  }

  private void count() {
    emittedCounter.inc(emitted);
    failedCounter.inc(failed);
    if (program.counted()) {
      rowsCounter.inc(rows);
      filteredCounter.inc(filtered);
      assignedCounter.inc(assigned);
    }
    rows = 0;
    filtered = 0;
    failed = 0;
    assigned = 0;
    emitted = 0;
  }
}
