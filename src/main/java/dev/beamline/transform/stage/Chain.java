package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Expression;
import dev.beamline.transform.Change;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.group.GroupBuffer;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.Kernel;
import dev.beamline.transform.group.SharedSums;
import dev.beamline.transform.window.EventTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.beam.sdk.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** A program, compiled. One thread uses it. */
final class Chain {

  private final RowProgram program;
  private final RowErrors errors;
  private final Cursor cursor = new Cursor();
  private final Link head;
  private final @Nullable FanOut fanOut;
  private final @Nullable GroupBuffer buffer;
  private final Tally tally;
  private final Counter emittedCounter;
  private int emitted;

  /**
   * Compiles a program.
   *
   * @param tally of the program's query
   * @param sharing with the other programs over the same rows
   */
  Chain(RowProgram program, ExpressionCompiler expressions, Tally tally, Sharing sharing) {
    this.program = program;
    this.tally = tally;
    tally.join();
    this.errors = new RowErrors(program.query(), program.input());
    this.emittedCounter = QueryCounters.counter(QueryCounters.EMITTED, program.query());
    Function<Expression, Evaluator> first = sharing.values(expressions)::evaluator;
    Links links = new Links(program.steps(), program.input(), expressions, first, cursor);
    GroupInput input = program.end().sums();
    int[] columns = links.columnsAsRead();
    GroupInput asRead = input == null || columns == null ? null : input.over(columns);
    Kernel kernel =
        input == null || columns == null || asRead == null
            ? null
            : input.grouping().compileOver(columns, first);
    if (asRead != null && kernel != null) {
      // Sums read the row as it came: it needs no copy, and whoever sums it alike finds its group.
      this.buffer =
          buffer(program.end(), asRead, kernel, sharing.sums(asRead, links.notedColumn()));
      this.fanOut = null;
      this.head = links.seenTo(end(program.end()));
      return;
    }
    this.buffer =
        input == null
            ? null
            : buffer(program.end(), input, input.grouping().compile(), SharedSums.of(input));
    Link end = end(program.end());
    boolean fansOut =
        program.steps().stream()
            .anyMatch(s -> s instanceof RowStep.UnnestArray || s instanceof RowStep.PutIntoWindows);
    this.fanOut = fansOut ? new FanOut(end) : null;
    this.head = links.to(fanOut == null ? end : fanOut);
  }

  private static @Nullable GroupBuffer buffer(
      RowEnd end, GroupInput input, Kernel kernel, @Nullable SharedSums shared) {
    return end instanceof RowEnd.Sums sums
        ? new GroupBuffer(input, kernel, shared, sums.tag())
        : end instanceof RowEnd.ShardedSums sums
            ? new GroupBuffer(input, kernel, shared, sums.tag(), sums.coder(), sums.shards())
            : null;
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
      // Of its copies, in windows and of elements, the ledger counts one.
      boolean counts = cursor.counts && cursor.arrived == 0;
      if (sums.add(row, cursor.noted, counts && program.timed(), cursor.output()) && counts) {
        cursor.arrived++;
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
    cursor.counts = tally.next();
    cursor.arrived = 0;
    cursor.output = output;
    try {
      head.accept(row);
      if (fanOut != null) {
        fanOut.release();
      }
      if (cursor.arrived > 0) {
        tally.used();
      } else {
        tally.leftOut();
      }
    } catch (EvaluationException e) {
      if (fanOut != null) {
        fanOut.clear();
      }
      tally.failed();
      output.output(
          program.errors(),
          errors.of(row, eventTimeMicros, e),
          EventTimes.toInstant(eventTimeMicros));
    }
  }

  void finishBundle(StageOutput output) {
    if (buffer != null) {
      buffer.flush(output);
    }
    emittedCounter.inc(emitted);
    emitted = 0;
    tally.count();
  }
}
