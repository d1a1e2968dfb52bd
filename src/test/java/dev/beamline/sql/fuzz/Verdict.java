package dev.beamline.sql.fuzz;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What comes of one query on both sides. */
record Verdict(Kind kind, String text) {

  enum Kind {
    AGREE,
    /** Both fail, or one does where whether a failing row is met depends on the order of work. */
    BOTH_FAIL,
    /** One fails for a number out of range, which the other never computes or holds. */
    OUT_OF_RANGE,
    /** DuckDB cannot run it. */
    NOT_THERE,
    DIFFER,
    REFUSED
  }

  /** Failures that depend on how wide an engine counts, or on whether it meets the row at all. */
  private static final Pattern RANGE =
      Pattern.compile(
          "(?i)out of range|overflow|too large|too big|division by zero|exceeds|more than one row");

  /** FLOAT64 may differ in the last digits: sums are made in another order. */
  private static final double TOLERANCE = 1e-9;

  static Verdict of(Engines.Answer ours, Engines.Answer theirs) {
    if (ours.rows() == null && !ours.atRunTime()) {
      return theirs.rows() == null
          ? new Verdict(Kind.BOTH_FAIL, "")
          : new Verdict(Kind.REFUSED, ours.error());
    }
    if (theirs.rows() == null) {
      return ours.rows() == null
          ? new Verdict(Kind.BOTH_FAIL, "")
          : RANGE.matcher(theirs.error()).find()
              ? new Verdict(Kind.OUT_OF_RANGE, theirs.error())
              : new Verdict(Kind.NOT_THERE, theirs.error());
    }
    if (ours.rows() == null) {
      return RANGE.matcher(ours.error()).find()
          ? new Verdict(Kind.OUT_OF_RANGE, ours.error())
          : new Verdict(Kind.DIFFER, "fails here: " + ours.error());
    }
    List<List<@Nullable Object>> left = new ArrayList<>();
    List<List<@Nullable Object>> right = new ArrayList<>(theirs.rows());
    for (List<@Nullable Object> row : ours.rows()) {
      if (!right.remove(row)) {
        left.add(row);
      }
    }
    left.removeIf(row -> removeClose(right, row));
    if (left.isEmpty() && right.isEmpty()) {
      return new Verdict(Kind.AGREE, "");
    }
    return new Verdict(Kind.DIFFER, "only here: " + first(left) + "\nonly there: " + first(right));
  }

  private static String first(List<List<@Nullable Object>> rows) {
    return rows.size()
        + " rows "
        + rows.stream().sorted(Comparator.comparing(List::toString)).limit(4).toList();
  }

  private static boolean removeClose(
      List<List<@Nullable Object>> rows, List<@Nullable Object> row) {
    for (int i = 0; i < rows.size(); i++) {
      if (close(rows.get(i), row)) {
        rows.remove(i);
        return true;
      }
    }
    return false;
  }

  private static boolean close(List<@Nullable Object> a, List<@Nullable Object> b) {
    for (int i = 0; i < a.size(); i++) {
      if (!close(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean close(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.equals(y)
          || Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.max(Math.abs(x), Math.abs(y)));
    }
    if (a instanceof Double x && b instanceof BigDecimal y) {
      return close(x, (Object) y.doubleValue());
    }
    if (a instanceof BigDecimal x && b instanceof Double y) {
      return close((Object) x.doubleValue(), y);
    }
    return Objects.equals(a, b);
  }
}
