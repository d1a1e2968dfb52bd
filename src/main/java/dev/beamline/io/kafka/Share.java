package dev.beamline.io.kafka;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which partitions of a topic a reader has: some of those that were there when the readers were
 * made, and of those that are added later each {@code of}-th.
 *
 * @param partitions of those that were there; empty: all are its own
 * @param known how many partitions there were
 * @param index of the reader among all
 * @param of how many readers there are; 0: it takes none that is added
 */
record Share(List<Integer> partitions, int known, int index, int of) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** All that there are and will be. */
  static final Share ALL = new Share(List.of(), 0, 0, 1);

  Share {
    partitions = new ArrayList<>(partitions);
  }

  /** Parts that have all of a topic together. */
  static List<Share> split(List<Integer> all, int desired) {
    int of = Math.max(1, Math.min(desired, all.size()));
    List<List<Integer>> parts = new ArrayList<>();
    for (int i = 0; i < of; i++) {
      parts.add(new ArrayList<>());
    }
    all.forEach(partition -> parts.get(partition % of).add(partition));
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < of; i++) {
      if (!parts.get(i).isEmpty()) {
        shares.add(new Share(parts.get(i), all.size(), i, of));
      }
    }
    return shares;
  }

  boolean has(int partition) {
    return partitions.contains(partition)
        || (of > 0 && partition >= known && partition % of == index);
  }
}
