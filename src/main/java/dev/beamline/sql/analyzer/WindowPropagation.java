package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the window of pipelines.yaml into a plan whose SQL names none: rows are assigned to windows
 * where they are read, and groups, joins, partitions, limits and set operations are of one window
 * from there on.
 *
 * <pre>
 * before: Aggregate by [team]            after: Calc [team, total, window_start, window_end]
 *           Scan events                           Aggregate by [team, window_start, window_end]
 *                                                   AssignWindows TUMBLE(event_time, 1h)
 *                                                     Scan events
 * </pre>
 *
 * Sessions belong to the group: they are assigned below the first grouping, by its keys.
 */
final class WindowPropagation {

  private final Compilation compilation;
  private final WindowSpec window;
  private final Place place;

  /**
   * @param place where pipelines.yaml gives the window
   */
  WindowPropagation(Compilation compilation, WindowSpec window, Place place) {
    this.compilation = compilation;
    this.window = window;
    this.place = place;
  }

  /** What stands behind a plan's own columns. */
  private enum Behind {
    NOTHING,
    /** The event time, for sessions. */
    TIME,
    /** The window's start and end. */
    WINDOW
  }

  private record Carried(Plan plan, Behind behind) {}

  /** The plan with the window's start and end behind its columns, or as it is where it fails. */
  Plan apply(Plan plan) {
    Carried carried = carry(plan);
    if (carried == null) {
      return plan;
    }
    if (carried.behind() == Behind.TIME) {
      refuse(
          plan,
          "windowing of type sessions needs GROUP BY",
          "group the rows, or set another type of windowing");
    } else if (carried.behind() == Behind.NOTHING && !PlanTraits.of(plan).bounded()) {
      refuse(
          plan, "the rows have no event time to put into windows", "set event_time of the source");
    }
    return carried.plan();
  }

  private @Nullable Carried refuse(Plan plan, String message, String hint) {
    Place at = compilation.place(plan);
    compilation.error(
        DiagnosticCode.WINDOW_INVALID,
        at == null ? place : at,
        message + " (the window is set at " + place + ")",
        hint);
    return null;
  }

  private boolean session() {
    return window instanceof WindowSpec.Session;
  }

  /** The same plan with more behind it; null where it is refused. */
  private @Nullable Carried carry(Plan plan) {
    if (plan instanceof Plan.Scan || plan instanceof Plan.QueryResult) {
      return source(plan);
    } else if (plan instanceof Plan.ConstantRows) {
      return new Carried(plan, Behind.NOTHING);
    } else if (plan instanceof Plan.Join join) {
      return join(join);
    } else if (plan instanceof Plan.Union || plan instanceof Plan.SetOperation) {
      return set(plan);
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      return scalar(scalar);
    }
    Carried input = carry(plan.inputs().get(0));
    if (input == null) {
      return null;
    } else if (input.behind() == Behind.NOTHING) {
      return new Carried(
          keepPlace(plan, Plans.withInputs(plan, List.of(input.plan()))), Behind.NOTHING);
    }
    return unary(plan, input);
  }

  private <P extends Plan> P keepPlace(Plan old, P replaced) {
    Place at = compilation.place(old);
    return at == null ? replaced : compilation.at(replaced, at);
  }

  private @Nullable Carried source(Plan plan) {
    PlanTraits traits = PlanTraits.of(plan);
    int time = -1;
    if (traits.windowed()) {
      boolean nests = traits.window() != null && WindowFunctions.nests(traits.window(), window);
      time = (nests ? traits.starts() : traits.ends()).iterator().next();
    } else if (!traits.eventTime().isEmpty()) {
      time = traits.eventTime().iterator().next();
    }
    if (time < 0) {
      return traits.bounded()
          ? new Carried(plan, Behind.NOTHING)
          : refuse(plan, "this stream has no event time", "set event_time of the source");
    }
    if (session()) {
      return new Carried(
          Plans.append(plan, List.of(Plans.column(plan, time)), List.of("")), Behind.TIME);
    }
    return new Carried(
        keepPlace(plan, Plans.assign(plan, window, time, List.of(), ScalarType.TIMESTAMP)),
        Behind.WINDOW);
  }

  private static int width(Behind behind) {
    return switch (behind) {
      case NOTHING -> 0;
      case TIME -> 1;
      case WINDOW -> 2;
    };
  }

  private static List<Column> columns(Behind behind) {
    return switch (behind) {
      case NOTHING -> List.of();
      case TIME -> List.of(Column.of("", ScalarType.TIMESTAMP));
      case WINDOW ->
          List.of(
              Column.of("window_start", ScalarType.TIMESTAMP),
              Column.of("window_end", ScalarType.TIMESTAMP));
    };
  }

