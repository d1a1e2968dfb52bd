package dev.beamline.io;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.transform.Change;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Puts the key of a table's row before each change, in the form in which keys are equal. */
public final class KeyChangesFn extends DoFn<Change, KV<Tuple, Change>> {

  private static final long serialVersionUID = 1L;

  private final SinkTable table;
  private transient @Nullable KeyExtractor key;

  public KeyChangesFn(SinkTable table) {
    this.table = table;
  }

  @Setup
  public void setup() {
    key = KeyExtractor.of(table.key(), table.schema());
  }

  @ProcessElement
  public void process(@Element Change change, OutputReceiver<KV<Tuple, Change>> receiver) {
    receiver.output(KV.of(Objects.requireNonNull(key).group(change.row()), change));
  }
}
