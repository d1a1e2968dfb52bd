package dev.beamline.io.duckdb;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.SinkTable;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.List;

/** A process of its own that writes a row after the other into a warehouse until it is killed. */
public final class WarehouseWriterMain {

  static final Schema SCHEMA =
      Schema.of(Column.of("k", ScalarType.INT64), Column.of("v", ScalarType.INT64));

  private WarehouseWriterMain() {}

  static DuckDbTable table(String path, String start, String run) {
    return new DuckDbTable(
        path,
        new SinkTable("t", SCHEMA, List.of(0), null),
        DuckDbTable.Start.valueOf(start),
        run,
        true);
  }

  /** Arguments: path, start, run. Prints each value when it is on disk. */
  public static void main(String[] args) throws IOException {
    DuckDbTable table = table(args[0], args[1], args[2]);
    new DuckDbSink(table).prepare();
    System.out.println("prepared");
    for (long i = 0; ; i++) {
      Committer.of(args[0]).commit(table, List.of(new Change(Tuple.of(i % 10, i), false, i)));
      System.out.println(i);
    }
  }
}
