package dev.beamline.execution.kernel;

import dev.beamline.execution.row.RowOrder;
import dev.beamline.execution.row.RowOrder.Keyed;
import java.util.List;

/** Which rows of a sorted partition are equal in the order. */
final class Peers {

  private final int[] first;
  private final int[] end;
  private final int[] group;

  Peers(RowOrder order, List<Keyed> rows) {
    int n = rows.size();
    first = new int[n];
    end = new int[n];
    group = new int[n];
    int start = 0;
    int number = 0;
    for (int i = 1; i <= n; i++) {
      if (i == n || order.compare(rows.get(i - 1).keys(), rows.get(i).keys()) != 0) {
        for (int j = start; j < i; j++) {
          first[j] = start;
          end[j] = i;
          group[j] = number;
        }
        start = i;
        number++;
      }
    }
  }

  /** The first row that is equal to this one. */
  int first(int row) {
    return first[row];
  }

  /** The row after the last that is equal to this one. */
  int end(int row) {
    return end[row];
  }

  /** How many groups of equal rows come before this row's. */
  int group(int row) {
    return group[row];
  }
}
