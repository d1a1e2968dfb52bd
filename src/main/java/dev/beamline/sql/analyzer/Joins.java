package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds joins: finds the equal columns in conditions. */
final class Joins {

  private Joins() {}

  /** Two equal expressions, one of each side; the right's is over the right's own row. */
  record Pair(Expression left, Expression right) {}

  /**
   * Equalities and what remains of conditions over the left's columns and then the right's.
   *
   * @param rest over both rows, with the right's columns behind the left's
   */
  record Split(List<Pair> pairs, List<Expression> rest) {}

  static Split split(List<Expression> conjuncts, int leftSize) {
    List<Pair> pairs = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Expression conjunct : conjuncts) {
      Pair pair = pair(conjunct, leftSize);
      if (pair == null || !keyable(pair.left().type())) {
        rest.add(conjunct);
        continue;
      }
      pairs.add(pair);
      if (pair.left().type() instanceof StructType) {
        // Keys compare whole structs, with NULL fields equal; SQL does not.
        rest.add(conjunct);
      }
    }
    return new Split(pairs, rest);
  }

  private static boolean keyable(Type type) {
    return type instanceof StructType struct
        ? struct.fields().stream()
            .allMatch(f -> keyable(f.type()) && f.type() != ScalarType.FLOAT64)
        : type instanceof ScalarType && type != ScalarType.INTERVAL && type != ScalarType.JSON;
  }

  private static @Nullable Pair pair(Expression conjunct, int leftSize) {
    if (!(conjunct instanceof Expression.Call call) || !call.function().equals("EQ")) {
      return null;
    }
    Expression a = call.arguments().get(0);
    Expression b = call.arguments().get(1);
    if (isOf(a, 0, leftSize) && isOf(b, leftSize, Integer.MAX_VALUE)) {
      return new Pair(a, Expressions.shift(b, -leftSize));
    } else if (isOf(b, 0, leftSize) && isOf(a, leftSize, Integer.MAX_VALUE)) {
      return new Pair(b, Expressions.shift(a, -leftSize));
    }
    return null;
  }

  private static boolean isOf(Expression expression, int from, int to) {
    Set<Integer> columns = Expressions.columns(expression);
    return !columns.isEmpty()
        && columns.stream().allMatch(c -> c >= from && c < to)
        && !Expressions.readsOuter(expression);
  }

  /** A side of a join whose keys are all columns. */
  record Keyed(Plan plan, List<Integer> keys) {}

  /** The keys as columns, computed behind the others where they are none yet. */
  static Keyed keyed(Plan plan, List<Expression> keys) {
    List<Integer> indexes = new ArrayList<>();
    List<Expression> computed = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expression key : keys) {
      Expression exact = comparable(key);
      if (exact instanceof Expression.InputColumn column) {
        indexes.add(column.index());
        continue;
      }
      int known = -1;
      for (int i = 0; i < computed.size(); i++) {
        if (Expressions.same(computed.get(i), exact)) {
          known = i;
        }
      }
      if (known < 0) {
        known = computed.size();
        computed.add(exact);
        names.add("");
      }
      indexes.add(plan.schema().size() + known);
    }
    return new Keyed(Plans.append(plan, computed, names), indexes);
  }

  /** Numbers as keys: NaN equals nothing, 0.0 equals -0.0. */
  private static Expression comparable(Expression key) {
    if (key.type() != ScalarType.FLOAT64) {
      return key;
    }
    Place place = Place.ofFile("");
    return new Expression.Call(
        "CASE",
        List.of(
            new Expression.Call("EQ", List.of(key, key), ScalarType.BOOL, false, place),
            new Expression.Call(
                "ADD",
                List.of(key, new Expression.Literal(0.0, ScalarType.FLOAT64)),
                ScalarType.FLOAT64,
                false,
                place),
            new Expression.Literal(null, ScalarType.FLOAT64)),
        ScalarType.FLOAT64,
        false,
        place);
  }

  /**
   * Joins on the pairs and the rest of the conditions.
   *
   * @param rest over the left's columns and then the right's, as they are before keys are appended
   */
  static Plan.Join join(
      Plan left, Plan right, Plan.Join.Kind kind, List<Pair> pairs, List<Expression> rest) {
    Keyed l = keyed(left, pairs.stream().map(Pair::left).toList());
    Keyed r = keyed(right, pairs.stream().map(Pair::right).toList());
    int leftSize = left.schema().size();
    int moved = l.plan().schema().size() - leftSize;
    Expression condition = Expressions.shiftFrom(Expressions.and(rest), leftSize, moved);
    boolean onlyLeft =
        kind == Plan.Join.Kind.SEMI
            || kind == Plan.Join.Kind.ANTI
            || kind == Plan.Join.Kind.NULL_AWARE_ANTI;
    Schema schema =
        onlyLeft ? l.plan().schema() : Plans.concat(l.plan().schema(), r.plan().schema());
    return new Plan.Join(l.plan(), r.plan(), kind, l.keys(), r.keys(), condition, schema);
  }

  /**
   * Puts a condition on the rows of an inner join into the join, as a key where it can be one; null
   * where the plan is no inner join or the condition reads one side only.
   */
  static @Nullable Plan into(Plan plan, Expression conjunct) {
    if (!(plan instanceof Plan.Join join) || join.kind() != Plan.Join.Kind.INNER) {
      return null;
    }
    int leftSize = join.left().schema().size();
    Set<Integer> columns = Expressions.columns(conjunct);
    if (columns.isEmpty() || Expressions.readsOuter(conjunct)) {
      return null;
    }
    if (columns.stream().allMatch(c -> c < leftSize)) {
      Plan left = into(join.left(), conjunct);
      return left == null ? null : Plans.withInputs(join, List.of(left, join.right()));
    }
    if (columns.stream().allMatch(c -> c >= leftSize)) {
      return null;
    }
    Pair pair = pair(conjunct, leftSize);
    if (pair != null
        && pair.left() instanceof Expression.InputColumn l
        && pair.right() instanceof Expression.InputColumn r
        && pair.left().type() instanceof ScalarType type
        && type != ScalarType.FLOAT64
        && keyable(type)) {
      List<Integer> leftKeys = new ArrayList<>(join.leftKeys());
      List<Integer> rightKeys = new ArrayList<>(join.rightKeys());
      leftKeys.add(l.index());
      rightKeys.add(r.index());
      return new Plan.Join(
          join.left(),
          join.right(),
          join.kind(),
          leftKeys,
          rightKeys,
          join.condition(),
          join.schema());
    }
    List<Expression> conditions = new ArrayList<>(Expressions.conjuncts(join.condition()));
    conditions.add(conjunct);
    return new Plan.Join(
        join.left(),
        join.right(),
        join.kind(),
        join.leftKeys(),
        join.rightKeys(),
        Expressions.and(conditions),
        join.schema());
  }
}
