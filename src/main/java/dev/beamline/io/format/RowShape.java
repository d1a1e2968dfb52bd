package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.io.ScanRequest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which columns of a source are read.
 *
 * @param read the columns of the tuples that decoders give, in order
 * @param declared all columns of the source in its declared order: files without a header, and
 *     required columns that are not read, need them
 * @param filters a row that passes none of these may be left out; empty: every row is wanted
 */
public record RowShape(Schema read, Schema declared, List<ScanRequest.Filter> filters)
    implements Serializable {

  public RowShape {
    filters = List.copyOf(filters);
  }

  /** Every row is wanted. */
  public RowShape(Schema read, Schema declared) {
    this(read, declared, List.of());
  }

  /** Every declared column is read. */
  public static RowShape all(Schema declared) {
    return new RowShape(declared, declared);
  }

  /**
   * The columns that a scan reads, where a row without event time is no row.
   *
   * @param eventTime index of its column in {@code read}; -1: the source has none
   */
  public static RowShape ofScan(Schema read, int eventTime, Schema declared) {
    List<Column> columns = new ArrayList<>(read.columns());
    if (eventTime >= 0) {
      Column column = columns.get(eventTime);
      columns.set(eventTime, new Column(column.name(), column.type(), true, column.description()));
    }
    return new RowShape(new Schema(columns), declared);
  }

  /** The same where a row that passes none of the filters may be left out. */
  public RowShape withFilters(List<ScanRequest.Filter> wanted) {
    return new RowShape(read, declared, wanted);
  }

  /** Columns that must be there although nobody reads them. */
  List<String> requiredOnly() {
    List<String> names = new ArrayList<>();
    for (Column column : declared.columns()) {
      if (column.required() && read.indexOf(column.name()) < 0) {
        names.add(column.name());
      }
    }
    return names;
  }

  /** Whether NULL is refused: a column may be required where it is declared or where it is read. */
  boolean required(int index) {
    Column column = read.column(index);
    int at = declared.indexOf(column.name());
    return column.required() || (at >= 0 && declared.column(at).required());
  }
}
