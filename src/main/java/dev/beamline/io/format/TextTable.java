package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DisplayWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows as a table for a terminal: numbers to the right, everything else to the left. */
public final class TextTable {

  private static final int WIDEST_CELL = 60;

  /** Columns are never made narrower. */
  private static final int LEAST = 6;

  private TextTable() {}

  /** As wide as its cells. Ends with a line break. */
  public static String of(Schema schema, List<Tuple> rows) {
    return of(schema, rows, 0);
  }

  /**
   * A table that fits: the widest columns give way first, down to a least width.
   *
   * @param width in characters; 0: no limit
   */
  public static String of(Schema schema, List<Tuple> rows, int width) {
    int size = schema.size();
    int[] widths = new int[size];
    List<String[]> lines = new ArrayList<>();
    String[] header = schema.columns().stream().map(c -> cell(c.name())).toArray(String[]::new);
    lines.add(header);
    for (Tuple row : rows) {
      String[] line = new String[size];
      for (int i = 0; i < size; i++) {
        line[i] = cell(ValueText.text(schema.type(i), row.get(i)));
      }
      lines.add(line);
    }
    for (String[] line : lines) {
      for (int i = 0; i < size; i++) {
        widths[i] = Math.max(widths[i], DisplayWidth.of(line[i]));
      }
    }
    fit(widths, width);
    StringBuilder out = new StringBuilder();
    rule(out, widths);
    for (int n = 0; n < lines.size(); n++) {
      for (int i = 0; i < size; i++) {
        Column column = schema.column(i);
        String text = cut(lines.get(n)[i], widths[i]);
        String padding = " ".repeat(widths[i] - DisplayWidth.of(text));
        boolean right = n > 0 && isNumber(column.type());
        out.append("| ").append(right ? padding + text : text + padding).append(' ');
      }
      out.append("|\n");
      if (n == 0) {
        rule(out, widths);
      }
    }
    rule(out, widths);
    return out.toString();
  }

  private static void fit(int[] widths, int width) {
    if (width <= 0) {
      return;
    }
    int total = Arrays.stream(widths).sum() + 3 * widths.length + 1;
    while (total > width) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths.length == 0 || widths[widest] <= LEAST) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  private static String cut(String text, int width) {
    if (DisplayWidth.of(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      String shown = Character.toString(text.codePointAt(i));
      if (DisplayWidth.of(kept + shown) >= width) {
        break;
      }
      kept.append(shown);
      i += shown.length();
    }
    return kept.append('…').toString();
  }

  private static boolean isNumber(Type type) {
    return type == ScalarType.INT64
        || type == ScalarType.FLOAT64
        || type == ScalarType.NUMERIC
        || type == ScalarType.BIGNUMERIC;
  }

  private static void rule(StringBuilder out, int[] widths) {
    for (int width : widths) {
      out.append('+').append("-".repeat(width + 2));
    }
    out.append("+\n");
  }

  /** One line, without what a terminal would obey. */
  private static String cell(String text) {
    StringBuilder cell = new StringBuilder();
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      String shown =
          switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                Character.isISOControl(c) || c == 0x2028 || c == 0x2029
                    ? String.format(java.util.Locale.ROOT, "\\u%04x", c)
                    : Character.toString(c);
          };
      width += DisplayWidth.of(shown);
      if (width > WIDEST_CELL) {
        return cell.append('…').toString();
      }
      cell.append(shown);
    }
    return cell.toString();
  }
}
