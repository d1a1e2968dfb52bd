package dev.beamline.io.console;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.Ledger;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.format.ValueText;
import dev.beamline.transform.Change;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * A line a change: the table's name and the row as JSON; a minus sign stands before a row that is
 * withdrawn.
 */
public final class ConsoleSink implements SinkProvider {

  private final SinkTable table;

  public ConsoleSink(SinkTable table) {
    this.table = table;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public void check(Problems problems) {
    // Every value has a text.
  }

  @Override
  public void prepare() {
    // A terminal is always there.
  }

  @Override
  public void write(PCollection<Change> changes) {
    changes.apply("Print", ParDo.of(new PrintFn(table)));
  }

  @Override
  public void complete() {
    // All lines are printed as they come.
  }

  @Override
  public void abandon() {
    // What was printed was printed.
  }

  private static final class PrintFn extends DoFn<Change, Void> {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final Schema schema;
    private final Counter written;

    PrintFn(SinkTable table) {
      this.name = table.name();
      this.schema = table.schema();
      this.written = Ledger.counter(Ledger.WRITTEN, table.name());
    }

    @ProcessElement
    public void process(@Element Change change) {
      ConsoleLines.print(
          name
              + (change.withdrawn() ? " -" : " ")
              + ValueText.jsonObject(schema, change.row(), ValueText.Numbers.EXACT));
      if (!change.withdrawn()) {
        written.inc();
      }
    }
  }
}
