package dev.beamline.cli;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.ValueText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Rows as a table that fits the width: long texts are cut, numbers stand right. */
final class TextTable {

  /** Columns that are narrower than this are never cut. */
  private static final int LEAST = 8;

  private static final Set<ScalarType> NUMBERS =
      Set.of(ScalarType.INT64, ScalarType.FLOAT64, ScalarType.NUMERIC, ScalarType.BIGNUMERIC);

  private TextTable() {}

  /**
   * Prints a head, a rule and the rows.
   *
   * @param width in characters; 0: no limit
   */
  static void print(Schema schema, List<Tuple> rows, int width, PrintWriter out) {
    int columns = schema.size();
    List<String[]> lines = new ArrayList<>();
    lines.add(schema.names().toArray(String[]::new));
    for (Tuple row : rows) {
      String[] cells = new String[columns];
      for (int i = 0; i < columns; i++) {
        cells[i] = oneLine(ValueText.text(schema.type(i), row.get(i)));
      }
      lines.add(cells);
    }
    int[] widths = new int[columns];
    for (String[] line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], length(line[i]));
      }
    }
    fit(widths, width);
    for (int l = 0; l < lines.size(); l++) {
      out.println(line(lines.get(l), widths, schema));
      if (l == 0) {
        String[] rule = new String[columns];
        for (int i = 0; i < columns; i++) {
          rule[i] = "─".repeat(widths[i]);
        }
        out.println(line(rule, widths, schema));
      }
    }
  }

  private static String line(String[] cells, int[] widths, Schema schema) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = cut(cells[i], widths[i]);
      String pad = " ".repeat(widths[i] - length(cell));
      boolean right = schema.type(i) instanceof ScalarType type && NUMBERS.contains(type);
      line.append(i == 0 ? "" : "  ").append(right ? pad + cell : cell + pad);
    }
    return line.toString().stripTrailing();
  }

  /** Takes from the widest columns until all fit. */
  private static void fit(int[] widths, int width) {
    if (width <= 0) {
      return;
    }
    int total = Arrays.stream(widths).sum() + 2 * (widths.length - 1);
    while (total > width) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        if (widths[i] > widths[widest]) {
          widest = i;
        }
      }
      if (widths.length == 0 || widths[widest] <= LEAST) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  private static String cut(String text, int width) {
    if (length(text) <= width) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String oneLine(String text) {
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }
}
