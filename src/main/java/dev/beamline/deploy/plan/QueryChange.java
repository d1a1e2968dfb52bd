package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.TimeRange;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a query.
 *
 * @param renamedFrom the name it has where it is deployed; null: the same
 * @param reasons the gravest first; empty: unchanged
 * @param backfill what its table lacks or has from other SQL; null: nothing
 * @param readers queries of the project that read it
 * @param sqlBefore null: not deployed
 * @param sqlAfter null: no longer there
 */
public record QueryChange(
    String name,
    Kind kind,
    @Nullable String renamedFrom,
    List<Reason> reasons,
    @Nullable TimeRange backfill,
    List<String> readers,
    @Nullable String sqlBefore,
    @Nullable String sqlAfter) {

  /** Whether it comes, changes, goes or stays. */
  public enum Kind {
    NEW,
    CHANGED,
    REMOVED,
    UNCHANGED
  }

  public QueryChange {
    reasons = reasons.stream().sorted((a, b) -> b.mark().compareTo(a.mark())).toList();
    readers = List.copyOf(readers);
  }

  public boolean has(Mark mark) {
    return reasons.stream().anyMatch(r -> r.mark() == mark)
        || (mark == Mark.BACKFILL && backfill != null);
  }

  /** All marks, the gravest first. */
  public List<Mark> marks() {
    TreeSet<Mark> marks = new TreeSet<>(java.util.Comparator.reverseOrder());
    for (Mark mark : Mark.values()) {
      if (has(mark)) {
        marks.add(mark);
      }
    }
    if (marks.contains(Mark.RESTART)) {
      marks.remove(Mark.IN_PLACE);
    }
    return List.copyOf(marks);
  }

  /** What is different, each once, in the order of the reasons. */
  public List<Aspect> aspects() {
    return reasons.stream().map(Reason::aspect).distinct().toList();
  }
}
