package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.Panes;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.lookup.Lookup;
import dev.beamline.transform.lookup.TableAtHand;
import dev.beamline.transform.stage.RowProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks each row of a pane up in a table, and sends the pane on as it came: in place of the last.
 */
public final class PaneLookupFn extends DoFn<PaneRows, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final String query;
  private final Lookup lookup;
  private final PCollectionView<List<Tuple>> view;
  private final Schema schema;
  private final TupleTag<ErrorRecord> errorTag;
  private final List<RowProgram> programs;
  private transient @Nullable TableAtHand table;
  private transient @Nullable List<PaneSender> senders;

  /**
   * @param query whose operator it is
   * @param schema of the rows that come, to show one that fails
   */
  public PaneLookupFn(
      String query,
      Lookup lookup,
      PCollectionView<List<Tuple>> view,
      Schema schema,
      TupleTag<ErrorRecord> errorTag,
      List<RowProgram> programs) {
    this.query = query;
    this.lookup = lookup;
    this.view = view;
    this.schema = schema;
    this.errorTag = errorTag;
    this.programs = List.copyOf(programs);
  }

  @Setup
  public void setup() {
    table = new TableAtHand(lookup);
    senders = programs.stream().map(program -> new PaneSender(program, true)).toList();
  }

  @ProcessElement
  public void process(ProcessContext context, MultiOutputReceiver receiver) {
    PaneRows rows = context.element();
    Lookup.Ready ready = Objects.requireNonNull(table).of(context.sideInput(view));
    List<Tuple> previous = new ArrayList<>();
    for (Tuple row : rows.previous()) {
      try {
        ready.apply(row, previous::add);
      } catch (EvaluationException refused) {
        // It was refused in that pane, too, and nothing of it was sent.
      }
    }
    List<Tuple> found = new ArrayList<>();
    for (Tuple row : rows.rows()) {
      List<Tuple> ofRow = new ArrayList<>();
      try {
        ready.apply(row, ofRow::add);
        found.addAll(ofRow);
      } catch (EvaluationException e) {
        if (rows.timing() != Panes.Timing.EARLY) {
          QueryCounters.failedResult(query);
          receiver
              .get(errorTag)
              .output(new RowErrors(query, schema).of(row, rows.eventTimeMicros(), e));
        }
      }
    }
    PaneSender.Pane pane =
        new PaneSender.Pane(
            rows.identity(),
            rows.timing(),
            rows.index(),
            rows.sequence(),
            rows.eventTimeMicros(),
            Instant.ofEpochMilli(rows.timestamp()));
    StageOutput output = StageOutputs.of(receiver);
    for (PaneSender sender : Objects.requireNonNull(senders)) {
      sender.send(found, pane, sender.sentFor(previous), output);
    }
  }

  /** A pane keeps its timestamp. */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return StageOutputs.ANY_SKEW;
  }
}
