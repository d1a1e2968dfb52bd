package dev.beamline.io.files;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Type;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.KeyChangesFn;
import dev.beamline.io.SinkTable;
import dev.beamline.transform.Change;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.PCollection;

/** Of each key the change with the largest sequence, when all are there. */
final class NewestChanges extends PTransform<PCollection<Change>, PCollection<Change>> {

  private static final long serialVersionUID = 1L;

  private final transient SinkTable table;

  NewestChanges(SinkTable table) {
    this.table = table;
  }

  @Override
  public PCollection<Change> expand(PCollection<Change> changes) {
    List<Type> types = new ArrayList<>();
    for (int index : table.key()) {
      Column column = table.schema().column(index);
      types.add(column.type());
    }
    return changes
        .apply("Key", ParDo.of(new KeyChangesFn(table)))
        .setCoder(KvCoder.of(TupleCoder.of(types), changes.getCoder()))
        .apply("Max", Combine.perKey(new NewestFn()))
        .setCoder(KvCoder.of(TupleCoder.of(types), changes.getCoder()))
        .apply("Values", Values.create())
        .setCoder(changes.getCoder());
  }

  private static final class NewestFn extends Combine.BinaryCombineFn<Change> {
    private static final long serialVersionUID = 1L;

    @Override
    public Change apply(Change left, Change right) {
      return right.sequence() >= left.sequence() ? right : left;
    }
  }
}
