package dev.beamline.transform.interval;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.kernel.RowBuilder;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.stage.Stage;
import dev.beamline.transform.stage.StagingFn;
import dev.beamline.transform.window.EventTimes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows whose times are near to each other. A pair goes out when its second row comes. A row
 * that stays alone goes out, where the kind of the join keeps it, when no partner can come any
 * more, be it late. Rows are forgotten then: what is kept is bounded by the bounds and the
 * lateness.
 */
public final class IntervalJoinFn extends StagingFn<KV<Tuple, SidedRow>> {

  private static final long serialVersionUID = 1L;

  private final IntervalJoin join;
  private final TupleTag<ErrorRecord> errorTag;
  private final Tuple leftNulls;
  private final Tuple rightNulls;
  private transient @Nullable Evaluator condition;

  /** What the watermark of the output cannot have passed when the bundle began, in milliseconds. */
  private transient long held;

  /** The rows that wait, each with its number. */
  @StateId("rows")
  private final StateSpec<BagState<KV<Long, SidedRow>>> rowsSpec;

  /** The numbers of those that have had a partner. */
  @StateId("matched")
  private final StateSpec<BagState<Long>> matchedSpec = StateSpecs.bag(VarLongCoder.of());

  /** The next number. */
  @StateId("next")
  private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

  /** What the timer is set to, in milliseconds. */
  @StateId("alarm")
  private final StateSpec<ValueState<Long>> alarmSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("expiry")
  private final TimerSpec expirySpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /**
   * @param stage what is done with the rows of the result
   */
  public IntervalJoinFn(
      IntervalJoin join, Stage stage, TupleTag<ErrorRecord> errorTag, Coder<SidedRow> rowCoder) {
    super(stage);
    this.join = join;
    this.errorTag = errorTag;
    this.leftNulls = RowBuilder.nulls(join.plan().left().schema().size());
    this.rightNulls = RowBuilder.nulls(join.plan().right().schema().size());
    this.rowsSpec = StateSpecs.bag(KvCoder.of(VarLongCoder.of(), rowCoder));
  }

  @Override
  @Setup
  public void setup() {
    Expression expression = join.plan().condition();
    condition = expression == null ? null : Compilers.expressions().evaluator(expression);
    super.setup();
  }

  @Override
  @StartBundle
  public void startBundle() {
    held = EventTimes.LAST_MILLIS;
    super.startBundle();
  }

  @ProcessElement
  public void process(
      @Element KV<Tuple, SidedRow> element,
      @StateId("rows") BagState<KV<Long, SidedRow>> rows,
      @StateId("matched") BagState<Long> matched,
      @StateId("next") ValueState<Long> next,
      @StateId("alarm") ValueState<Long> alarm,
      @TimerId("expiry") Timer expiry,
      MultiOutputReceiver receiver) {
    SidedRow row = element.getValue();
    long watermark = expiry.getCurrentRelativeTime().getMillis();
    held = Math.min(held, EventTimes.clamp(watermark));
    StageOutput out = heldBack(StageOutputs.of(receiver));
    if (row.time() == SidedRow.NO_TIME) {
      alone(row, out);
      return;
    }
    long due = EventTimes.toMillis(row.time()) + join.slack(row.right());
    if (due + join.lateness() < watermark) {
      QueryCounters.late(join.query(), 1, /* dropped= */ true, watermark - due);
      return;
    }
    if (due < watermark) {
      QueryCounters.late(join.query(), 1, /* dropped= */ false, watermark - due);
    }
    boolean any = false;
    boolean remembers = join.keepsLeft() || join.keepsRight() || join.leftOnly();
    Set<Long> known = remembers ? numbers(matched) : Set.of();
    for (KV<Long, SidedRow> other : rows.read()) {
      SidedRow partner = other.getValue();
      if (partner.right() == row.right()) {
        continue;
      }
      SidedRow left = row.right() ? partner : row;
      SidedRow right = row.right() ? row : partner;
      if (!near(left, right) || !matches(left, right, out)) {
        continue;
      }
      boolean first = !any;
      any = true;
      if (!join.leftOnly()) {
        send(RowBuilder.concat(left.row(), right.row()), time(left, right), out);
      } else if (join.plan().kind() == Plan.Join.Kind.SEMI
          && (row.right() ? !known.contains(other.getKey()) : first)) {
        send(left.row(), left.time(), out);
      }
      if (remembers && !known.contains(other.getKey())) {
        matched.add(other.getKey());
      }
    }
    if (join.leftOnly() && !row.right() && any) {
      return;
    }
    long until = join.expiry(row);
    if (until < watermark) {
      if (!any) {
        alone(row, out);
      }
      return;
    }
    long number = read(next, 0);
    next.write(number + 1);
    rows.add(KV.of(number, row));
    if (any && remembers) {
      matched.add(number);
    }
    if (until < read(alarm, Long.MAX_VALUE)) {
      set(expiry, alarm, until);
    }
  }

