package dev.beamline.io.bigquery;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.KeyChangesFn;
import dev.beamline.io.SinkTable;
import dev.beamline.io.TableRange;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the rows of a range of a table the withdrawal of each row that is in the table now and
 * not among them. A table that is upserted into takes no DELETE statement, only changes.
 */
final class WithdrawOthers extends PTransform<PCollection<Change>, PCollection<Change>> {

  private static final long serialVersionUID = 1L;

  private final transient TableId id;
  private final transient SinkTable table;
  private final transient TableRange range;
  private final transient PipelineOptions options;

  WithdrawOthers(TableId id, SinkTable table, TableRange range, PipelineOptions options) {
    this.id = id;
    this.table = table;
    this.range = range;
    this.options = options;
  }

  @Override
  public PCollection<Change> expand(PCollection<Change> changes) {
    Coder<Change> rows = changes.getCoder();
    List<Integer> key = table.key();
    List<Column> columns = key.stream().map(table.schema()::column).toList();
    Schema keys = new Schema(columns);
    KvCoder<Tuple, Change> keyed = KvCoder.of(TupleCoder.of(keys), rows);
    String sql =
        "SELECT "
            + columns.stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", "))
            + " FROM "
            + id.quoted()
            + " WHERE "
            + RangeSql.condition(range);
    PCollection<KV<Tuple, Change>> there =
        changes
            .getPipeline()
            .apply("Table", Create.of(sql))
            .apply(
                "There",
                ParDo.of(
                    new ReadFn(
                        id.project(),
                        keys,
                        key,
                        table.schema().size(),
                        new SerializablePipelineOptions(options))))
            .setCoder(keyed);
    PCollection<KV<Tuple, Change>> made =
        changes.apply("Made", ParDo.of(new KeyChangesFn(table))).setCoder(keyed);
    return PCollectionList.of(made)
        .and(there)
        .apply("Both", Flatten.pCollections())
        .apply("ByKey", GroupByKey.create())
        .apply("Newest", ParDo.of(new NewestFn()))
        .setCoder(rows);
  }

  /** Reads the keys that are there, each as the withdrawal of its row. */
  private static final class ReadFn extends DoFn<String, KV<Tuple, Change>> {
    private static final long serialVersionUID = 1L;

    private final String project;
    private final Schema keys;
    private final List<Integer> key;
    private final int width;
    private final SerializablePipelineOptions options;

    ReadFn(
        String project,
        Schema keys,
        List<Integer> key,
        int width,
        SerializablePipelineOptions options) {
      this.project = project;
      this.keys = keys;
      this.key = List.copyOf(key);
      this.width = width;
      this.options = options;
    }

    @ProcessElement
    public void process(@Element String sql, OutputReceiver<KV<Tuple, Change>> receiver)
        throws IOException {
      new BigQueryQueries(BigQueryClients.rest(options.get()), project)
          .forEach(
              sql,
              keys,
              values -> {
                @Nullable Object[] row = new @Nullable Object[width];
                for (int i = 0; i < key.size(); i++) {
                  row[key.get(i)] = values.get(i);
                }
                receiver.output(KV.of(values, new Change(Tuple.of(row), true, 0)));
              });
    }
  }

  /** What was made wins over what is there. */
  private static final class NewestFn extends DoFn<KV<Tuple, Iterable<Change>>, Change> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<Tuple, Iterable<Change>> key, OutputReceiver<Change> receiver) {
      Change newest = null;
      for (Change change : key.getValue()) {
        if (newest == null
            || (newest.withdrawn() && !change.withdrawn())
            || (newest.withdrawn() == change.withdrawn()
                && change.sequence() > newest.sequence())) {
          newest = change;
        }
      }
      if (newest != null) {
        receiver.output(newest);
      }
    }
  }
}
