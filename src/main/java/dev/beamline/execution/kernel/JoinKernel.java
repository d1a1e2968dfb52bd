package dev.beamline.execution.kernel;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.Equality;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plan.Join.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins two sets of rows by hashing the right one. Keys with a NULL or NaN equal nothing. A pair on
 * which the condition fails goes to the errors and counts as no match.
 */
public final class JoinKernel {

  private final Plan.Join plan;
  private final KeyExtractor leftKeys;
  private final KeyExtractor rightKeys;
  private final @Nullable Evaluator condition;
  private final List<Equality> equalities;
  private final RowErrors errors;
  private final Tuple leftNulls;
  private final Tuple rightNulls;

  public JoinKernel(Plan.Join plan, Function<Expression, Evaluator> compiler, RowErrors errors) {
    this.plan = plan;
    this.errors = errors;
    Schema left = plan.left().schema();
    Schema right = plan.right().schema();
    this.leftKeys = KeyExtractor.of(plan.leftKeys(), left);
    this.rightKeys = KeyExtractor.of(plan.rightKeys(), right);
    Expression expression = plan.condition();
    this.condition = expression == null ? null : compiler.apply(expression);
    this.equalities = plan.leftKeys().stream().map(k -> Equality.of(left.type(k))).toList();
    this.leftNulls = RowBuilder.nulls(left.size());
    this.rightNulls = RowBuilder.nulls(right.size());
  }

  /** Puts the right's rows into a table, to be joined with any number of left rows. */
  public Table build(Iterable<Tuple> right) {
    return new Table(right);
  }

  /** Joins all rows of both. */
  public void join(Iterable<Tuple> left, Iterable<Tuple> right, Consumer<Tuple> out) {
    Table table = build(right);
    for (Tuple row : left) {
      table.join(row, out);
    }
    table.finish(out);
  }

  private boolean matches(Tuple pair) {
    if (condition == null) {
      return true;
    }
    try {
      return Boolean.TRUE.equals(condition.evaluate(pair));
    } catch (EvaluationException e) {
      errors.failed(pair, e);
      return false;
    }
  }

  /** The right's rows by their keys. */
  public final class Table {
    private final List<Tuple> rows = new ArrayList<>();
    private final Map<Tuple, List<Entry>> byKey = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private boolean nullKeys;

    private Table(Iterable<Tuple> right) {
      for (Tuple row : right) {
        Entry entry = new Entry(row);
        rows.add(row);
        entries.add(entry);
        Tuple key = rightKeys.join(row);
        if (key != null) {
          byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(entry);
        } else {
          nullKeys = true;
        }
      }
    }

    /** Joins one left row. */
    public void join(Tuple left, Consumer<Tuple> out) {
      switch (plan.kind()) {
        case INNER, RIGHT -> pairs(left, out);
        case LEFT, FULL -> {
          if (!pairs(left, out)) {
            out.accept(RowBuilder.concat(left, rightNulls));
          }
        }
        case SEMI -> {
          if (hasMatch(left)) {
            out.accept(left);
          }
        }
        case ANTI -> {
          if (!hasMatch(left)) {
            out.accept(left);
          }
        }
        case NULL_AWARE_ANTI -> {
          if (isCertainlyNotIn(left)) {
            out.accept(left);
          }
        }
      }
    }

    /** After all left rows: the right's rows that had no partner, where the kind keeps them. */
    public void finish(Consumer<Tuple> out) {
      if (plan.kind() == Kind.RIGHT || plan.kind() == Kind.FULL) {
        for (Entry entry : entries) {
          if (!entry.matched) {
            out.accept(RowBuilder.concat(leftNulls, entry.row));
          }
        }
      }
    }

    private List<Entry> candidates(Tuple left) {
      Tuple key = leftKeys.join(left);
      return key == null ? List.of() : byKey.getOrDefault(key, List.of());
    }

    private boolean pairs(Tuple left, Consumer<Tuple> out) {
      boolean any = false;
      for (Entry entry : candidates(left)) {
        Tuple pair = RowBuilder.concat(left, entry.row);
        if (matches(pair)) {
          entry.matched = true;
          any = true;
          out.accept(pair);
        }
      }
      return any;
    }

    private boolean hasMatch(Tuple left) {
      List<Entry> candidates = candidates(left);
      if (condition == null) {
        return !candidates.isEmpty();
      }
      for (Entry entry : candidates) {
        if (matches(RowBuilder.concat(left, entry.row))) {
          return true;
        }
      }
      return false;
    }

    /** NOT IN: whether it is known that no row of the right, of those it is about, is equal. */
    private boolean isCertainlyNotIn(Tuple left) {
      if (rows.isEmpty()) {
        return true;
      }
      if (condition == null && leftKeys.join(left) != null && !nullKeys) {
        return candidates(left).isEmpty();
      }
      for (Tuple right : rows) {
        if (mayEqual(left, right) && matches(RowBuilder.concat(left, right))) {
          return false;
        }
      }
      return true;
    }

    /** Whether the keys are equal or it is not known. */
    private boolean mayEqual(Tuple left, Tuple right) {
      for (int i = 0; i < equalities.size(); i++) {
        Boolean equal =
            equalities
                .get(i)
                .test(left.get(plan.leftKeys().get(i)), right.get(plan.rightKeys().get(i)));
        if (equal != null && !equal) {
          return false;
        }
      }
      return true;
    }
  }

  /** A row of the right and whether it had a partner. */
  private static final class Entry {
    private final Tuple row;
    private boolean matched;

    Entry(Tuple row) {
      this.row = row;
    }
  }
}
