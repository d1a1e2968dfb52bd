package dev.beamline.transform.interval;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.KeyExtractor;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Sends the rows of one side to where those with the same keys meet. */
public final class SideRowsFn extends DoFn<Tuple, KV<Tuple, SidedRow>> {

  private static final long serialVersionUID = 1L;

  private final boolean right;
  private final List<Integer> keys;
  private final Schema schema;
  private final int time;
  private transient @Nullable KeyExtractor extractor;

  /**
   * @param keys columns that are equal in both rows of a pair
   * @param time column of the event time
   */
  public SideRowsFn(boolean right, List<Integer> keys, Schema schema, int time) {
    this.right = right;
    this.keys = List.copyOf(keys);
    this.schema = schema;
    this.time = time;
  }

  @Setup
  public void setup() {
    extractor = KeyExtractor.of(keys, schema);
  }

  @ProcessElement
  public void process(@Element Tuple row, OutputReceiver<KV<Tuple, SidedRow>> out) {
    KeyExtractor extract = java.util.Objects.requireNonNull(extractor);
    boolean joinable = keys.isEmpty() || extract.join(row) != null;
    long at = joinable && row.get(time) instanceof Long micros ? micros : SidedRow.NO_TIME;
    out.output(KV.of(extract.group(row), new SidedRow(right, at, row)));
  }
}
