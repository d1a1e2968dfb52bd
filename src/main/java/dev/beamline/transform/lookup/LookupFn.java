package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.stage.Stage;
import dev.beamline.transform.stage.StagingFn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Looks each row up in a table and runs the stage that follows. */
public final class LookupFn extends StagingFn<Tuple> {

  private static final long serialVersionUID = 1L;

  private final String query;
  private final Lookup lookup;
  private final @Nullable PCollectionView<List<Tuple>> view;
  private final @Nullable FreshTable fresh;
  private final Schema schema;
  private final TupleTag<ErrorRecord> errorTag;
  private transient @Nullable TableAtHand table;
  private transient FreshTable.@Nullable Rows rows;

  /**
   * @param query whose operator it is
   * @param view the table, where it is read once
   * @param fresh the table, where it is read again and again
   * @param schema of the rows that come, to show one that fails
   */
  public LookupFn(
      String query,
      Lookup lookup,
      @Nullable PCollectionView<List<Tuple>> view,
      @Nullable FreshTable fresh,
      Schema schema,
      TupleTag<ErrorRecord> errorTag,
      Stage stage) {
    super(stage);
    this.query = query;
    this.lookup = lookup;
    this.view = view;
    this.fresh = fresh;
    if ((view == null) == (fresh == null)) {
      throw new IllegalArgumentException("a table is read once or again and again");
    }
    this.schema = schema;
    this.errorTag = errorTag;
  }

  @Override
  @Setup
  public void setup() {
    table = new TableAtHand(lookup);
    rows = fresh == null ? null : fresh.open(System::nanoTime);
    super.setup();
  }

  @ProcessElement
  public void process(ProcessContext context, MultiOutputReceiver receiver) {
    Tuple row = context.element();
    List<Tuple> found = new ArrayList<>();
    long time = context.timestamp().getMillis() * 1000;
    try {
      Objects.requireNonNull(table).of(table(context)).apply(row, found::add);
    } catch (EvaluationException e) {
      QueryCounters.counter(QueryCounters.FAILED, query).inc();
      receiver.get(errorTag).output(new RowErrors(query, schema).of(row, time, e));
      return;
    }
    StageOutput output = StageOutputs.of(receiver);
    found.forEach(result -> stage.process(result, time, output));
  }

  private List<Tuple> table(ProcessContext context) {
    FreshTable.Rows read = rows;
    return read == null
        ? context.sideInput(Objects.requireNonNull(view))
        : read.at(context.timestamp().getMillis());
  }

  @Teardown
  public void teardown() {
    FreshTable.Rows read = rows;
    rows = null;
    if (read != null) {
      read.close();
    }
  }
}
