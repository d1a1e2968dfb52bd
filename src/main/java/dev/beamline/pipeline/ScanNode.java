package dev.beamline.pipeline;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.plan.FieldUse;
import dev.beamline.plan.Plan;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.stage.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** A source, read and decoded once for all queries: the union of the columns that they need. */
final class ScanNode extends Node {

  private final SourceProvider provider;
  private final TreeMap<String, Column> columns = new TreeMap<>();
  private final Map<String, FieldUse> uses = new HashMap<>();
  private final TupleTag<ErrorRecord> refused = new TupleTag<>("refused");
  private @Nullable String eventTime;
  private final List<ScanRequest.Filter> filters = new ArrayList<>();
  private boolean everyRow;

  ScanNode(SourceProvider provider) {
    super("source." + provider.name());
    this.provider = provider;
  }

  /**
   * Has the scan's columns read, too.
   *
   * @param use what is looked at of each; null: all of it
   */
  void read(Plan.Scan scan, @Nullable List<FieldUse> use) {
    for (int i = 0; i < scan.schema().size(); i++) {
      Column column = scan.schema().column(i);
      columns.putIfAbsent(key(column), column);
      uses.merge(key(column), use == null ? FieldUse.ALL : use.get(i), FieldUse::and);
    }
    if (scan.filter() == null) {
      everyRow = true;
    } else {
      filters.add(new ScanRequest.Filter(scan.schema(), scan.filter()));
    }
    if (scan.eventTime() >= 0) {
      eventTime = key(scan.schema().column(scan.eventTime()));
    }
  }

  private static String key(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }

  TupleTag<ErrorRecord> refused() {
    return refused;
  }

  String source() {
    return provider.name();
  }

  /** Whether some query looks at the event time, so that rows carry it. */
  boolean readsEventTime() {
    return eventTime != null;
  }

  @Override
  boolean bounded() {
    return provider.bounded();
  }

  @Override
  List<Node> inputs() {
    return List.of();
  }

  /** Fields of structs that no query looks at are there and not read. */
  @Override
  Schema schema() {
    List<Column> read = new ArrayList<>();
    columns.forEach(
        (key, column) ->
            read.add(
                new Column(
                    column.name(),
                    uses.getOrDefault(key, FieldUse.ALL).of(column.type()),
                    column.required(),
                    column.description())));
    return new Schema(read);
  }

  @Override
  boolean rowsOfSource() {
    return true;
  }

  @Override
  PCollectionTuple expand(Pipeline pipeline) {
    List<TupleTag<?>> outputs = new ArrayList<>();
    branches().forEach(branch -> outputs.add(branch.end()));
    Stage stage = new Stage(programs());
    outputs.addAll(errorTags().values());
    int time = eventTime == null ? -1 : columns.headMap(eventTime).size();
    ScanRequest request =
        new ScanRequest(schema(), time, stage, outputs, refused, everyRow ? List.of() : filters);
    return pipeline.apply(name(), new Read(provider, request));
  }

  private static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final transient SourceProvider provider;
    private final transient ScanRequest request;

    Read(SourceProvider provider, ScanRequest request) {
      this.provider = provider;
      this.request = request;
    }

    @Override
    public PCollectionTuple expand(PBegin input) {
      return provider.read(input, request);
    }
  }
}
