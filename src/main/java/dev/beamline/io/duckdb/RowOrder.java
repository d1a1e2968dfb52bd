package dev.beamline.io.duckdb;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One key of the order in which rows are read.
 *
 * @param column its name
 * @param nullsFirst whether rows without a value come first, whatever the direction
 */
public record RowOrder(String column, boolean descending, boolean nullsFirst) {

  public RowOrder {
    Objects.requireNonNull(column, "column");
  }

  /** Least first, as BigQuery orders by default. */
  public static RowOrder ascending(String column) {
    return new RowOrder(column, false, true);
  }

  /** An ORDER BY list of DuckDB's. */
  static String sql(List<RowOrder> keys) {
    return keys.stream()
        .map(
            k ->
                DuckDbTypes.quote(k.column)
                    + (k.descending ? " DESC" : " ASC")
                    + (k.nullsFirst ? " NULLS FIRST" : " NULLS LAST"))
        .collect(Collectors.joining(", "));
  }
}