  private @Nullable Carried unary(Plan plan, Carried input) {
    int size = plan.inputs().get(0).schema().size();
    Plan below = input.plan();
    Behind behind = input.behind();
    if (plan instanceof Plan.Calc calc) {
      List<Expression> projections = new ArrayList<>(calc.projections());
      for (int i = 0; i < width(behind); i++) {
        projections.add(Plans.column(below, size + i));
      }
      return new Carried(
          keepPlace(
              plan,
              new Plan.Calc(
                  below,
                  calc.condition(),
                  projections,
                  Plans.plus(calc.schema(), columns(behind)))),
          behind);
    } else if (plan instanceof Plan.Unnest unnest) {
      return unnest(unnest, below, size, behind);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate, below, size, behind);
    } else if (behind == Behind.TIME) {
      return refuse(
          plan,
          "windowing of type sessions is not supported below OVER and LIMIT",
          "group the rows first");
    } else if (plan instanceof Plan.Analytic analytic) {
      List<Expression> partition = new ArrayList<>(analytic.partitionBy());
      partition.add(Plans.column(below, size));
      partition.add(Plans.column(below, size + 1));
      List<Column> added = analytic.schema().columns().subList(size, analytic.schema().size());
      Plan made =
          keepPlace(
              plan,
              new Plan.Analytic(
                  below,
                  partition,
                  analytic.orderBy(),
                  analytic.calls(),
                  Plans.plus(below.schema(), added)));
      return new Carried(moveBack(made, size, 2), Behind.WINDOW);
    } else if (plan instanceof Plan.Limit limit) {
      List<Integer> partition = new ArrayList<>(limit.partitionBy());
      partition.add(size);
      partition.add(size + 1);
      return new Carried(
          keepPlace(
              plan,
              new Plan.Limit(below, partition, limit.orderBy(), limit.limit(), limit.offset())),
          Behind.WINDOW);
    }
    return new Carried(keepPlace(plan, Plans.withInputs(plan, List.of(below))), behind);
  }

  /** Moves columns to the end. */
  private static Plan moveBack(Plan plan, int from, int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < plan.schema().size(); i++) {
      if (i < from || i >= from + count) {
        order.add(i);
      }
    }
    IntStream.range(from, from + count).forEach(order::add);
    return Plans.select(plan, order);
  }

  private Carried unnest(Plan.Unnest unnest, Plan below, int size, Behind behind) {
    int width = width(behind);
    List<Column> added = unnest.schema().columns().subList(size, unnest.schema().size());
    Plan made =
        new Plan.Unnest(
            below,
            unnest.array(),
            unnest.outer(),
            unnest.withOffset(),
            Expressions.shiftFrom(unnest.condition(), size, width),
            Plans.plus(below.schema(), added));
    return new Carried(moveBack(made, size, width), behind);
  }

  private Carried aggregate(Plan.Aggregate aggregate, Plan input, int size, Behind behind) {
    Plan below = input;
    int start = size;
    if (behind == Behind.TIME) {
      below =
          keepPlace(
              aggregate, Plans.assign(input, window, size, aggregate.keys(), ScalarType.TIMESTAMP));
      start = size + 1;
    }
    List<Integer> keys = new ArrayList<>(aggregate.keys());
    int first = keys.size();
    keys.add(start);
    keys.add(start + 1);
    List<List<Integer>> sets = new ArrayList<>();
    for (List<Integer> set : aggregate.groupingSets()) {
      List<Integer> more = new ArrayList<>(set);
      more.add(first);
      more.add(first + 1);
      sets.add(more);
    }
    List<Column> schema = new ArrayList<>(aggregate.schema().columns());
    schema.addAll(first, columns(Behind.WINDOW));
    Plan made =
        keepPlace(
            aggregate,
            new Plan.Aggregate(below, keys, sets, aggregate.calls(), new Schema(schema)));
    return new Carried(moveBack(made, first, 2), Behind.WINDOW);
  }

  private @Nullable Carried scalar(Plan.ScalarSubquery scalar) {
    Carried input = carry(scalar.input());
    Carried subquery = carry(scalar.subquery());
    if (input == null || subquery == null) {
      return null;
    } else if (subquery.behind() != Behind.NOTHING) {
      return refuse(
          scalar,
          "a subquery over rows that are in windows has a value in each window",
          "write windows in the SQL, and join on window_start and window_end");
    }
    Plan made =
        keepPlace(
            scalar,
            new Plan.ScalarSubquery(
                input.plan(),
                subquery.plan(),
                Plans.plus(
                    input.plan().schema(),
                    List.of(scalar.schema().column(scalar.schema().size() - 1))),
                scalar.place()));
    int size = scalar.input().schema().size();
    return new Carried(moveBack(made, size, width(input.behind())), input.behind());
  }

  private @Nullable Carried set(Plan plan) {
    List<Carried> inputs = new ArrayList<>();
    for (Plan input : plan.inputs()) {
      Carried carried = carry(input);
      if (carried == null) {
        return null;
      }
      inputs.add(carried);
    }
    Behind behind = inputs.get(0).behind();
    if (inputs.stream().anyMatch(i -> i.behind() != behind)
        || (behind == Behind.TIME && !(plan instanceof Plan.Union))) {
      return refuse(
          plan,
          "rows in windows cannot be put together with rows that are in none",
          "give each source an event time, or write windows in the SQL");
    }
    List<Plan> plans = inputs.stream().map(Carried::plan).toList();
    Schema schema = Plans.plus(plan.schema(), columns(behind));
    Plan made =
        plan instanceof Plan.SetOperation set
            ? new Plan.SetOperation(plans.get(0), plans.get(1), set.except(), set.all(), schema)
            : new Plan.Union(plans, schema);
    return new Carried(keepPlace(plan, made), behind);
  }

  private @Nullable Carried join(Plan.Join join) {
    Carried left = carry(join.left());
    Carried right = carry(join.right());
    if (left == null || right == null) {
      return null;
    }
    Plan.Join.Kind kind = join.kind();
    boolean onlyLeft =
        kind == Plan.Join.Kind.SEMI
            || kind == Plan.Join.Kind.ANTI
            || kind == Plan.Join.Kind.NULL_AWARE_ANTI;
    boolean l = left.behind() != Behind.NOTHING;
    boolean r = right.behind() != Behind.NOTHING;
    boolean keepsLeft = kind != Plan.Join.Kind.RIGHT && kind != Plan.Join.Kind.FULL;
    boolean keepsRight = kind == Plan.Join.Kind.INNER || kind == Plan.Join.Kind.RIGHT;
    if (l && r && (session() || kind == Plan.Join.Kind.NULL_AWARE_ANTI)) {
      return session()
          ? refuse(
              join,
              "windowing of type sessions is not supported for a join of two streams",
              "write SESSION in the SQL of each side, or an interval join")
          : refuse(
              join,
              "NOT IN a subquery over rows that are in windows is not supported",
              "write NOT EXISTS");
    } else if ((l && !r && !keepsLeft) || (r && !l && !keepsRight)) {
      return refuse(
          join,
          "rows of a table that find no partner in the stream are in no window",
          "write the stream on the left of LEFT JOIN, or INNER JOIN");
    }
    int leftSize = join.left().schema().size();
    int leftWidth = width(left.behind());
    List<Integer> leftKeys = new ArrayList<>(join.leftKeys());
    List<Integer> rightKeys = new ArrayList<>(join.rightKeys());
    int rightSize = join.right().schema().size();
    if (l && r) {
      for (int i = 0; i < 2; i++) {
        leftKeys.add(leftSize + i);
        rightKeys.add(rightSize + i);
      }
    }
    Plan.Join made =
        new Plan.Join(
            left.plan(),
            right.plan(),
            kind,
            leftKeys,
            rightKeys,
            Expressions.shiftFrom(join.condition(), leftSize, leftWidth),
            onlyLeft
                ? left.plan().schema()
                : Plans.concat(left.plan().schema(), right.plan().schema()));
    keepPlace(join, made);
    if (onlyLeft) {
      return new Carried(made, left.behind());
    }
    return new Carried(
        windowBehind(made, kind, leftSize, leftWidth, rightSize, l, r),
        l ? left.behind() : right.behind());
  }

  /** The left's and the right's own columns, then what they carry. */
  private Plan windowBehind(
      Plan.Join join,
      Plan.Join.Kind kind,
      int leftSize,
      int leftWidth,
      int rightSize,
      boolean left,
      boolean right) {
    if (!left && !right) {
      return join;
    }
    List<Expression> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int rightFrom = leftSize + leftWidth;
    IntStream.concat(
            IntStream.range(0, leftSize), IntStream.range(rightFrom, rightFrom + rightSize))
        .forEach(
            i -> {
              columns.add(Plans.column(join, i));
              names.add(join.schema().name(i));
            });
    int width = left ? leftWidth : join.schema().size() - rightFrom - rightSize;
    List<Column> carried = columns(width == 2 ? Behind.WINDOW : Behind.TIME);
    for (int i = 0; i < width; i++) {
      Expression ofLeft = left ? Plans.column(join, leftSize + i) : null;
      Expression ofRight = right ? Plans.column(join, rightFrom + rightSize + i) : null;
      Expression value =
          ofLeft != null && ofRight != null && kind == Plan.Join.Kind.FULL
              ? new Expression.Call(
                  "COALESCE", List.of(ofLeft, ofRight), ScalarType.TIMESTAMP, false, place)
              : ofLeft != null && (ofRight == null || kind != Plan.Join.Kind.RIGHT)
                  ? ofLeft
                  : ofRight;
      columns.add(java.util.Objects.requireNonNull(value));
      names.add(carried.get(i).name());
    }
    return Plans.project(join, columns, names);
  }
}
