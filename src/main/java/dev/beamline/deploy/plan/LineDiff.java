package dev.beamline.deploy.plan;

import java.util.ArrayList;
import java.util.List;

/** The lines of two texts that are not in the other, in order: {@code - old}, {@code + new}. */
final class LineDiff {

  /** Beyond so many lines in both, texts are shown whole. */
  private static final int MOST = 2000;

  private LineDiff() {}

  static List<String> of(String before, String after) {
    List<String> a = before.strip().lines().toList();
    List<String> b = after.strip().lines().toList();
    if (a.size() + b.size() > MOST) {
      return List.of();
    }
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + a.get(i++));
      } else {
        lines.add("+ " + b.get(j++));
      }
    }
    return lines;
  }
}
