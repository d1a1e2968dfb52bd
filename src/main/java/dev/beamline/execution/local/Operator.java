package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A compiled plan. Each run starts anew; rows may be computed as they are asked for. */
@FunctionalInterface
interface Operator {

  Iterator<Tuple> run();

  /** All rows. */
  default List<Tuple> rows() {
    List<Tuple> rows = new ArrayList<>();
    run().forEachRemaining(rows::add);
    return rows;
  }
}
