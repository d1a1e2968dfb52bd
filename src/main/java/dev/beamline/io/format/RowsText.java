package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows as the command line prints them. */
public final class RowsText {

  private RowsText() {}

  /** A table for people; ends with a line break. */
  public static String table(Schema schema, List<Tuple> rows) {
    return TextTable.of(schema, rows);
  }

  /**
   * The same, made to fit.
   *
   * @param width in characters; 0: no limit
   */
  public static String table(Schema schema, List<Tuple> rows, int width) {
    return TextTable.of(schema, rows, width);
  }

  /** CSV with a header; ends with a line break. */
  public static String csv(Schema schema, List<Tuple> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RecordWriter writer = RecordWriters.open(FileFormat.CSV, schema, bytes)) {
      for (Tuple row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** {@code [[1,"a"],[2,null]]}: numbers with all their digits. */
  public static String jsonRows(Schema schema, List<Tuple> rows) {
    StringBuilder out = new StringBuilder("[");
    for (int r = 0; r < rows.size(); r++) {
      out.append(r == 0 ? "[" : ",[");
      for (int i = 0; i < schema.size(); i++) {
        Column column = schema.column(i);
        out.append(i == 0 ? "" : ",")
            .append(ValueText.json(column.type(), rows.get(r).get(i), ValueText.Numbers.EXACT));
      }
      out.append(']');
    }
    return out.append(']').toString();
  }
}
