package dev.beamline.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints lines of cells in columns: the first to the left, the others to the right. */
final class Columns {

  private Columns() {}

  static void print(List<String[]> lines, PrintWriter out) {
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder(line[0]);
      text.append(" ".repeat(widths[0] - line[0].length()));
      for (int i = 1; i < line.length; i++) {
        text.append("  ").append(" ".repeat(widths[i] - line[i].length())).append(line[i]);
      }
      out.println(text);
    }
  }
}
