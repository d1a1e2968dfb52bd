package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.Plan;
import java.util.List;
import java.util.Map;

/** Where the rows of scans come from. */
@FunctionalInterface
public interface SourceRows {

  /** No sources at all: for subqueries inside a row. */
  SourceRows NONE =
      scan -> {
        throw new IllegalArgumentException("no rows of source " + scan.source());
      };

  /** The rows of a scan, their values in the order of its schema. */
  Iterable<Tuple> rows(Plan.Scan scan);

  /** Rows that are there already, by the source's name, in the order of each scan's schema. */
  static SourceRows of(Map<String, List<Tuple>> rows) {
    return scan -> {
      List<Tuple> found = rows.get(scan.source());
      if (found == null) {
        throw new IllegalArgumentException("no rows of source " + scan.source());
      }
      return found;
    };
  }
}
