package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.group.PaneLookupFn;
import dev.beamline.transform.group.PaneRows;
import dev.beamline.transform.group.PaneRowsCoder;
import dev.beamline.transform.lookup.CollectRowsFn;
import dev.beamline.transform.lookup.FreshTable;
import dev.beamline.transform.lookup.Lookup;
import dev.beamline.transform.lookup.LookupFn;
import dev.beamline.transform.lookup.TableReading;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Rows that are each looked up in a bounded table. */
final class LookupNode extends Node {

  private final String query;
  private final Lookup lookup;
  private final Node origin;
  private final Schema input;
  private final Schema schema;
  private final @Nullable TupleTag<Tuple> rows;
  private final @Nullable TupleTag<PaneRows> panes;
  private final @Nullable FreshTable fresh;
  private final List<Node> tables = new ArrayList<>();
  private final List<TupleTag<Tuple>> tableTags = new ArrayList<>();

  /**
   * @param flow the rows
   * @param input their columns
   * @param table the table's rows, bounded
   * @param anew the table as workers make it again and again; null: it is read once
   * @param schema the columns that come out
   */
  LookupNode(
      String name,
      String query,
      Lookup lookup,
      Flow flow,
      Schema input,
      List<Flow> table,
      Schema tableSchema,
      @Nullable FreshTable anew,
      Schema schema) {
    super(name);
    this.query = query;
    this.lookup = lookup;
    this.origin = flow.origin();
    this.input = input;
    this.schema = schema;
    if (origin.manyPanes()) {
      rows = null;
      panes = new TupleTag<>(name + "/panes");
      origin.add(
          new Branch(
              query,
              flow.steps(),
              new RowEnd.PanesOfRows(panes, input),
              panes,
              PaneRowsCoder.of(input)));
    } else {
      panes = null;
      rows = new TupleTag<>(name + "/rows");
      origin.add(
          new Branch(query, flow.steps(), new RowEnd.Rows(rows), rows, TupleCoder.of(input)));
    }
    // Of a pane what was sent for the one before is withdrawn by the same table.
    fresh = rows == null || bounded() ? null : anew;
    for (int i = 0; fresh == null && i < table.size(); i++) {
      TupleTag<Tuple> tag = new TupleTag<>(name + "/table." + i);
      Flow part = table.get(i);
      part.origin()
          .add(
              new Branch(
                  query, part.steps(), new RowEnd.Rows(tag), tag, TupleCoder.of(tableSchema)));
      tables.add(part.origin());
      tableTags.add(tag);
    }
  }

  @Override
  boolean bounded() {
    return origin.bounded();
  }

  @Override
  boolean manyPanes() {
    return origin.manyPanes();
  }

  @Override
  boolean accumulating() {
    return origin.accumulating();
  }

  @Override
  long slack() {
    return origin.slack();
  }

  @Override
  boolean rowsOfSource() {
    return origin.rowsOfSource();
  }

  @Override
  boolean countsRows() {
    return false;
  }

  @Override
  List<Node> inputs() {
    List<Node> inputs = new ArrayList<>();
    inputs.add(origin);
    inputs.addAll(tables);
    return inputs.stream().distinct().toList();
  }

  @Override
  Schema schema() {
    return schema;
  }

  @Override
  PCollectionTuple expand(Pipeline pipeline) {
    TupleTag<ErrorRecord> errors = errorTag(query);
    Stage stage = new Stage(programs());
    TupleTagList tags = stage.tags();
    if (!tags.getAll().contains(errors)) {
      tags = tags.and(errors);
    }
    TupleTag<ErrorRecord> nothing = new TupleTag<>("nothing");
    FreshTable again = fresh;
    if (again != null) {
      requireEventTime(again);
      return origin
          .output(pipeline, Objects.requireNonNull(rows))
          .apply(
              name() + "/lookup",
              ParDo.of(new LookupFn(query, lookup, null, again, input, errors, stage))
                  .withOutputTags(nothing, tags));
    }
    PCollectionView<List<Tuple>> view = view(pipeline);
    if (panes != null) {
      return origin
          .output(pipeline, panes)
          .apply(
              name() + "/lookup",
              ParDo.of(new PaneLookupFn(query, lookup, view, input, errors, stage.programs()))
                  .withSideInputs(view)
                  .withOutputTags(nothing, tags));
    }
    return origin
        .output(pipeline, Objects.requireNonNull(rows))
        .apply(
            name() + "/lookup",
            ParDo.of(new LookupFn(query, lookup, view, null, input, errors, stage))
                .withSideInputs(view)
                .withOutputTags(nothing, tags));
  }

  /** A column that no query looks at is not read, and a row that has no time has no version. */
  private void requireEventTime(FreshTable table) {
    Node from = origin;
    while (from instanceof LookupNode lookup) {
      from = lookup.origin;
    }
    boolean versions = table.readings().values().stream().anyMatch(TableReading::byEventTime);
    if (versions && from instanceof ScanNode scan && !scan.readsEventTime()) {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.CONFLICTING_SETTINGS,
              Place.ofFile("queries/" + query + ".sql"),
              "join_version: event_time needs the event time of "
                  + scan.source()
                  + ", which this query does not look at",
              "add its event-time column to the SELECT"));
    }
  }

  /** The table as a side input. */
  private PCollectionView<List<Tuple>> view(Pipeline pipeline) {
    PCollectionList<Tuple> parts = PCollectionList.empty(pipeline);
    for (int i = 0; i < tables.size(); i++) {
      parts = parts.and(tables.get(i).output(pipeline, tableTags.get(i)));
    }
    return parts
        .apply(name() + "/table", Flatten.pCollections())
        .apply(name() + "/at-hand", Combine.globally(new CollectRowsFn()).asSingletonView());
  }
}