  @OnTimer("expiry")
  public void onExpiry(
      OnTimerContext context,
      @StateId("rows") BagState<KV<Long, SidedRow>> rows,
      @StateId("matched") BagState<Long> matched,
      @StateId("next") ValueState<Long> next,
      @StateId("alarm") ValueState<Long> alarm,
      @TimerId("expiry") Timer expiry,
      MultiOutputReceiver receiver) {
    // A timer fires when the watermark is past it.
    long watermark =
        Math.max(
            expiry.getCurrentRelativeTime().getMillis(), context.fireTimestamp().getMillis() + 1);
    held = Math.min(held, EventTimes.clamp(context.fireTimestamp().getMillis()));
    StageOutput out = heldBack(StageOutputs.of(receiver));
    Set<Long> known = numbers(matched);
    List<KV<Long, SidedRow>> left = new ArrayList<>();
    long nextExpiry = Long.MAX_VALUE;
    for (KV<Long, SidedRow> entry : rows.read()) {
      long until = join.expiry(entry.getValue());
      if (until >= watermark) {
        left.add(entry);
        nextExpiry = Math.min(nextExpiry, until);
      } else if (!known.contains(entry.getKey())) {
        alone(entry.getValue(), out);
      }
    }
    rows.clear();
    matched.clear();
    alarm.clear();
    if (left.isEmpty()) {
      next.clear();
      return;
    }
    for (KV<Long, SidedRow> entry : left) {
      rows.add(entry);
      if (known.contains(entry.getKey())) {
        matched.add(entry.getKey());
      }
    }
    set(expiry, alarm, nextExpiry);
  }

  /**
   * Sets the timer for when the watermark is past a time. The watermark of the output waits there:
   * what the timer sends is stamped with it, and comes when the steps behind still take it.
   */
  private static void set(Timer expiry, ValueState<Long> alarm, long time) {
    alarm.write(time);
    Instant at = Instant.ofEpochMilli(time);
    expiry.withOutputTimestamp(at).set(at);
  }

  @Override
  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(heldBack(StageOutputs.of(context)));
  }

  /**
   * Nothing is stamped behind the watermark, which would not wait for it: it could pass the end of
   * a window that a pair of an older row is on its way to.
   */
  private StageOutput heldBack(StageOutput output) {
    long least = held;
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        output.output(tag, element, Instant.ofEpochMilli(Math.max(least, timestamp.getMillis())));
      }
    };
  }

  private static Set<Long> numbers(BagState<Long> state) {
    Set<Long> numbers = new HashSet<>();
    state.read().forEach(numbers::add);
    return numbers;
  }

  private static long read(ValueState<Long> cell, long otherwise) {
    Long value = cell.read();
    return value == null ? otherwise : value;
  }

  private boolean near(SidedRow left, SidedRow right) {
    long difference = left.time() - right.time();
    return difference >= join.bounds().least() && difference <= join.bounds().most();
  }

  private boolean matches(SidedRow left, SidedRow right, StageOutput out) {
    if (condition == null) {
      return true;
    }
    Tuple pair = RowBuilder.concat(left.row(), right.row());
    try {
      return Boolean.TRUE.equals(condition.evaluate(pair));
    } catch (EvaluationException e) {
      long time = time(left, right);
      QueryCounters.failedResult(join.query());
      out.output(
          errorTag,
          new RowErrors(join.query(), join.pair()).of(pair, time, e),
          EventTimes.toInstant(time));
      return false;
    }
  }

  /** The event time of a pair, as downstream windows see it. */
  private long time(SidedRow left, SidedRow right) {
    return join.plan().kind() == Plan.Join.Kind.RIGHT ? right.time() : left.time();
  }

  /** Sends a row that has no partner, where the join keeps it. */
  private void alone(SidedRow row, StageOutput out) {
    if (!row.right() && join.keepsLeft()) {
      send(join.leftOnly() ? row.row() : RowBuilder.concat(row.row(), rightNulls), row.time(), out);
    } else if (row.right() && join.keepsRight()) {
      send(RowBuilder.concat(leftNulls, row.row()), row.time(), out);
    }
  }

  private void send(Tuple row, long time, StageOutput out) {
    stage.process(row, time == SidedRow.NO_TIME ? EventTimes.FIRST_MILLIS * 1000 : time, out);
  }
}
